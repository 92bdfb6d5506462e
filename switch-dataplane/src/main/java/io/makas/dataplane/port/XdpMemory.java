// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.Umem;
import java.util.ArrayList;
import java.util.List;

/**
 * The frame memory of AF_XDP ports. Where one worker owns all queues, each {@link Umem} serves several, between which frames
 * pass without a copy, and a new one is made when all are full. Where there are several workers, each queue has its own, so
 * that it can be given to any of them and moved.
 *
 * <p>Not one for all: the kernel keeps some 100 bytes for each chunk of the memory and each socket, so that what a socket
 * costs grows with the memory that it shares.
 *
 * <p>Thread: control, any. Owner: the data path, which closes it after the ports.
 */
public final class XdpMemory implements AutoCloseable {

    /** Queues that share a memory of small frames at most. */
    static final int QUEUES = 16;
    /** Queues that share a memory of long frames at most. */
    static final int QUEUES_OF_LONG_FRAMES = 8;

    /** Of a memory with the most queues, half is for the least that each has to receive into. */
    private static final int CHUNKS_PER_QUEUE = 2 * XdpQueue.LEAST_FILLED;
    /** Of a memory with one queue. */
    private static final int CHUNKS_OF_ONE = 2048;

    private static final int LARGE_BUFFERS_PER_QUEUE = 64;
    private static final int LARGE_BUFFERS_OF_ONE = 256;

    /** A memory and who uses it. Guarded by the shelf. */
    private static final class Shared {
        final Umem umem;
        final boolean isForLongFrames;
        final boolean[] taken;
        int users;

        Shared(boolean isForLongFrames, int queues) {
            int chunks = queues == 1 ? CHUNKS_OF_ONE : queues * CHUNKS_PER_QUEUE;
            int largeBuffers = queues == 1 ? LARGE_BUFFERS_OF_ONE : queues * LARGE_BUFFERS_PER_QUEUE;
            this.isForLongFrames = isForLongFrames;
            this.umem = isForLongFrames
                    ? new Umem(chunks, Umem.LARGE_FRAME_BYTES, largeBuffers)
                    : new Umem(chunks, Umem.SMALL_FRAME_BYTES);
            this.taken = new boolean[queues];
        }
    }

    /**
     * One queue's right to use a memory. To be closed once, after its socket.
     *
     * <p>Thread: control.
     */
    final class Seat implements AutoCloseable {
        private final Shared shared;
        private final int holder;
        private boolean closed;

        private Seat(Shared shared, int holder) {
            this.shared = shared;
            this.holder = holder;
        }

        Umem umem() {
            return shared.umem;
        }

        /** The queue's number within the memory, from 1. */
        int holder() {
            return holder;
        }

        @Override
        public void close() {
            synchronized (XdpMemory.this) {
                if (!closed) {
                    closed = true;
                    leave(shared, holder);
                }
            }
        }
    }

    private final boolean isShared;
    private final List<Shared> memories = new ArrayList<>();
    private boolean closed;

    private XdpMemory(boolean isShared) {
        this.isShared = isShared;
    }

    /** For queues that one worker owns. */
    public static XdpMemory shared() {
        return new XdpMemory(true);
    }

    /** For queues that may belong to any worker. */
    public static XdpMemory apart() {
        return new XdpMemory(false);
    }

    /**
     * Finds a memory with room for one more queue, or makes one.
     *
     * @param isForLongFrames whether frames may be too long for a small chunk
     */
    synchronized Seat enter(boolean isForLongFrames) {
        for (Shared shared : memories) {
            if (shared.isForLongFrames == isForLongFrames && shared.users < shared.taken.length) {
                return enter(shared);
            }
        }
        int queues = !isShared ? 1 : isForLongFrames ? QUEUES_OF_LONG_FRAMES : QUEUES;
        Shared made = new Shared(isForLongFrames, queues);
        memories.add(made);
        return enter(made);
    }

    /** How many memories there are. */
    synchronized int count() {
        return memories.size();
    }

    /** Gives back what no queue uses; what is used then goes with its last queue. */
    @Override
    public synchronized void close() {
        closed = true;
        memories.removeIf(shared -> {
            if (shared.users == 0) {
                shared.umem.close();
            }
            return shared.users == 0;
        });
    }

    private Seat enter(Shared shared) {
        int free = 0;
        while (shared.taken[free]) {
            free++;
        }
        shared.taken[free] = true;
        shared.users++;
        return new Seat(shared, free + 1);
    }

    /** One empty memory of each kind is kept: making one takes milliseconds, and the next port wants it at once. */
    private void leave(Shared shared, int holder) {
        shared.umem.reclaim(holder);
        shared.taken[holder - 1] = false;
        shared.users--;
        if (shared.users > 0) {
            return;
        }
        boolean isSpare = memories.stream()
                .noneMatch(other -> other != shared
                        && other.isForLongFrames == shared.isForLongFrames
                        && other.users < other.taken.length);
        if (closed || !isSpare) {
            memories.remove(shared);
            shared.umem.close();
        }
    }
}
