// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.FieldRange;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.table.FlowMod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Reads what stands in {@code learn(…)}. For one action. */
final class LearnReader {

    private static final Set<String> ARGUMENTS = Set.of(
            "table",
            "priority",
            "idle_timeout",
            "hard_timeout",
            "fin_idle_timeout",
            "fin_hard_timeout",
            "cookie",
            "send_flow_rem",
            "delete_learned",
            "limit",
            "result_dst",
            "load",
            "output");

    private static final int DEFAULT_TABLE = 1;
    private static final int MAX_TABLE = 254;
    private static final int MAX_16_BITS = 0xffff;

    private final ActionList list;
    private final List<LearnSpec.Part> parts = new ArrayList<>();

    private int table = DEFAULT_TABLE;
    private int priority = FlowMod.DEFAULT_PRIORITY;
    private long cookie;
    private int idleTimeoutS;
    private int hardTimeoutS;
    private int finIdleTimeoutS;
    private int finHardTimeoutS;
    private boolean sendFlowRemoved;
    private boolean deleteLearned;
    private int limit;
    private FieldRange resultTo;

    private LearnReader(ActionList list) {
        this.list = list;
    }

    /** Reads the flow that is learned. */
    static LearnSpec read(Word text, ActionList list) throws FlowTextException {
        LearnReader reader = new LearnReader(list);
        for (Item item : Item.listOf(text)) {
            reader.argument(item);
        }
        return new LearnSpec(
                reader.table,
                reader.priority,
                reader.cookie,
                reader.idleTimeoutS,
                reader.hardTimeoutS,
                reader.finIdleTimeoutS,
                reader.finHardTimeoutS,
                reader.sendFlowRemoved,
                reader.deleteLearned,
                reader.limit,
                reader.resultTo,
                reader.parts);
    }

    private void argument(Item item) throws FlowTextException {
        Word value = item.value();
        switch (item.name().text()) {
            case "table" -> table = value.number(MAX_TABLE);
            case "priority" -> priority = value.number(MAX_16_BITS);
            case "idle_timeout" -> idleTimeoutS = value.number(MAX_16_BITS);
            case "hard_timeout" -> hardTimeoutS = value.number(MAX_16_BITS);
            case "fin_idle_timeout" -> finIdleTimeoutS = value.number(MAX_16_BITS);
            case "fin_hard_timeout" -> finHardTimeoutS = value.number(MAX_16_BITS);
            case "cookie" -> cookie = value.number(Word.MAX_UNSIGNED);
            case "send_flow_rem" -> sendFlowRemoved = true;
            case "delete_learned" -> deleteLearned = true;
            case "limit" -> limit = value.number(Integer.MAX_VALUE);
            case "result_dst" -> {
                resultTo = list.range(value);
                if (resultTo.widthBits() != 1) {
                    throw value.expected("a single bit, such as reg0[0],");
                }
            }
            case "load" -> parts.add(load(item));
            case "output" -> parts.add(new LearnSpec.Part.OutputField(list.range(value)));
            default -> parts.add(matched(item));
        }
    }

    /** {@code FIELD}, {@code FIELD=VALUE} or {@code FIELD=FIELD}, each with bits or not. */
    private LearnSpec.Part matched(Item item) throws FlowTextException {
        Word name = item.name();
        if (!RangeNotation.isRange(name)) {
            Set<String> known = new TreeSet<>(MatchReader.KNOWN_NAMES);
            known.addAll(ARGUMENTS);
            throw FieldNames.unknown(name.before('['), known);
        }
        FieldRange to = wholePort(list.range(name));
        Word value = item.value();
        if (!item.hasValue()) {
            return new LearnSpec.Part.MatchField(to, to);
        }
        if (RangeNotation.isRange(value)) {
            FieldRange from = list.range(value);
            if (to.field() == Field.IN_PORT && from.field() == Field.IN_PORT) {
                from = wholePort(from);
            }
            requireSameWidth(value, from, to);
            return new LearnSpec.Part.MatchField(to, from);
        }
        boolean isBits =
                name.text().indexOf('[') >= 0 && !(to.isWhole() && name.text().endsWith("[]"));
        if (isBits || !to.isWhole() && to.field() != Field.VLAN_VID) {
            return new LearnSpec.Part.MatchValue(to, RangeNotation.aligned(to, value));
        }
        Field field = to.field();
        MaskedValue whole = FieldNotation.read(field, value);
        if (!whole.isExact(field)) {
            throw value.expected("a value without a mask");
        }
        return new LearnSpec.Part.MatchValue(FieldRange.whole(field), whole);
    }

    /** {@code load:VALUE->FIELD[…]} or {@code load:FIELD[…]->FIELD[…]}. */
    private LearnSpec.Part load(Item item) throws FlowTextException {
        Arrow arrow = Arrow.of(item, "VALUE->FIELD[FROM..TO] or FIELD[FROM..TO]->FIELD[FROM..TO]");
        FieldRange to = list.range(arrow.to());
        if (!RangeNotation.isRange(arrow.from())) {
            return new LearnSpec.Part.LoadValue(to, RangeNotation.aligned(to, arrow.from()));
        }
        FieldRange from = list.range(arrow.from());
        requireSameWidth(arrow.to(), from, to);
        return new LearnSpec.Part.LoadField(to, from);
    }

    /** A match on the port is one on all of its number, though its name in NXM has 16 bits only. */
    private static FieldRange wholePort(FieldRange range) {
        boolean isPort = range.field() == Field.IN_PORT
                && range.firstBit() == 0
                && range.widthBits() == FieldNames.oxmWidthBits(Field.IN_PORT);
        return isPort ? FieldRange.whole(Field.IN_PORT) : range;
    }

    private static void requireSameWidth(Word where, FieldRange from, FieldRange to) throws FlowTextException {
        if (from.widthBits() != to.widthBits()) {
            throw where.error(RangeNotation.text(from) + " has " + from.widthBits() + " bits, and "
                    + RangeNotation.text(to) + " has " + to.widthBits());
        }
    }
}
