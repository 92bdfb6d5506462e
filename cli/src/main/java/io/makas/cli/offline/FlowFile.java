// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.util.ArrayList;
import java.util.List;

/** A file of flows, one a line, in the syntax of {@code ovs-ofctl}. */
final class FlowFile {

    private record Line(int number, String text) {}

    private FlowFile() {}

    /** Reads a file and adds its flows, in order, all or none. */
    static void load(String path, Pipeline pipeline) throws InputException {
        List<FlowMod> mods = new ArrayList<>();
        List<Line> lines = new ArrayList<>();
        try (TextInput input = TextInput.open(path, () -> {})) {
            for (String line = input.nextLine(); line != null; line = input.nextLine()) {
                int comment = line.indexOf('#');
                String flow = comment < 0 ? line : line.substring(0, comment);
                if (flow.isBlank()) {
                    continue;
                }
                try {
                    mods.add(FlowText.parse(flow));
                    lines.add(new Line(input.line(), flow));
                } catch (FlowTextException e) {
                    throw input.error(e.column(), withExpectation(e.getMessage()));
                }
            }
        }
        try {
            pipeline.apply(mods);
        } catch (FlowModException e) {
            Line line = lines.get(e.index());
            String name = path.equals(TextInput.STANDARD_INPUT) ? "standard input" : path;
            throw new InputException(name, line.number, column(e.kind(), line.text), withExpectation(e.getMessage()));
        }
    }

    /** Where in a flow the part stands that the switch refused, from 1. */
    static int column(FlowModException.Kind kind, String flow) {
        int start = 0;
        while (start < flow.length() && flow.charAt(start) <= ' ') {
            start++;
        }
        String part = switch (kind) {
            case TABLE_FULL -> "";
            case BAD_TABLE_ID -> "table=";
            case BAD_PRIORITY -> "priority=";
            case BAD_TIMEOUT -> "_timeout=";
            case OVERLAP -> "check_overlap";
            case BAD_GOTO_TABLE -> "goto_table";
            default -> "actions=";
        };
        int at = flow.indexOf(part);
        return Math.max(at, start) + 1;
    }

    /** A message that says what was expected, too. */
    static String withExpectation(String message) {
        return message.contains("expected") ? message : message + " (a flow that the switch takes was expected)";
    }
}
