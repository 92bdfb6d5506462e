// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;

/**
 * Divides a batch among several rings of a guest, each flow to the ring of its {@link FlowHash}.
 *
 * <p>Thread: the worker.
 */
final class RingFlows {

    /** The frames of the last {@link #select}. */
    final long[] address = new long[FrameBatch.CAPACITY];

    final int[] lengthBytes = new int[FrameBatch.CAPACITY];
    final long[] offload = new long[FrameBatch.CAPACITY];

    private final int[] chosen = new int[FrameBatch.CAPACITY];

    /** Chooses one of {@code rings} for each frame. */
    void assign(FrameBatch from, int rings) {
        for (int i = 0; i < from.count; i++) {
            long hash = FlowHash.of(from.address[i], from.lengthBytes[i]) & 0xffff_ffffL;
            chosen[i] = (int) (hash * rings >>> 32);
        }
    }

    /** Gathers the frames of one ring. Returns their number. */
    int select(FrameBatch from, int ring) {
        int count = 0;
        for (int i = 0; i < from.count; i++) {
            if (chosen[i] == ring) {
                address[count] = from.address[i];
                lengthBytes[count] = from.lengthBytes[i];
                offload[count++] = from.offload[i];
            }
        }
        return count;
    }
}
