// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Instructions;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupMod;
import io.makas.flow.group.GroupStatistics;
import io.makas.flow.group.GroupType;
import io.makas.flow.group.SelectionMethod;
import io.makas.flow.table.TrafficCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Groups as text, in the syntax of {@code ovs-ofctl}:
 * {@code group_id=1,type=select,bucket=weight:10,actions=output:1,bucket=weight:20,actions=output:2}.
 *
 * <p>What is written can be read again and means the same. Stateless, for any thread.
 */
public final class GroupText {

    /** What to do with a group; a line of a file may begin with its name. */
    public enum Command {
        /** Add the group. */
        ADD("add"),
        /** Modify the group. */
        MODIFY("modify"),
        /** Modify the group if it is there, else add it. */
        ADD_OR_MODIFY("add_or_mod"),
        /** Delete the group, or all. */
        DELETE("delete"),
        /** Put buckets into the group. */
        INSERT_BUCKETS("insert_bucket"),
        /** Take buckets out of the group. */
        REMOVE_BUCKETS("remove_bucket");

        private final String text;

        Command(String text) {
            this.text = text;
        }

        /** The word in {@code ovs-ofctl} syntax. */
        public String text() {
            return text;
        }
    }

    private GroupText() {}

    /**
     * Reads an edit: a group to add, unless the text begins with another {@link Command}.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static GroupMod parse(String text) throws FlowTextException {
        return parseLine(new Word(text, 1, 1));
    }

    /**
     * Reads the edit that a command makes of a group.
     *
     * @throws FlowTextException if it cannot be read
     */
    public static GroupMod parse(Command command, String text) throws FlowTextException {
        return new GroupReader(new Word(text, 1, 1)).mod(command);
    }

    /**
     * Reads a file of edits, one a line; empty lines and what follows a {@code #} do not count.
     *
     * @throws FlowTextException for the first line that cannot be read
     */
    public static List<GroupMod> parseFile(String file) throws FlowTextException {
        List<GroupMod> mods = new ArrayList<>();
        int number = 0;
        for (String line : file.split("\n", -1)) {
            number++;
            Word group = new Word(line, number, 1).before('#');
            if (!group.strip().isEmpty()) {
                mods.add(parseLine(group));
            }
        }
        return mods;
    }

    /** A group as {@code dump-groups} shows it. */
    public static String format(Group group) {
        StringBuilder text = new StringBuilder(id(group.id()));
        text.append(",type=").append(group.type().text());
        selection(text, group.selection());
        buckets(text, group.buckets(), group.type() == GroupType.SELECT ? 1 : 0);
        return text.toString();
    }

    /** An edit as {@link #parse(String)} reads it. */
    public static String format(GroupMod mod) {
        return switch (mod) {
            case GroupMod.Add(Group group) -> format(group);
            case GroupMod.Modify(Group group) -> Command.MODIFY.text + " " + format(group);
            case GroupMod.AddOrModify(Group group) -> Command.ADD_OR_MODIFY.text + " " + format(group);
            case GroupMod.Delete(int id) -> Command.DELETE.text + " " + id(id);
            case GroupMod.DeleteAll _ -> Command.DELETE.text;
            case GroupMod.InsertBuckets(int id, int after, List<Bucket> buckets) -> {
                StringBuilder text = new StringBuilder(Command.INSERT_BUCKETS.text + " " + id(id));
                text.append(",command_bucket_id=").append(place(after));
                buckets(text, buckets, Bucket.USUAL_WEIGHT);
                yield text.toString();
            }
            case GroupMod.RemoveBuckets(int id, int bucket) ->
                Command.REMOVE_BUCKETS.text + " " + id(id) + ",command_bucket_id=" + place(bucket);
        };
    }

    /** A line of {@code dump-group-stats}. */
    public static String format(GroupStatistics statistics) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                " %s,duration=%d.%03ds,ref_count=%d,%s",
                id(statistics.group().id()),
                statistics.durationNs() / 1_000_000_000,
                statistics.durationNs() / 1_000_000 % 1_000,
                statistics.references(),
                count(statistics.handled())));
        for (int i = 0; i < statistics.buckets().size(); i++) {
            text.append(",bucket")
                    .append(i)
                    .append(':')
                    .append(count(statistics.buckets().get(i)));
        }
        return text.toString();
    }

    private static GroupMod parseLine(Word line) throws FlowTextException {
        Word group = line.strip();
        Command command = Command.ADD;
        int end = 0;
        while (end < group.text().length()
                && group.text().charAt(end) > ' '
                && group.text().charAt(end) != ',') {
            end++;
        }
        Word first = group.part(0, end);
        for (Command each : Command.values()) {
            boolean isPlural = each.text.endsWith("bucket") && first.is(each.text + "s");
            if (first.is(each.text) || isPlural) {
                command = each;
                group = group.from(end);
            }
        }
        return new GroupReader(group).mod(command);
    }

    private static void selection(StringBuilder text, SelectionMethod selection) {
        if (selection.method() == SelectionMethod.Method.UNSPECIFIED) {
            return;
        }
        text.append(",selection_method=").append(selection.method().text());
        if (selection.parameter() != 0) {
            text.append(",selection_method_param=").append(Long.toUnsignedString(selection.parameter()));
        }
        List<String> fields = new ArrayList<>();
        for (SelectionMethod.HashedField hashed : selection.fields()) {
            String name = FieldNames.inAction(hashed.field());
            boolean isWhole = hashed.mask().isExact(hashed.field());
            fields.add(name + (isWhole ? "" : "=" + FieldNotation.bitsText(hashed.field(), hashed.mask())));
        }
        if (!fields.isEmpty()) {
            text.append(",fields(").append(String.join(",", fields)).append(')');
        }
    }

    private static void buckets(StringBuilder text, List<Bucket> buckets, int usualWeight) {
        for (Bucket bucket : buckets) {
            text.append(",bucket=");
            if (bucket.id() != Bucket.NO_ID) {
                text.append("bucket_id:")
                        .append(Integer.toUnsignedString(bucket.id()))
                        .append(',');
            }
            if (bucket.weight() != usualWeight) {
                text.append("weight:").append(bucket.weight()).append(',');
            }
            if (bucket.watchPort() != Bucket.NO_PORT) {
                text.append("watch_port:")
                        .append(PortNotation.text(bucket.watchPort()))
                        .append(',');
            }
            if (bucket.watchGroup() != Bucket.NO_GROUP) {
                text.append("watch_group:")
                        .append(Integer.toUnsignedString(bucket.watchGroup()))
                        .append(',');
            }
            text.append("actions=").append(FlowText.format(Instructions.apply(bucket.actions())));
        }
    }

    private static String place(int bucket) {
        return switch (bucket) {
            case GroupMod.FIRST -> "first";
            case GroupMod.LAST -> "last";
            case GroupMod.ALL -> "all";
            default -> Integer.toUnsignedString(bucket);
        };
    }

    private static String id(int id) {
        return "group_id=" + Integer.toUnsignedString(id);
    }

    private static String count(TrafficCounter.Count count) {
        return "packet_count=" + count.packets() + ",byte_count=" + count.bytes();
    }
}
