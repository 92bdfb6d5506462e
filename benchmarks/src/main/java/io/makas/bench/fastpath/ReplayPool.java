// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import io.makas.dataplane.memory.FramePool;
import java.lang.foreign.Arena;

/** Buffers that are in use again and again in turn, whatever became of their frames: so nothing is lent or given back. */
final class ReplayPool extends FramePool {

    private static final int ALIGNMENT_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final int sizeBytes;
    private final long base;

    ReplayPool(int buffers, int sizeBytes) {
        this.sizeBytes = sizeBytes;
        this.base = arena.allocate((long) buffers * sizeBytes, ALIGNMENT_BYTES).address();
    }

    /** The buffer with a number. */
    long buffer(int number) {
        return base + (long) number * sizeBytes;
    }

    @Override
    public long allocate() {
        return NONE;
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        // They come again anyway.
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return sizeBytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
