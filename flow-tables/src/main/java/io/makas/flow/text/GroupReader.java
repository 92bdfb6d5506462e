// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupMod;
import io.makas.flow.group.GroupType;
import io.makas.flow.group.SelectionMethod;
import io.makas.flow.group.SelectionMethod.HashedField;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads one group: its properties, then its buckets. What is made of it is asked for afterwards. For one group. */
final class GroupReader {

    private static final Set<String> PROPERTIES = Set.of(
            "group_id", "type", "selection_method", "selection_method_param", "fields", "command_bucket_id", "bucket");

    /** What a listing says of a group, and is not part of it. */
    private static final Set<String> STATISTICS = Set.of("duration", "ref_count", "packet_count", "byte_count");

    private final Word text;
    private final List<Word> bucketTexts = new ArrayList<>();
    private final List<HashedField> fields = new ArrayList<>();
    private Word idWord;
    private Word typeWord;
    private Word methodWord;
    private Word parameterWord;
    private Word fieldsWord;
    private Word placeWord;

    /** Reads the group but for its buckets. */
    GroupReader(Word text) throws FlowTextException {
        this.text = text;
        List<Integer> starts = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (Item item : Item.listOf(text)) {
            if (item.is("bucket") && item.delimiter() == '=') {
                starts.add(item.value().column() - text.column());
                ends.add(item.name().column() - text.column());
            } else if (starts.isEmpty()) {
                property(item);
            }
        }
        ends.add(text.text().length());
        for (int i = 0; i < starts.size(); i++) {
            bucketTexts.add(text.part(starts.get(i), ends.get(i + 1)));
        }
    }

    GroupMod mod(GroupText.Command command) throws FlowTextException {
        return switch (command) {
            case ADD -> new GroupMod.Add(group());
            case MODIFY -> new GroupMod.Modify(group());
            case ADD_OR_MODIFY -> new GroupMod.AddOrModify(group());
            case DELETE -> delete();
            case INSERT_BUCKETS -> insert();
            case REMOVE_BUCKETS -> remove();
        };
    }

    private Group group() throws FlowTextException {
        refuse(placeWord, "command_bucket_id says where buckets are inserted or removed");
        int id = id();
        if (typeWord == null) {
            throw end().error("no type; write type=all, select, indirect or ff");
        }
        GroupType type = type();
        return new Group(id, type, selection(), buckets(type == GroupType.SELECT ? 1 : 0));
    }

    private GroupMod delete() throws FlowTextException {
        refuseAllBut("a group to delete has a group_id and nothing else");
        refuse(placeWord, "a group to delete has a group_id and nothing else");
        refuse(
                bucketTexts.isEmpty() ? null : bucketTexts.getFirst(),
                "a group to delete has a group_id and nothing else");
        if (idWord == null && !text.strip().isEmpty()) {
            throw end().error("no group_id");
        }
        return idWord == null || idWord.is("all") ? new GroupMod.DeleteAll() : new GroupMod.Delete(id());
    }

    private GroupMod insert() throws FlowTextException {
        refuseAllBut("type and selection_method of a group stay when buckets are inserted; leave them out");
        int id = id();
        if (placeWord == null) {
            throw end().error(
                            "no command_bucket_id; write command_bucket_id=first, last, or the bucket to insert behind");
        }
        int place = place();
        if (place == GroupMod.ALL) {
            throw placeWord.expected("first, last, or the bucket to insert behind");
        }
        if (bucketTexts.isEmpty()) {
            throw end().error("no buckets to insert; write bucket=…");
        }
        return new GroupMod.InsertBuckets(id, place, buckets(Bucket.USUAL_WEIGHT));
    }

    private GroupMod remove() throws FlowTextException {
        refuseAllBut("type and selection_method of a group stay when buckets are removed; leave them out");
        refuse(
                bucketTexts.isEmpty() ? null : bucketTexts.getFirst(),
                "command_bucket_id says which buckets to remove; leave out bucket=");
        return new GroupMod.RemoveBuckets(id(), placeWord == null ? GroupMod.ALL : place());
    }

    private void property(Item item) throws FlowTextException {
        Word name = item.name();
        if (STATISTICS.contains(name.text())) {
            return;
        }
        if (!PROPERTIES.contains(name.text())) {
            throw name.unknown("property of groups", PROPERTIES);
        }
        if (!item.hasValue()) {
            throw name.error("'" + name.text() + "' needs a value: " + name.text() + "=…");
        }
        Word value = item.value();
        switch (name.text()) {
            case "group_id" -> idWord = value;
            case "type" -> typeWord = value;
            case "selection_method" -> methodWord = value;
            case "selection_method_param" -> parameterWord = value;
            case "fields" -> fields(value);
            case "command_bucket_id" -> placeWord = value;
            default -> throw name.expected("bucket=…");
        }
    }

    private void fields(Word list) throws FlowTextException {
        fieldsWord = list;
        Set<Field> seen = new HashSet<>();
        for (Item item : Item.listOf(list)) {
            Word name = item.name();
            FieldName known = FieldNames.find(name.text());
            if (known == null) {
                throw FieldNames.unknown(name, MatchReader.KNOWN_NAMES);
            }
            Field field = known.field(each -> true);
            if (!seen.add(field)) {
                throw name.error("field " + name.text() + " is there twice");
            }
            MaskedValue mask = item.hasValue() ? FieldNotation.readBits(field, item.value()) : ones(field);
            if (mask.isEmpty()) {
                throw item.value().error("the mask is 0, so nothing of the field would be hashed");
            }
            fields.add(new HashedField(field, mask));
        }
    }

    private static MaskedValue ones(Field field) {
        return field.widthBits() > 64 ? MaskedValue.exact(-1L, -1L) : MaskedValue.exact(field, field.ones());
    }

    private SelectionMethod selection() throws FlowTextException {
        if (methodWord == null) {
            refuse(parameterWord, "selection_method_param means something with a selection_method only");
            refuse(fieldsWord, "fields mean something with selection_method=hash only");
            return SelectionMethod.DEFAULT;
        }
        SelectionMethod.Method method = null;
        for (SelectionMethod.Method each : SelectionMethod.Method.values()) {
            method = each != SelectionMethod.Method.UNSPECIFIED && methodWord.is(each.text()) ? each : method;
        }
        if (method == null) {
            throw methodWord.expected("hash or dp_hash");
        }
        if (method != SelectionMethod.Method.HASH) {
            refuse(fieldsWord, "fields mean something with selection_method=hash only");
        }
        return new SelectionMethod(method, parameterWord == null ? 0 : parameterWord.number(Word.MAX_UNSIGNED), fields);
    }

    private List<Bucket> buckets(int usualWeight) throws FlowTextException {
        List<Bucket> buckets = new ArrayList<>();
        for (Word bucket : bucketTexts) {
            buckets.add(new BucketReader(bucket, usualWeight).bucket());
        }
        return buckets;
    }

    private int id() throws FlowTextException {
        if (idWord == null) {
            throw end().error("no group_id");
        }
        return (int) idWord.number(Integer.toUnsignedLong(Action.Group.MAX_ID));
    }

    private GroupType type() throws FlowTextException {
        if (typeWord.is("fast_failover")) {
            return GroupType.FAST_FAILOVER;
        }
        for (GroupType type : GroupType.values()) {
            if (typeWord.is(type.text())) {
                return type;
            }
        }
        throw typeWord.expected("all, select, indirect or ff");
    }

    private int place() throws FlowTextException {
        return switch (placeWord.text()) {
            case "first" -> GroupMod.FIRST;
            case "last" -> GroupMod.LAST;
            case "all" -> GroupMod.ALL;
            default -> (int) placeWord.number(Integer.toUnsignedLong(Bucket.MAX_ID));
        };
    }

    private void refuseAllBut(String message) throws FlowTextException {
        refuse(typeWord, message);
        refuse(methodWord, message);
        refuse(parameterWord, message);
        refuse(fieldsWord, message);
    }

    private static void refuse(Word word, String message) throws FlowTextException {
        if (word != null) {
            throw word.error(message);
        }
    }

    private Word end() {
        return text.from(text.text().length());
    }

    /** Reads one bucket: what is neither an attribute nor a word before one is an action. For one bucket. */
    private static final class BucketReader {

        private static final int MAX_WEIGHT = 0xffff;

        private final Word text;
        private int id = Bucket.NO_ID;
        private int weight;
        private int watchPort = Bucket.NO_PORT;
        private int watchGroup = Bucket.NO_GROUP;

        BucketReader(Word text, int usualWeight) {
            this.text = text;
            this.weight = usualWeight;
        }

        Bucket bucket() throws FlowTextException {
            StringBuilder actions = new StringBuilder(text.text());
            for (Item item : Item.listOf(text)) {
                // What is no action is blanked, so that errors in actions are pointed to where they are.
                int start = item.name().column() - text.column();
                int value = item.value().column() - text.column();
                int valueEnd = value + item.value().text().length() + (item.delimiter() == '(' ? 1 : 0);
                int end = item.is("action") || item.is("actions") ? value : isAttribute(item) ? valueEnd : start;
                for (int i = start; i < end; i++) {
                    actions.setCharAt(i, ' ');
                }
            }
            Word rest = new Word(actions.toString(), text.line(), text.column());
            List<Item> items = Item.listOf(rest);
            if (items.isEmpty()) {
                throw text.from(text.text().length()).error("no actions; write actions=drop for none");
            }
            Instructions read = ActionReader.ofAnyMatch().read(rest);
            if (!read.equals(Instructions.apply(read.apply()))) {
                throw items.getFirst().name().error("a bucket has actions; other instructions belong to flows");
            }
            return new Bucket(id, weight, watchPort, watchGroup, read.apply());
        }

        private boolean isAttribute(Item item) throws FlowTextException {
            switch (item.name().text()) {
                case "weight" -> weight = item.value().number(MAX_WEIGHT);
                case "bucket_id" -> id = (int) item.value().number(Integer.toUnsignedLong(Bucket.MAX_ID));
                case "watch_port" -> watchPort = PortNotation.read(item.value());
                case "watch_group" ->
                    watchGroup = (int) item.value().number(Integer.toUnsignedLong(Action.Group.MAX_ID));
                default -> {
                    return false;
                }
            }
            return true;
        }
    }
}
