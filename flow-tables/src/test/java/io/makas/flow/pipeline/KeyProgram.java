// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs an action program on a key instead of a frame: what leaves where, for comparing with other ways to find out. */
final class KeyProgram {

    private static final int INNER_TAG_WORD = Field.ETH_SRC.word();

    private KeyProgram() {}

    /** Each thing that leaves, as text: where to, and the packet's words as they are then. */
    static List<String> run(Translation translation, long[] received) {
        ActionProgram program = translation.program();
        PacketInContext[] packetIns = translation.operands().packetIns();
        long[] key = received.clone();
        int[] code = program.code();
        List<String> sent = new ArrayList<>();
        for (int at = 0; at < code.length; at += ActionProgram.lengthOf(code[at])) {
            switch (code[at]) {
                case ActionProgram.OP_OUTPUT, ActionProgram.OP_OUTPUT_LAST ->
                    sent.add(sent("port " + code[at + 1], key));
                case ActionProgram.OP_CONTROLLER ->
                    sent.add(sent(
                            "controller " + code[at + 1] + " reason "
                                    + packetIns[code[at + 2]].reason().code(),
                            key));
                case ActionProgram.OP_SET_FIELD -> {
                    Field field = Field.values()[code[at + 1]];
                    MaskedValue.masked(wide(code, at + 2), wide(code, at + 4)).putInto(field, key);
                }
                case ActionProgram.OP_PUSH_VLAN -> push(key, code[at + 2]);
                case ActionProgram.OP_POP_VLAN -> pop(key);
                case ActionProgram.OP_DEC_TTL -> key[Field.IP_TTL.word()]--;
                default -> throw new AssertionError("operation " + code[at]);
            }
        }
        return sent;
    }

    static String sent(String where, long[] key) {
        // The words that a frame can have: tags, addresses, ports, TTL.
        return where + " " + Arrays.toString(Arrays.copyOf(key, 14));
    }

    static void push(long[] key, int tci) {
        long outer = Field.VLAN_TCI.in(key);
        key[INNER_TAG_WORD] = key[INNER_TAG_WORD] & ~0xffffL | outer;
        MaskedValue.exact(Field.VLAN_TCI, tci | Match.VLAN_PRESENT).putInto(Field.VLAN_TCI, key);
    }

    static void pop(long[] key) {
        long inner = key[INNER_TAG_WORD] & 0xffff;
        MaskedValue.exact(Field.VLAN_TCI, inner).putInto(Field.VLAN_TCI, key);
        key[INNER_TAG_WORD] &= ~0xffffL;
    }

    private static long wide(int[] code, int at) {
        return (long) code[at] << 32 | code[at + 1] & 0xffff_ffffL;
    }
}
