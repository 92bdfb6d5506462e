// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import java.lang.foreign.Arena;

/**
 * A pool in one block of native memory, for ports whose peer sets no form of its own. A stack of free buffers: the buffer
 * released last, still in the processor's caches, is lent next.
 *
 * <p>Thread: the worker of the port.
 */
public final class NativeFramePool extends FramePool {

    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final int bufferSizeBytes;
    private final long[] free;
    private int freeCount;

    /**
     * Makes a pool.
     *
     * @param buffers number of buffers
     * @param bufferSizeBytes size of each, headroom included
     */
    public NativeFramePool(int buffers, int bufferSizeBytes) {
        int strideBytes = (bufferSizeBytes + ALIGNMENT_BYTES - 1) & -ALIGNMENT_BYTES;
        long base =
                arena.allocate((long) buffers * strideBytes, ALIGNMENT_BYTES).address();
        this.bufferSizeBytes = bufferSizeBytes;
        this.free = new long[buffers];
        for (int i = 0; i < buffers; i++) {
            free[i] = base + (long) (buffers - 1 - i) * strideBytes;
        }
        this.freeCount = buffers;
    }

    @Override
    public long allocate() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        for (int i = 0; i < count; i++) {
            free[freeCount++] = handles[offset + i];
        }
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return bufferSizeBytes;
    }

    /** Buffers that are not lent out. */
    public int available() {
        return freeCount;
    }

    @Override
    public void close() {
        arena.close();
    }
}
