// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.table.FlowModException;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import io.makas.flow.text.MeterText;

/** What a switch can be told, in the order in which it must be: flows refer to groups and meters. */
enum EntryKind {
    METER("meters") {
        @Override
        PipelineMod parse(String text) throws FlowTextException {
            return MeterText.parse(text);
        }

        @Override
        boolean goesOnWith(String line) {
            return line.stripLeading().startsWith("type=");
        }
    },
    GROUP("groups") {
        @Override
        PipelineMod parse(String text) throws FlowTextException {
            return GroupText.parse(text);
        }
    },
    FLOW("flows") {
        @Override
        PipelineMod parse(String text) throws FlowTextException {
            return FlowText.parse(text);
        }
    };

    private final String member;

    EntryKind(String member) {
        this.member = member;
    }

    /** The name of the member of a case that has a list of them. */
    String member() {
        return member;
    }

    /** Reads one. */
    abstract PipelineMod parse(String text) throws FlowTextException;

    /** Whether a line of a file belongs to the entry before it: bands of a meter may stand on lines of their own. */
    boolean goesOnWith(String line) {
        return false;
    }

    /** A message that says what was expected, too. */
    String withExpectation(String message) {
        String one = member.substring(0, member.length() - 1);
        return message.contains("expected") ? message : message + " (a " + one + " that the switch takes was expected)";
    }

    /** Where in an entry the part stands that the switch refused, from 1. */
    static int columnOf(FlowModException.Kind kind, String text) {
        int start = 0;
        while (start < text.length() && text.charAt(start) <= ' ') {
            start++;
        }
        String part = switch (kind) {
            case TABLE_FULL, OUT_OF_GROUPS, OUT_OF_METERS -> "";
            case BAD_TABLE_ID -> "table=";
            case BAD_PRIORITY -> "priority=";
            case BAD_TIMEOUT -> "_timeout=";
            case OVERLAP -> "check_overlap";
            case BAD_GOTO_TABLE -> "goto_table";
            case GROUP_EXISTS, UNKNOWN_GROUP, INVALID_GROUP, GROUP_LOOP, CHAIN_TOO_LONG, CHAINED_GROUP -> "group";
            case METER_EXISTS, UNKNOWN_METER, INVALID_METER -> "meter";
            case WATCH_UNSUPPORTED, BAD_WATCH -> "watch_";
            case OUT_OF_BUCKETS, BAD_BUCKET -> "bucket";
            case BAD_METER_RATE -> "rate";
            case BAD_METER_BURST -> "burst_size";
            case BAD_METER_BAND, OUT_OF_BANDS -> "band";
            default -> "actions=";
        };
        return Math.max(text.indexOf(part), start) + 1;
    }
}
