// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import java.util.stream.IntStream;

/** Writes the code of programs for tests. */
final class Code {

    private Code() {}

    static int[] of(int[]... operations) {
        return IntStream.range(0, operations.length)
                .flatMap(index -> IntStream.of(operations[index]))
                .toArray();
    }

    static int[] output(int port) {
        return new int[] {ActionProgram.OP_OUTPUT, port};
    }

    static int[] last(int port) {
        return new int[] {ActionProgram.OP_OUTPUT_LAST, port};
    }

    static int[] set(Field field, long value) {
        return set(field, value, field.ones());
    }

    static int[] set(Field field, long value, long mask) {
        return new int[] {
            ActionProgram.OP_SET_FIELD,
            field.ordinal(),
            (int) (value >>> 32),
            (int) value,
            (int) (mask >>> 32),
            (int) mask
        };
    }

    static int[] set128(Field field, long high, long low, long maskHigh, long maskLow) {
        return new int[] {
            ActionProgram.OP_SET_FIELD_128,
            field.ordinal(),
            (int) (high >>> 32),
            (int) high,
            (int) (low >>> 32),
            (int) low,
            (int) (maskHigh >>> 32),
            (int) maskHigh,
            (int) (maskLow >>> 32),
            (int) maskLow
        };
    }

    static int[] pushVlan(int tpid, int tci) {
        return new int[] {ActionProgram.OP_PUSH_VLAN, tpid, tci};
    }

    static int[] popVlan() {
        return new int[] {ActionProgram.OP_POP_VLAN};
    }

    static int[] decTtl() {
        return new int[] {ActionProgram.OP_DEC_TTL};
    }

    static int[] controller(int maxBytes, int context) {
        return new int[] {ActionProgram.OP_CONTROLLER, maxBytes, context};
    }
}
