// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.handoff;

import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.sys.Mapping;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The buffers in which frames cross from one worker to another. The sender takes them and fills them; the reader gives them back
 * through a ring of its own, which has room for all of them.
 *
 * <p>Slots are as large as the largest frame that there may be, a TCP segment that is yet to be cut; what of them no frame has
 * touched takes no memory. The sender's stack lends the slot that came back last.
 *
 * <p>Threads: the sending worker; {@link #giveBack} of the owning one. Owner: the {@link HandOff}.
 */
public final class SlotPool extends FramePool {

    /** Longest frame of a segment that is yet to be cut: 64 KiB and Ethernet header with two tags. */
    private static final int LONGEST_FRAME_BYTES = 65_536 + 22;

    /** Slots begin at pages of their own, so that one does not share its first with another's last. */
    private static final int PAGE_BYTES = 4096;

    private static final int STRIDE_BYTES = MIN_HEADROOM_BYTES + LONGEST_FRAME_BYTES + PAGE_BYTES - 1 & -PAGE_BYTES;

    private static final int PADDING_WORDS = 16;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final Mapping mapping;
    private final long[] free;
    private int freeCount;

    /** Slots that came back, and how many ever did: written by the reader. */
    private final long[] returned;

    private final long[] returnedCount = new long[2 * PADDING_WORDS];

    /** How many of those the sender has taken. */
    private long reclaimed;

    SlotPool(int slots) {
        if (Integer.bitCount(slots) != 1) {
            throw new IllegalArgumentException(slots + " slots is not a power of two");
        }
        this.mapping = Mapping.onDemand((long) slots * STRIDE_BYTES);
        this.free = new long[slots];
        this.returned = new long[slots];
        for (int i = 0; i < slots; i++) {
            free[i] = mapping.address() + (long) (slots - 1 - i) * STRIDE_BYTES;
        }
        this.freeCount = slots;
    }

    @Override
    public long allocate() {
        if (freeCount == 0) {
            reclaim();
        }
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        System.arraycopy(handles, offset, free, freeCount, count);
        freeCount += count;
    }

    /** Reader: gives a slot back whose frame has been sent. */
    public void giveBack(long handle) {
        long count = returnedCount[PADDING_WORDS];
        returned[(int) count & returned.length - 1] = handle;
        WORD.setRelease(returnedCount, PADDING_WORDS, count + 1);
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return MIN_HEADROOM_BYTES + LONGEST_FRAME_BYTES;
    }

    @Override
    public void close() {
        mapping.close();
    }

    private void reclaim() {
        long available = (long) WORD.getAcquire(returnedCount, PADDING_WORDS);
        while (reclaimed < available) {
            free[freeCount++] = returned[(int) reclaimed++ & returned.length - 1];
        }
    }
}
