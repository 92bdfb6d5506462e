// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import io.makas.dataplane.sys.Mapping;

/**
 * Frame memory for AF_XDP sockets ({@code UMEM} in kernel documents): equal buffers in one mapping, that the kernel copies
 * frames into and out of. Sockets of several ports may use one memory; a frame then passes between them without a copy.
 *
 * <p>A handle is the absolute address of a buffer; a buffer's offset in the memory is what the rings carry. A stack of free
 * buffers: the one released last, still in the processor's caches, is lent next.
 *
 * <p>Thread: the worker of the ports that use it; made and closed by a control thread. Owner: the port, or whoever made it
 * for several ports; it must be closed after them.
 */
public final class Umem extends FramePool {

    /** The smallest buffer of AF_XDP ({@code XDP_UMEM_MIN_CHUNK_SIZE}), and enough for an MTU of 1500. */
    public static final int SMALL_FRAME_BYTES = 2048;

    /** The largest buffer: one page. */
    public static final int LARGE_FRAME_BYTES = 4096;

    private final Mapping mapping;
    private final long base;
    private final int frameBytes;
    private final long[] free;
    private int freeCount;

    /**
     * Maps memory.
     *
     * @param frames number of buffers
     * @param frameBytes size of each: {@link #SMALL_FRAME_BYTES} or {@link #LARGE_FRAME_BYTES}
     */
    public Umem(int frames, int frameBytes) {
        if (frameBytes != SMALL_FRAME_BYTES && frameBytes != LARGE_FRAME_BYTES) {
            throw new IllegalArgumentException("frame buffers of " + frameBytes + " bytes: the kernel has those of "
                    + SMALL_FRAME_BYTES + " and " + LARGE_FRAME_BYTES);
        }
        this.mapping = Mapping.anonymous((long) frames * frameBytes);
        this.base = mapping.address();
        this.frameBytes = frameBytes;
        this.free = new long[frames];
        for (int i = 0; i < frames; i++) {
            free[i] = base + (long) (frames - 1 - i) * frameBytes;
        }
        this.freeCount = frames;
    }

    /** The mapping to register with a socket. */
    public Mapping mapping() {
        return mapping;
    }

    /** What the rings call an address of this memory. */
    public long offset(long address) {
        return address - base;
    }

    /** The absolute address of an offset that came out of a ring. */
    public long address(long offset) {
        return base + offset;
    }

    /** The buffer that an offset is in. */
    public long handle(long offset) {
        return base + (offset & -frameBytes);
    }

    @Override
    public long allocate() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        assert freeCount + count <= free.length : "more buffers came back than were lent";
        System.arraycopy(handles, offset, free, freeCount, count);
        freeCount += count;
    }

    /** Gives back one buffer. */
    public void release(long handle) {
        assert freeCount < free.length : "more buffers came back than were lent";
        assert handle >= base && handle < base + mapping.sizeBytes() && (handle - base) % frameBytes == 0;
        free[freeCount++] = handle;
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return frameBytes;
    }

    /** Number of buffers in all. */
    public int frames() {
        return free.length;
    }

    /** Number of buffers that are not lent out. */
    public int available() {
        return freeCount;
    }

    @Override
    public void close() {
        mapping.close();
    }
}
