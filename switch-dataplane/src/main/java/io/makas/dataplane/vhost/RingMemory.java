// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.Memory;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Reads and writes the words of rings. What the other side writes is read once, into a local, since it may change at any time.
 *
 * <p>Stateless.
 */
final class RingMemory {

    static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    private static final VarHandle ALIGNED_SHORT =
            ValueLayout.JAVA_SHORT.varHandle().withInvokeExactBehavior();
    private static final VarHandle ALIGNED_INT =
            ValueLayout.JAVA_INT.varHandle().withInvokeExactBehavior();

    /** Frames longer than this are copied by the virtual machine's own routine, whose start costs more. */
    private static final int LONG_COPY_BYTES = 256;

    private RingMemory() {}

    /** A u16 that the other side publishes; what it wrote before is seen afterwards. The address is even. */
    static int acquireShort(long address) {
        return (short) ALIGNED_SHORT.getAcquire(Memory.ALL, address) & 0xffff;
    }

    /** Publishes a u16; what was written before is seen by whoever sees it. The address is even. */
    static void releaseShort(long address, int value) {
        ALIGNED_SHORT.setRelease(Memory.ALL, address, (short) value);
    }

    /** Publishes a u32. The address is a multiple of 4. */
    static void releaseInt(long address, int value) {
        ALIGNED_INT.setRelease(Memory.ALL, address, value);
    }

    /** What is written from here on is seen later than what was written before, also by our own reads. */
    static void storeLoadFence() {
        VarHandle.fullFence();
    }

    /** Copies bytes, few or many. */
    static void copyAny(long from, long to, int lengthBytes) {
        if (lengthBytes >= Long.BYTES) {
            copy(from, to, lengthBytes);
        } else {
            for (int i = 0; i < lengthBytes; i++) {
                Memory.ALL.set(BYTE, to + i, Memory.ALL.get(BYTE, from + i));
            }
        }
    }

    /** Copies a frame of at least 8 bytes. */
    static void copy(long from, long to, int lengthBytes) {
        if (lengthBytes > LONG_COPY_BYTES) {
            Memory.copy(from, to, lengthBytes);
            return;
        }
        long at = from;
        long shift = to - from;
        long end = from + lengthBytes;
        for (; at + 32 <= end; at += 32) {
            long a = Memory.ALL.get(LONG, at);
            long b = Memory.ALL.get(LONG, at + 8);
            long c = Memory.ALL.get(LONG, at + 16);
            long d = Memory.ALL.get(LONG, at + 24);
            Memory.ALL.set(LONG, at + shift, a);
            Memory.ALL.set(LONG, at + shift + 8, b);
            Memory.ALL.set(LONG, at + shift + 16, c);
            Memory.ALL.set(LONG, at + shift + 24, d);
        }
        for (; at + 8 <= end; at += 8) {
            Memory.ALL.set(LONG, at + shift, Memory.ALL.get(LONG, at));
        }
        if (at < end) {
            // The last word overlaps the one before.
            Memory.ALL.set(LONG, end - 8 + shift, Memory.ALL.get(LONG, end - 8));
        }
    }
}
