// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Vhost;
import java.lang.foreign.ValueLayout;

/**
 * Gives a batch to a guest that has several receive rings: each flow to the ring of its {@link FlowHash}.
 *
 * <p>Thread: the worker.
 */
final class RingSpread {

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private final long array;
    private final int[] chosen = new int[FrameBatch.CAPACITY];
    private final int[] lengthBytes = new int[FrameBatch.CAPACITY];
    private long sentBytes;

    /** Uses {@code array}, room for a burst of buffer addresses, for its calls. */
    RingSpread(long array) {
        this.array = array;
    }

    /**
     * Enqueues each frame to one of the rings.
     *
     * @param rings set of receive rings, a bit each; when it is empty nothing is sent
     * @return number of frames that the guest had room for
     */
    int enqueue(int vid, long rings, FrameBatch from) {
        sentBytes = 0;
        int ringCount = Long.bitCount(rings);
        for (int i = 0; i < from.count; i++) {
            long hash = FlowHash.of(from.address[i], from.lengthBytes[i]) & 0xffff_ffffL;
            chosen[i] = (int) (hash * ringCount >>> 32);
        }
        int sent = 0;
        int index = 0;
        for (long left = rings; left != 0; left &= left - 1) {
            sent += enqueueChosen(vid, Long.numberOfTrailingZeros(left), index, from);
            index++;
        }
        return sent;
    }

    /** Bytes of the frames that the last {@link #enqueue} sent. */
    long sentBytes() {
        return sentBytes;
    }

    private int enqueueChosen(int vid, int ring, int index, FrameBatch from) {
        int count = 0;
        for (int i = 0; i < from.count; i++) {
            if (chosen[i] == index) {
                Memory.ALL.set(LONG, array + (long) count * Long.BYTES, from.handle[i]);
                lengthBytes[count++] = from.lengthBytes[i];
            }
        }
        int sent = count == 0 ? 0 : Vhost.enqueue(vid, ring, array, count);
        for (int i = 0; i < sent; i++) {
            sentBytes += lengthBytes[i];
        }
        return sent;
    }
}
