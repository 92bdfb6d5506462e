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

    static int[] cloned(int[]... operations) {
        int[] block = of(operations);
        return of(new int[] {ActionProgram.OP_CLONE, block.length}, block);
    }

    static int[] truncated(int port, int maxBytes) {
        return new int[] {ActionProgram.OP_OUTPUT_TRUNCATED, port, maxBytes};
    }

    static int[] queue(int queue) {
        return new int[] {ActionProgram.OP_SET_QUEUE, queue};
    }

    static int[] pushMpls(int type, int label, int trafficClass, boolean bottom, int ttl) {
        int entry = label << 12 | trafficClass << 9 | (bottom ? 0x100 : 0) | ttl;
        return new int[] {ActionProgram.OP_PUSH_MPLS, type, entry};
    }

    static int[] popMpls(int type) {
        return new int[] {ActionProgram.OP_POP_MPLS, type};
    }

    static int[] decMplsTtl() {
        return new int[] {ActionProgram.OP_DEC_MPLS_TTL};
    }

    static int[] copyTtlOut() {
        return new int[] {ActionProgram.OP_COPY_TTL_OUT};
    }

    static int[] copyTtlIn() {
        return new int[] {ActionProgram.OP_COPY_TTL_IN};
    }

    static int[] meter(int meter) {
        return new int[] {ActionProgram.OP_METER, meter};
    }

    static int[] sample(int sample) {
        return new int[] {ActionProgram.OP_SAMPLE, sample};
    }

    static int[] recirculate(int id) {
        return new int[] {ActionProgram.OP_RECIRCULATE, id};
    }

    static int[] recirculateByLength(int bytes, int longer, int other) {
        return new int[] {ActionProgram.OP_RECIRCULATE_BY_LENGTH, bytes, longer, other};
    }
}
