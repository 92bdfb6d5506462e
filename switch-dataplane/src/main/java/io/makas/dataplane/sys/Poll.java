// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Waits for any of a few file descriptors: {@code poll(2)} with an array of {@code struct pollfd} that is kept.
 *
 * <p>Thread: one at a time, e.g. an idle worker. Owner: the one who made it.
 */
public final class Poll implements AutoCloseable {

    /** {@code POLLIN} of {@code asm-generic/poll.h}. */
    public static final short POLLIN = 1;
    /** {@code POLLERR}, answered unasked. */
    public static final short POLLERR = 8;
    /** {@code POLLHUP}, answered unasked. */
    public static final short POLLHUP = 16;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SIZE_BYTES = 8;
    private static final int EVENTS = 4;
    private static final int ANSWERED = 6;

    private final Arena arena = Arena.ofShared();
    /** {@code struct timespec}. */
    private final long timespec = arena.allocate(2 * Long.BYTES, Long.BYTES).address();

    private final int capacity;
    private final long base;

    /** Makes room for a number of descriptors; all slots are empty. */
    public Poll(int capacity) {
        this.capacity = capacity;
        this.base = arena.allocate((long) capacity * SIZE_BYTES, SIZE_BYTES).address();
        for (int slot = 0; slot < capacity; slot++) {
            set(slot, -1, (short) 0);
        }
    }

    /**
     * Puts a descriptor into a slot.
     *
     * @param slot 0 to capacity − 1
     * @param fd file descriptor; a negative one leaves the slot empty
     * @param events what to wait for, e.g. {@link #POLLIN}
     */
    public void set(int slot, int fd, short events) {
        if (slot < 0 || slot >= capacity) {
            throw new IndexOutOfBoundsException("slot " + slot + " of " + capacity);
        }
        long at = base + (long) slot * SIZE_BYTES;
        Memory.ALL.set(ValueLayout.JAVA_INT, at, fd);
        Memory.ALL.set(ValueLayout.JAVA_SHORT, at + EVENTS, events);
        Memory.ALL.set(ValueLayout.JAVA_SHORT, at + ANSWERED, (short) 0);
    }

    /**
     * Waits.
     *
     * @param timeoutMs longest wait in milliseconds; 0 looks and goes, −1 waits for ever
     * @return number of slots with an answer, 0 after the time-out, or −errno ({@code −EINTR} when a signal came)
     */
    public int await(int timeoutMs) {
        return LibcFiles.poll(base, capacity, timeoutMs);
    }

    /**
     * Waits for the descriptors in the first slots, with a time-out as fine as the thread's timer slack ({@link TimerSlack}).
     *
     * @param slots number of slots to look at, from the first
     * @param timeoutNs longest wait in nanoseconds, from 0
     * @return as {@link #await}
     */
    public int awaitNs(int slots, long timeoutNs) {
        Memory.ALL.set(ValueLayout.JAVA_LONG, timespec, timeoutNs / SECOND_NS);
        Memory.ALL.set(ValueLayout.JAVA_LONG, timespec + Long.BYTES, timeoutNs % SECOND_NS);
        return LibcFiles.ppoll(base, Math.min(slots, capacity), timespec);
    }

    /** What the last {@link #await} answered for a slot: a set of {@link #POLLIN} and others, 0 for nothing. */
    public short answer(int slot) {
        return Memory.ALL.get(ValueLayout.JAVA_SHORT, base + (long) slot * SIZE_BYTES + ANSWERED);
    }

    @Override
    public void close() {
        arena.close();
    }
}
