// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** Reads one flow: its match, its other properties, its actions. What is made of it is asked for afterwards. For one flow. */
final class FlowReader {

    private static final String ACTION = "action";

    /** What a listing says of a flow, and is not part of it; and what only Open vSwitch makes a difference of. */
    private static final Set<String> IGNORED = Set.of(
            "duration", "n_packets", "n_bytes", "idle_age", "hard_age", "allow_hidden_fields", "no_readonly_table");

    private static final Set<String> PROPERTIES = Set.of(
            "table",
            "priority",
            "cookie",
            "idle_timeout",
            "hard_timeout",
            "importance",
            "out_port",
            "out_group",
            "actions",
            "send_flow_rem",
            "check_overlap",
            "reset_counts",
            "no_packet_counts",
            "no_byte_counts");

    private static final Set<String> KNOWN_NAMES = knownNames();

    private static final int MAX_16_BITS = 0xffff;

    private final Word text;
    private final MatchReader matchReader = new MatchReader();
    private final EnumSet<FlowFlag> flags = EnumSet.noneOf(FlowFlag.class);

    private int table = FlowFilter.ALL_TABLES;
    private boolean hasTable;
    private int priority = FlowMod.DEFAULT_PRIORITY;
    private long cookie;
    private long cookieMask;
    private Word cookieMaskWord;
    private int idleTimeoutS;
    private int hardTimeoutS;
    private int importance;
    private int outPort = FlowFilter.ANY_PORT;
    private int outGroup = FlowFilter.ANY_GROUP;
    private Word filterWord;
    private String filterError;
    private Word actions;
    private Match match;

    /** Reads the flow; what is wrong with its match is told now, with its actions later. */
    FlowReader(Word text) throws FlowTextException {
        this.text = text;
        Word properties = text;
        int start = text.text().indexOf(ACTION);
        while (start >= 0 && actions == null) {
            int end = endOfActionsSign(text.text(), start);
            if (end > 0) {
                properties = text.part(0, start);
                actions = text.from(end);
            }
            start = text.text().indexOf(ACTION, start + 1);
        }
        for (Item item : Item.listOf(properties)) {
            property(item);
        }
        match = matchReader.match();
    }

    Match match() {
        return match;
    }

    FlowMod.Add add() throws FlowTextException {
        if (cookieMaskWord != null) {
            throw cookieMaskWord.error("a flow to add has a cookie without a mask");
        }
        refuseFilters();
        return new FlowMod.Add(
                hasTable ? table : 0,
                priority,
                match,
                instructions(),
                cookie,
                idleTimeoutS,
                hardTimeoutS,
                flags,
                importance);
    }

    FlowMod.Modify modify(boolean isStrict) throws FlowTextException {
        refuseFilters();
        // A cookie without a mask is that of the flow to add, and as nothing is added, none.
        long mask = cookieMaskWord == null ? 0 : cookieMask;
        FlowFilter which =
                new FlowFilter(hasTable ? table : 0, match, strictPriority(isStrict), cookie, mask, outPort, outGroup);
        return new FlowMod.Modify(which, instructions(), flags);
    }

    FlowFilter filter(boolean isStrict) throws FlowTextException {
        if (actions != null) {
            throw actions.error("actions cannot select flows; out_port can");
        }
        return new FlowFilter(table, match, strictPriority(isStrict), cookie, cookieMask, outPort, outGroup);
    }

    private Instructions instructions() throws FlowTextException {
        if (actions == null) {
            throw text.from(text.text().length()).error("no actions; write actions=drop for none");
        }
        return new ActionReader(matchReader).read(actions);
    }

    private int strictPriority(boolean isStrict) {
        return isStrict ? priority : FlowFilter.NOT_STRICT;
    }

    /** Where what stands behind {@code actions=} begins; 0 if this is something else. */
    private static int endOfActionsSign(String text, int start) {
        boolean isWord = start == 0 || text.charAt(start - 1) == ',' || text.charAt(start - 1) <= ' ';
        int at = start + ACTION.length();
        if (at < text.length() && text.charAt(at) == 's') {
            at++;
        }
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return isWord && at < text.length() && text.charAt(at) == '=' ? at + 1 : 0;
    }

    private static Set<String> knownNames() {
        Set<String> known = new TreeSet<>(MatchReader.KNOWN_NAMES);
        known.addAll(PROPERTIES);
        return known;
    }

    private void property(Item item) throws FlowTextException {
        Word name = item.name();
        Word value = item.value();
        if (IGNORED.contains(name.text())) {
            return;
        }
        if (!PROPERTIES.contains(name.text())) {
            fieldOrUnknown(item);
            return;
        }
        for (FlowFlag flag : FlowFlag.values()) {
            if (name.is(flag.text())) {
                flags.add(flag);
                return;
            }
        }
        if (!item.hasValue()) {
            throw name.error("'" + name.text() + "' needs a value: " + name.text() + "=…");
        }
        switch (name.text()) {
            case "table" -> {
                table = value.number(FlowFilter.ALL_TABLES);
                hasTable = true;
            }
            case "priority" -> priority = value.number(MAX_16_BITS);
            case "cookie" -> cookie(value);
            case "idle_timeout" -> idleTimeoutS = value.number(MAX_16_BITS);
            case "hard_timeout" -> hardTimeoutS = value.number(MAX_16_BITS);
            case "importance" -> importance = value.number(MAX_16_BITS);
            case "out_port" -> outPort(value);
            case "out_group" -> outGroup(value);
            default -> throw name.expected("actions=…");
        }
    }

    private void fieldOrUnknown(Item item) throws FlowTextException {
        Word name = item.name();
        if (!MatchReader.isKnown(name)) {
            throw FieldNames.unknown(name, KNOWN_NAMES);
        }
        matchReader.add(item);
    }

    private void cookie(Word value) throws FlowTextException {
        Word number = value.before('/');
        cookieMaskWord = value.after('/');
        cookie = number.number(Word.MAX_UNSIGNED);
        boolean isWhole = cookieMaskWord == null || cookieMaskWord.is("-1");
        cookieMask = isWhole ? -1L : cookieMaskWord.number(Word.MAX_UNSIGNED);
    }

    private void outGroup(Word value) throws FlowTextException {
        filterWord = value;
        filterError = "out_group selects flows to delete or to list; group:N sends";
        outGroup = value.text().equalsIgnoreCase("any")
                ? FlowFilter.ANY_GROUP
                : (int) value.number(Action.Group.MAX_ID & 0xffff_ffffL);
    }

    private void outPort(Word value) throws FlowTextException {
        filterWord = value;
        filterError = "out_port selects flows to delete or to list; output:N sends";
        outPort = PortNotation.read(value);
    }

    private void refuseFilters() throws FlowTextException {
        if (filterWord != null) {
            throw filterWord.error(filterError);
        }
    }
}
