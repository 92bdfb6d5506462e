// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.List;

/** A flow of the plain switch: its match as a list of fields, and its counters. */
final class PlainFlow {

    private record Term(Field field, MaskedValue value) {}

    final int table;
    final int priority;
    final Instructions instructions;
    final long cookie;
    private final List<Term> terms = new ArrayList<>();

    /** Packets that met it, and their bytes. */
    long packets;

    long bytes;

    /** Makes a flow that no packet has met. */
    PlainFlow(int table, int priority, Match match, Instructions instructions, long cookie) {
        this.table = table;
        this.priority = priority;
        this.instructions = instructions;
        this.cookie = cookie;
        for (Field field : Field.values()) {
            MaskedValue value = match.field(field);
            if (!value.isEmpty()) {
                terms.add(new Term(field, value));
            }
        }
    }

    /** Its cookie, by which results are told apart. */
    long cookie() {
        return cookie;
    }

    /** The same flow with a cookie that is nobody's. */
    PlainFlow withoutCookie() {
        return new PlainFlow(table, priority, Match.ANY, instructions, -1);
    }

    boolean isMiss() {
        return priority == 0 && terms.isEmpty();
    }

    boolean matches(long[] key) {
        for (Term term : terms) {
            MaskedValue value = term.value;
            int word = term.field.word();
            boolean differs = term.field.widthBits() > 64
                    ? ((key[word] ^ value.high()) & value.maskHigh()) != 0
                            || ((key[word + 1] ^ value.low()) & value.maskLow()) != 0
                    : ((term.field.in(key) ^ value.low()) & value.maskLow()) != 0;
            if (differs) {
                return false;
            }
        }
        return true;
    }
}
