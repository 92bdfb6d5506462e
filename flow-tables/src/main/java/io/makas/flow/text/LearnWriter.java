// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.FieldRange;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.table.FlowMod;
import java.util.StringJoiner;

/** Writes {@code learn(…)} as {@code ovs-ofctl} does. Stateless. */
final class LearnWriter {

    private LearnWriter() {}

    static String text(LearnSpec spec) {
        StringJoiner text = new StringJoiner(",", "learn(", ")");
        text.add("table=" + spec.table());
        addUnless(text, "idle_timeout", spec.idleTimeoutS(), 0);
        addUnless(text, "hard_timeout", spec.hardTimeoutS(), 0);
        addUnless(text, "fin_idle_timeout", spec.finIdleTimeoutS(), 0);
        addUnless(text, "fin_hard_timeout", spec.finHardTimeoutS(), 0);
        addUnless(text, "priority", spec.priority(), FlowMod.DEFAULT_PRIORITY);
        if (spec.sendFlowRemoved()) {
            text.add("send_flow_rem");
        }
        if (spec.deleteLearned()) {
            text.add("delete_learned");
        }
        if (spec.cookie() != 0) {
            text.add("cookie=0x" + Long.toHexString(spec.cookie()));
        }
        addUnless(text, "limit", spec.limit(), 0);
        if (spec.resultTo() != null) {
            text.add("result_dst=" + RangeNotation.text(spec.resultTo()));
        }
        spec.parts().forEach(part -> text.add(text(part)));
        return text.toString();
    }

    private static String text(LearnSpec.Part part) {
        return switch (part) {
            case LearnSpec.Part.MatchValue(FieldRange to, MaskedValue value) ->
                (to.isWhole() ? FieldNames.inAction(to.field()) : RangeNotation.text(to)) + "="
                        + (to.isWhole() ? FieldNotation.text(to.field(), value) : number(value));
            case LearnSpec.Part.MatchField(FieldRange to, FieldRange from) ->
                from.equals(to) ? matched(to) : matched(to) + "=" + matched(from);
            case LearnSpec.Part.LoadValue(FieldRange to, MaskedValue value) ->
                "load:" + number(value) + "->" + RangeNotation.text(to);
            case LearnSpec.Part.LoadField(FieldRange to, FieldRange from) ->
                "load:" + RangeNotation.text(from) + "->" + RangeNotation.text(to);
            case LearnSpec.Part.OutputField(FieldRange port) -> "output:" + RangeNotation.text(port);
        };
    }

    private static String matched(FieldRange range) {
        boolean isWholePort = range.field() == Field.IN_PORT && range.isWhole();
        return isWholePort ? FieldNames.oxm(Field.IN_PORT) + "[]" : RangeNotation.text(range);
    }

    private static String number(MaskedValue value) {
        return value.high() == 0
                ? "0x" + Long.toHexString(value.low())
                : String.format("0x%x%016x", value.high(), value.low());
    }

    private static void addUnless(StringJoiner text, String name, int value, int usual) {
        if (value != usual) {
            text.add(name + "=" + value);
        }
    }
}
