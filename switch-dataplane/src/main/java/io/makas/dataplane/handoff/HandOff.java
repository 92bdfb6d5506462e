// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.handoff;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The way from one worker to one other: a ring of frames, each with the number of the port that it leaves by.
 *
 * <p>What is in the ring belongs to the reader. A frame lies in a {@linkplain #slots slot} of this pair, which the reader gives
 * back, or in a buffer of a pool that {@linkplain FramePool#servesManyWorkers serves many workers}, which it sends as it is. So
 * no pool that belongs to one worker is ever touched by another.
 *
 * <p>Correctness: the writer fills entries before it publishes them by a release of {@code tail}, the reader acquires
 * {@code tail} before it reads them, and gives their place back by a release of {@code head}. Both positions only grow and
 * each has one writer. After a publication comes a full fence and then a look whether the reader rests; the reader, before it
 * rests, says so and then looks at {@code tail}: one of the two sees the other.
 *
 * <p>Threads: {@link #put} and {@link #slots} of the sending worker, {@link #peek}, the accessors and {@link #advance} of the
 * owning worker. {@link #isEmpty} of the owner; {@link #handedOver} and {@link #refused} from anywhere.
 */
public final class HandOff implements AutoCloseable {

    /** Frames on the way at most, a power of two. */
    public static final int CAPACITY = 1024;

    private static final int MASK = CAPACITY - 1;

    /** Words between the positions, so that writer and reader do not take each other's cache line away. */
    private static final int PADDING_WORDS = 16;

    private static final int TAIL = PADDING_WORDS;
    private static final int HEAD = 2 * PADDING_WORDS;
    private static final int HANDED_OVER = 3 * PADDING_WORDS;
    private static final int REFUSED = HANDED_OVER + 1;
    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words = new long[4 * PADDING_WORDS];
    private final int[] port = new int[CAPACITY];
    private final long[] handle = new long[CAPACITY];
    private final long[] address = new long[CAPACITY];
    private final int[] lengthBytes = new int[CAPACITY];
    private final long[] offload = new long[CAPACITY];
    private final FramePool[] pool = new FramePool[CAPACITY];

    private final SlotPool slots = new SlotPool(CAPACITY);
    private final Runnable wakeReader;

    /** The writer's copy of what it published, and of the reader's position as it last saw it. */
    private long tail;

    private long headSeen;

    /** The reader's copy of its position, and of the writer's as it last saw it. */
    private long head;

    private long tailSeen;

    /**
     * Makes an empty ring.
     *
     * @param wakeReader ends the reader's rest if it rests; called after each batch, hence cheap if it does not
     */
    public HandOff(Runnable wakeReader) {
        this.wakeReader = wakeReader;
    }

    /** The pool of this pair, for frames whose own pool belongs to the sender alone. */
    public SlotPool slots() {
        return slots;
    }

    /**
     * Writer: hands frames over, as many as there is room for, from the first. The others stay the caller's.
     *
     * @param number OpenFlow number of the port that they are to leave by
     * @param from frames of {@link #slots} or of a pool that serves many workers
     * @param fromPool that pool
     * @return number of frames handed over
     */
    public int put(int number, FrameBatch from, FramePool fromPool) {
        long at = tail;
        int count = from.count;
        if (at + count - headSeen > CAPACITY) {
            headSeen = (long) WORD.getAcquire(words, HEAD);
            count = (int) Math.min(count, headSeen + CAPACITY - at);
        }
        for (int i = 0; i < count; i++) {
            int entry = (int) (at + i) & MASK;
            port[entry] = number;
            handle[entry] = from.handle[i];
            address[entry] = from.address[i];
            lengthBytes[entry] = from.lengthBytes[i];
            offload[entry] = from.offload[i];
            pool[entry] = fromPool;
        }
        if (count < from.count) {
            WORD.setOpaque(words, REFUSED, words[REFUSED] + from.count - count);
        }
        if (count > 0) {
            tail = at + count;
            WORD.setRelease(words, TAIL, tail);
            WORD.setOpaque(words, HANDED_OVER, words[HANDED_OVER] + count);
            VarHandle.fullFence();
            wakeReader.run();
        }
        return count;
    }

    /** Reader: number of frames that wait, at most {@code most}. They are entries 0, 1, … until {@link #advance}. */
    public int peek(int most) {
        if (tailSeen - head < most) {
            tailSeen = (long) WORD.getAcquire(words, TAIL);
        }
        return (int) Math.min(most, tailSeen - head);
    }

    /** Reader: whether nothing waits. */
    public boolean isEmpty() {
        return (long) WORD.getAcquire(words, TAIL) == head;
    }

    /** Reader: the port that waiting frame {@code i} is to leave by. */
    public int port(int i) {
        return port[(int) (head + i) & MASK];
    }

    /** Reader: buffer of waiting frame {@code i}, as {@link #pool} names it. */
    public long handle(int i) {
        return handle[(int) (head + i) & MASK];
    }

    /** Reader: where waiting frame {@code i} begins. */
    public long address(int i) {
        return address[(int) (head + i) & MASK];
    }

    /** Reader: length of waiting frame {@code i}. */
    public int lengthBytes(int i) {
        return lengthBytes[(int) (head + i) & MASK];
    }

    /** Reader: what the sender of waiting frame {@code i} left undone, see {@link io.makas.dataplane.memory.Offload}. */
    public long offload(int i) {
        return offload[(int) (head + i) & MASK];
    }

    /** Reader: the pool of waiting frame {@code i}: {@link #slots}, or one that serves many workers. */
    public FramePool pool(int i) {
        return pool[(int) (head + i) & MASK];
    }

    /** Reader: is done with the first {@code count} waiting frames. Those in slots must have been given back. */
    public void advance(int count) {
        head += count;
        WORD.setRelease(words, HEAD, head);
    }

    /** Frames handed over so far. */
    public long handedOver() {
        return (long) WORD.getOpaque(words, HANDED_OVER);
    }

    /** Frames for which there was no room. */
    public long refused() {
        return (long) WORD.getOpaque(words, REFUSED);
    }

    /** Frees the slots, when both workers have stopped. */
    @Override
    public void close() {
        slots.close();
    }
}
