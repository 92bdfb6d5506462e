// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

/**
 * Lends frame buffers by handle: an mbuf pointer, or the address of a UMEM chunk. A handle means something to its pool
 * only; a frame that leaves by a port of another pool is copied into a buffer of that pool.
 *
 * <p>Thread: the worker that owns the queues of this pool; any worker's if it {@linkplain #servesManyWorkers serves many}. Queues
 * that share a pool which does not are always given to one worker. Owner: the port, or the data path for a pool that ports
 * share.
 */
public abstract class FramePool implements AutoCloseable {

    /** Bytes free in front of a received frame at least, so that tags can be pushed without moving the frame. */
    public static final int MIN_HEADROOM_BYTES = 128;

    /** What {@link #allocate()} answers when every buffer is lent out. */
    public static final long NONE = 0;

    /** Borrows one buffer. Returns its handle, or {@link #NONE} when the pool is empty: expected, never an exception. */
    public abstract long allocate();

    /**
     * Borrows one buffer with room for a frame of this length behind {@link #MIN_HEADROOM_BYTES}; {@link #NONE} when there is
     * none left, or none so large. Pools of ports that carry large segments have a few large buffers besides the usual ones.
     */
    public long allocate(int frameBytes) {
        return frameBytes <= maxFrameBytes() ? allocate() : NONE;
    }

    /** Gives back {@code count} buffers, {@code handles[offset]} onwards. Each must be lent and not in a port's hands. */
    public abstract void release(long[] handles, int offset, int count);

    /** Absolute address of the first byte that may be written in a lent buffer. */
    public abstract long bufferAddress(long handle);

    /** Size of the usual buffer from {@link #bufferAddress}, headroom included, in bytes. */
    public abstract int bufferSizeBytes();

    /** Whether several workers may use the pool at once, and one may release what another has allocated. */
    public boolean servesManyWorkers() {
        return false;
    }

    /** Size of this buffer, which may be a large one. */
    public int bufferSizeBytes(long handle) {
        return bufferSizeBytes();
    }

    /** Longest frame that a usual buffer can hold behind {@link #MIN_HEADROOM_BYTES}, in bytes. */
    public final int maxFrameBytes() {
        return bufferSizeBytes() - MIN_HEADROOM_BYTES;
    }

    /** Frees the memory. No buffer may be in a port's hands any more. */
    @Override
    public abstract void close();
}
