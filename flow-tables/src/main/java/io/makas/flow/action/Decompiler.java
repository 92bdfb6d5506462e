// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.List;

/** Turns the code of an {@link ActionProgram} back into actions, for traces. Stateless. */
final class Decompiler {

    private static final Field[] FIELDS = Field.values();

    private Decompiler() {}

    static List<Action> actions(int[] code) {
        return actions(code, 0, code.length);
    }

    private static List<Action> actions(int[] code, int from, int to) {
        List<Action> actions = new ArrayList<>();
        for (int at = from; at < to; at += ActionProgram.lengthAt(code, at)) {
            if (isAction(code[at])) {
                actions.add(action(code, at));
            }
        }
        return actions;
    }

    /** Meters are instructions, samples have lost what they sample for, and recirculation is the switch's own. */
    private static boolean isAction(int operation) {
        return switch (operation) {
            case ActionProgram.OP_METER,
                    ActionProgram.OP_SAMPLE,
                    ActionProgram.OP_RECIRCULATE,
                    ActionProgram.OP_RECIRCULATE_BY_LENGTH -> false;
            default -> true;
        };
    }

    private static Action action(int[] code, int at) {
        return switch (code[at]) {
            case ActionProgram.OP_OUTPUT, ActionProgram.OP_OUTPUT_LAST -> new Action.Output(code[at + 1]);
            case ActionProgram.OP_SET_FIELD -> setField(FIELDS[code[at + 1]], wide(code, at + 2), wide(code, at + 4));
            case ActionProgram.OP_SET_FIELD_128 ->
                new Action.SetField(
                        FIELDS[code[at + 1]],
                        new MaskedValue(
                                wide(code, at + 2), wide(code, at + 4), wide(code, at + 6), wide(code, at + 8)));
            case ActionProgram.OP_PUSH_VLAN -> new Action.PushVlan(code[at + 1]);
            case ActionProgram.OP_POP_VLAN -> new Action.PopVlan();
            case ActionProgram.OP_DEC_TTL -> new Action.DecTtl();
            case ActionProgram.OP_CONTROLLER -> new Action.Controller(code[at + 1]);
            case ActionProgram.OP_CLONE -> new Action.Clone(actions(code, at + 2, at + 2 + code[at + 1]));
            case ActionProgram.OP_OUTPUT_TRUNCATED -> new Action.OutputTruncated(code[at + 1], code[at + 2]);
            case ActionProgram.OP_SET_QUEUE ->
                code[at + 1] == ActionProgram.NO_QUEUE ? new Action.PopQueue() : new Action.SetQueue(code[at + 1]);
            case ActionProgram.OP_PUSH_MPLS -> new Action.PushMpls(code[at + 1]);
            case ActionProgram.OP_POP_MPLS -> new Action.PopMpls(code[at + 1]);
            case ActionProgram.OP_DEC_MPLS_TTL -> new Action.DecMplsTtl();
            case ActionProgram.OP_COPY_TTL_OUT -> new Action.CopyTtlOut();
            case ActionProgram.OP_COPY_TTL_IN -> new Action.CopyTtlIn();
            default -> throw new IllegalStateException("operation " + code[at] + " at " + at);
        };
    }

    private static Action setField(Field field, long value, long mask) {
        boolean isVlanId = field == Field.VLAN_VID && mask == (field.ones() & ~Match.VLAN_PRESENT);
        return isVlanId
                ? new Action.SetField(field, value | Match.VLAN_PRESENT)
                : new Action.SetField(field, MaskedValue.masked(value, mask));
    }

    private static long wide(int[] code, int at) {
        return (long) code[at] << 32 | code[at + 1] & 0xffff_ffffL;
    }
}
