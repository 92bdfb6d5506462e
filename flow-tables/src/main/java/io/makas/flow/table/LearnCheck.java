// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.FieldRange;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.action.LearnSpec.Part;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.table.FlowModException.Kind;

/**
 * Refuses {@code learn} actions that could never add a flow: in two parts, as {@link InstructionCheck}. What depends on the
 * packet, such as a learned port 0, is found when the packet comes; nothing is learned from it then.
 *
 * <p>For one action of one edit; for any thread.
 */
final class LearnCheck {

    private static final int MAX_16_BITS = 0xffff;
    private static final int MAX_PORT_BITS = 32;

    private final int index;
    private final LearnSpec spec;

    /** What is known of the packets of the learned flow. */
    private final long[] known = new long[KeyLayout.WORDS];

    private final long[] mask = new long[KeyLayout.WORDS];

    LearnCheck(int index, LearnSpec spec) {
        this.index = index;
        this.spec = spec;
    }

    /** Refuses what is wrong whatever the match of the flow with the action. */
    void form() throws FlowModException {
        if (spec.table() < 0 || spec.table() >= FlowTables.COUNT) {
            throw refused(
                    Kind.BAD_TABLE_ID,
                    "learn into table " + spec.table() + ": tables are 0 to " + (FlowTables.COUNT - 1));
        }
        atMost16Bits("priority", spec.priority());
        atMost16Bits("idle_timeout", spec.idleTimeoutS());
        atMost16Bits("hard_timeout", spec.hardTimeoutS());
        atMost16Bits("fin_idle_timeout", spec.finIdleTimeoutS());
        atMost16Bits("fin_hard_timeout", spec.finHardTimeoutS());
        require(spec.limit() >= 0, Kind.BAD_ARGUMENT, "limit " + spec.limit() + ": 0 for none, or at least 1");
        if (spec.resultTo() != null) {
            require(spec.resultTo().widthBits() == 1, Kind.BAD_ARGUMENT, "result_dst is one bit: " + spec.resultTo());
            requireSettable(spec.resultTo());
        }
        for (Part part : spec.parts()) {
            form(part);
        }
    }

    /** Refuses fields that packets of a match, given by its words, may lack. */
    void fit(long[] packet, long[] packetMask) throws FlowModException {
        for (Part part : spec.parts()) {
            switch (part) {
                case Part.MatchField(FieldRange to, FieldRange from) -> requireIn(from, packet, packetMask);
                case Part.LoadField(FieldRange to, FieldRange from) -> requireIn(from, packet, packetMask);
                case Part.OutputField(FieldRange port) -> requireIn(port, packet, packetMask);
                case Part.MatchValue value -> {}
                case Part.LoadValue value -> {}
            }
        }
        if (spec.resultTo() != null) {
            Prerequisite needed = spec.resultTo().field().setPrerequisite();
            require(
                    needed.isMet(packet, packetMask),
                    Kind.MATCH_INCONSISTENT,
                    "result_dst needs " + needed.text() + " in the match");
        }
    }

    private void form(Part part) throws FlowModException {
        switch (part) {
            case Part.MatchValue(FieldRange to, MaskedValue value) -> {
                requireFit(to, value);
                requireMatchable(to);
                MaskedValue shifted = to.place(value);
                shifted.putInto(to.field(), known);
                shifted.addMaskTo(to.field(), mask);
            }
            case Part.MatchField(FieldRange to, FieldRange from) -> {
                requireSameWidth(to, from);
                requireMatchable(to);
            }
            case Part.LoadValue(FieldRange to, MaskedValue value) -> {
                requireFit(to, value);
                requireLoadable(to);
            }
            case Part.LoadField(FieldRange to, FieldRange from) -> {
                requireSameWidth(to, from);
                requireLoadable(to);
            }
            case Part.OutputField(FieldRange port) ->
                require(
                        port.widthBits() <= MAX_PORT_BITS,
                        Kind.BAD_ARGUMENT,
                        "output to " + text(port) + ": ports have at most " + MAX_PORT_BITS + " bits");
        }
    }

    private void requireMatchable(FieldRange to) throws FlowModException {
        Field field = to.field();
        require(
                to.isWhole() || field.maskable(),
                Kind.BAD_ARGUMENT,
                "match of " + text(to) + ": " + field.text() + " is matched as a whole only");
        requireOfLearned(field.prerequisite(), "match of " + text(to));
    }

    private void requireLoadable(FieldRange to) throws FlowModException {
        requireSettable(to);
        requireOfLearned(to.field().setPrerequisite(), "load to " + text(to));
    }

    private void requireSettable(FieldRange to) throws FlowModException {
        require(to.field().settable(), Kind.BAD_SET_TYPE, to.field().text() + " cannot be set");
    }

    private void requireOfLearned(Prerequisite needed, String what) throws FlowModException {
        require(
                needed.isMet(known, mask),
                Kind.MATCH_INCONSISTENT,
                what + " needs " + needed.text() + " as a value, earlier in the action");
    }

    private void requireIn(FieldRange from, long[] packet, long[] packetMask) throws FlowModException {
        Prerequisite needed = from.field().prerequisite();
        require(
                needed.isMet(packet, packetMask),
                Kind.MATCH_INCONSISTENT,
                text(from) + " needs " + needed.text() + " in the match of the flow");
    }

    private void requireFit(FieldRange to, MaskedValue value) throws FlowModException {
        require(
                to.fits(value),
                Kind.BAD_ARGUMENT,
                String.format("0x%x does not fit into the %d bits of %s", value.low(), to.widthBits(), text(to)));
    }

    private void requireSameWidth(FieldRange to, FieldRange from) throws FlowModException {
        require(
                to.widthBits() == from.widthBits(),
                Kind.BAD_ARGUMENT,
                text(to) + " has " + to.widthBits() + " bits, and " + text(from) + " has " + from.widthBits());
    }

    private void atMost16Bits(String what, int value) throws FlowModException {
        require(value >= 0 && value <= MAX_16_BITS, Kind.BAD_ARGUMENT, what + " " + value + ": 0 to " + MAX_16_BITS);
    }

    private void require(boolean isRight, Kind kind, String message) throws FlowModException {
        if (!isRight) {
            throw refused(kind, message);
        }
    }

    private FlowModException refused(Kind kind, String message) {
        return new FlowModException(index, kind, "learn: " + message);
    }

    private static String text(FieldRange range) {
        int last = range.firstBit() + range.widthBits() - 1;
        return range.isWhole()
                ? range.field().text()
                : range.field().text() + "[" + range.firstBit() + ".." + last + "]";
    }
}
