// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Flows as text, in the syntax of {@code ovs-ofctl -O OpenFlow13}:
 * {@code table=0,priority=100,in_port=1,ip,nw_dst=10.0.0.2,actions=output:2}.
 *
 * <p>What is written can be read again and means the same. It differs from Open vSwitch where a flow means different things in
 * different versions of OpenFlow: {@code set_field} needs a packet that has the field, as OpenFlow 1.3 has it; instructions may
 * stand in any order and are carried out in OpenFlow's.
 *
 * <p>Stateless, for any thread.
 */
public final class FlowText {

    /** What to do with a flow; a line of a file may begin with its name in lower case. */
    public enum Command {
        /** Add the flow. */
        ADD,
        /** Modify the flows with this match or a more specific one. */
        MODIFY,
        /** Modify the flow with this match and priority. */
        MODIFY_STRICT,
        /** Delete the flows with this match or a more specific one. */
        DELETE,
        /** Delete the flow with this match and priority. */
        DELETE_STRICT;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    private static final List<Command> COMMANDS = List.of(Command.values());

    private static final char BYTE_ORDER_MARK = '\ufeff';

    private FlowText() {}

    /**
     * Reads an edit: a flow to add, unless the text begins with another {@link Command}.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static FlowMod parse(String text) throws FlowTextException {
        return parseLine(new Word(text, 1, 1));
    }

    /**
     * Reads the edit that a command makes of a flow.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static FlowMod parse(Command command, String text) throws FlowTextException {
        return read(command, new Word(text, 1, 1));
    }

    /**
     * Reads a file of edits, one a line, or what {@code dump-flows} prints.
     *
     * @throws FlowTextException for the first line that cannot be read
     */
    public static List<FlowMod> parseFile(String file) throws FlowTextException {
        List<FlowMod> mods = new ArrayList<>();
        int number = 0;
        int start = 0;
        while (start <= file.length()) {
            int lineFeed = file.indexOf('\n', start);
            int end = lineFeed < 0 ? file.length() : lineFeed;
            number++;
            String flow = flowOf(file.substring(start, end));
            if (!flow.isBlank()) {
                mods.add(parseLine(new Word(flow, number, 1)));
            }
            start = end + 1;
        }
        return mods;
    }

    /**
     * What of a line of a file is a flow: not what follows a {@code #}, not the mark that some editors put at the start of a file,
     * not the heading of what {@code dump-flows} and the like print. Blank if there is none; what there is keeps its column.
     */
    public static String flowOf(String line) {
        int start = !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK ? 1 : 0;
        boolean isHeading = line.startsWith("OFPST_", start) || line.startsWith("NXST_", start);
        int comment = isHeading ? start : line.indexOf('#', start);
        return line.substring(start, comment < 0 ? line.length() : comment);
    }

    /**
     * Reads which flows to list or to delete: {@code table=0,ip,nw_dst=10.0.0.2,cookie=0x1/0xff,out_port=2}, each part may
     * be missing; empty text means all.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static FlowFilter parseFilter(String text) throws FlowTextException {
        return new FlowReader(new Word(text, 1, 1)).filter(false);
    }

    /**
     * Reads a match without anything else.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static Match parseMatch(String text) throws FlowTextException {
        return MatchReader.of(new Word(text, 1, 1)).match();
    }

    /**
     * Reads a packet, given by its fields: {@code in_port=1,tcp,nw_dst=10.0.0.2,tp_dst=80}; the others are 0.
     *
     * @return its key
     * @throws FlowTextException if it cannot be read
     */
    public static long[] parseKey(String text) throws FlowTextException {
        return parseMatch(text).valueWords();
    }

    /**
     * Reads what stands behind {@code actions=}.
     *
     * @param match the packets, which tell what {@code mod_tp_dst} sets
     * @throws FlowTextException if it cannot be read
     */
    public static Instructions parseActions(String match, String text) throws FlowTextException {
        MatchReader reader = MatchReader.of(new Word(match, 1, 1));
        reader.match();
        return new ActionReader(reader).read(new Word(text, 1, 1));
    }

    /**
     * Reads one action, for packets of any match.
     *
     * @throws FlowTextException if it cannot be read, or is more than one
     */
    public static Action parseAction(String text) throws FlowTextException {
        Word word = new Word(text, 1, 1);
        Instructions read = ActionReader.ofAnyMatch().read(word);
        if (read.apply().size() != 1 || !read.equals(Instructions.apply(read.apply()))) {
            throw word.expected("one action");
        }
        return read.apply().getFirst();
    }

    /** A match, without a comma at either end; empty for every packet. */
    public static String format(Match match) {
        return MatchWriter.text(match);
    }

    /** The name of a field, as a match is written with it. */
    public static String nameOf(Field field) {
        return FieldNames.inMatch(field);
    }

    /** A value of a field, with its mask if not all bits count. */
    public static String format(Field field, MaskedValue value) {
        return FieldNotation.text(field, value);
    }

    /** What stands behind {@code actions=}. */
    public static String format(Instructions instructions) {
        return ActionWriter.instructions(instructions);
    }

    /** One action. */
    public static String format(Action action) {
        return ActionWriter.action(action);
    }

    /** What a program does; {@code drop} if nothing. */
    public static String format(ActionProgram program) {
        return ActionWriter.instructions(Instructions.apply(program.toActions()));
    }

    /** What a flow is known by: its priority and match. */
    public static String formatIdentity(int priority, Match match) {
        return matched("priority=" + priority, match);
    }

    /** An edit as {@link #parse(String)} reads it. */
    public static String format(FlowMod mod) {
        return switch (mod) {
            case FlowMod.Add add ->
                "table=" + add.table() + "," + (add.cookie() == 0 ? "" : cookie(add.cookie()) + ",")
                        + timeouts(add.idleTimeoutS(), add.hardTimeoutS(), ",") + flags(add.flags(), ",")
                        + importance(add.importance(), ",")
                        + matched("priority=" + add.priority(), add.match()) + ",actions=" + format(add.instructions());
            case FlowMod.Modify modify ->
                (modify.which().isStrict() ? "modify_strict " : "modify ") + flags(modify.flags(), ",")
                        + filter(modify.which()) + ",actions=" + format(modify.instructions());
            case FlowMod.Delete delete ->
                (delete.which().isStrict() ? "delete_strict " : "delete ") + filter(delete.which());
        };
    }

    /** A line of {@code dump-flows}. */
    public static String format(FlowStatistics flow) {
        return String.format(
                        Locale.ROOT,
                        " %s, duration=%d.%03ds, table=%d, n_packets=%d, n_bytes=%d, ",
                        cookie(flow.cookie()),
                        flow.durationNs() / 1_000_000_000,
                        flow.durationNs() / 1_000_000 % 1_000,
                        flow.table(),
                        flow.packets(),
                        flow.bytes())
                + timeouts(flow.idleTimeoutS(), flow.hardTimeoutS(), ", ")
                + flags(flow.flags(), " ")
                + importance(flow.importance(), ", ")
                + matched(
                        flow.priority() == FlowMod.DEFAULT_PRIORITY ? "" : "priority=" + flow.priority(), flow.match())
                + (flow.priority() == FlowMod.DEFAULT_PRIORITY && flow.match().isAny() ? "" : " ")
                + "actions=" + format(flow.instructions());
    }

    private static FlowMod parseLine(Word line) throws FlowTextException {
        Word flow = line.strip();
        String text = flow.text();
        for (Command command : COMMANDS) {
            String name = command.word;
            if (text.startsWith(name) && isEndOfCommand(text, name.length())) {
                return read(command, flow.from(name.length()));
            }
        }
        return read(Command.ADD, flow);
    }

    private static boolean isEndOfCommand(String text, int at) {
        return at == text.length() || text.charAt(at) == ',' || text.charAt(at) <= ' ';
    }

    private static FlowMod read(Command command, Word text) throws FlowTextException {
        FlowReader reader = new FlowReader(text);
        return switch (command) {
            case ADD -> reader.add();
            case MODIFY -> reader.modify(false);
            case MODIFY_STRICT -> reader.modify(true);
            case DELETE -> new FlowMod.Delete(reader.filter(false));
            case DELETE_STRICT -> new FlowMod.Delete(reader.filter(true));
        };
    }

    private static String filter(FlowFilter filter) {
        List<String> items = new ArrayList<>();
        items.add("table=" + filter.table());
        if (filter.cookieMask() != 0) {
            items.add(cookie(filter.cookie()) + "/0x" + Long.toHexString(filter.cookieMask()));
        }
        if (filter.outPort() != FlowFilter.ANY_PORT) {
            items.add("out_port=" + Integer.toUnsignedString(filter.outPort()));
        }
        if (filter.outGroup() != FlowFilter.ANY_GROUP) {
            items.add("out_group=" + Integer.toUnsignedString(filter.outGroup()));
        }
        if (filter.isStrict()) {
            items.add("priority=" + filter.strictPriority());
        }
        if (!filter.match().isAny()) {
            items.add(format(filter.match()));
        }
        return String.join(",", items);
    }

    private static String matched(String priority, Match match) {
        return match.isAny() ? priority : priority.isEmpty() ? format(match) : priority + "," + format(match);
    }

    private static String cookie(long cookie) {
        return "cookie=0x" + Long.toHexString(cookie);
    }

    private static String timeouts(int idleS, int hardS, String separator) {
        return (idleS == 0 ? "" : "idle_timeout=" + idleS + separator)
                + (hardS == 0 ? "" : "hard_timeout=" + hardS + separator);
    }

    private static String importance(int importance, String separator) {
        return importance == 0 ? "" : "importance=" + importance + separator;
    }

    private static String flags(Set<FlowFlag> flags, String separator) {
        StringBuilder text = new StringBuilder();
        for (FlowFlag flag : FlowFlag.values()) {
            if (flags.contains(flag)) {
                text.append(flag.text()).append(separator);
            }
        }
        return text.toString();
    }
}
