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

    /** Longest frame in a large buffer: an IP packet of 65,535 bytes, the Ethernet header, and tags. */
    public static final int LARGE_FRAME_BYTES = 65_535 + 14 + 4 * 4;

    private static final int ALIGNMENT_BYTES = 64;
    private static final int LARGE_BUFFER_BYTES = MIN_HEADROOM_BYTES + LARGE_FRAME_BYTES;

    private final Arena arena = Arena.ofShared();
    private final int bufferSizeBytes;
    private final long[] free;
    private final int largeBuffers;
    private int freeCount;

    /** Null until the first is asked for. */
    private long[] largeFree;

    private int largeFreeCount;
    private long largeBase = Long.MAX_VALUE;
    private long largeEnd;

    /** Makes a pool without large buffers; see {@link #NativeFramePool(int, int, int)}. */
    public NativeFramePool(int buffers, int bufferSizeBytes) {
        this(buffers, bufferSizeBytes, 0);
    }

    /**
     * Makes a pool.
     *
     * @param buffers number of usual buffers
     * @param bufferSizeBytes size of each, headroom included
     * @param largeBuffers number of buffers for frames of up to {@link #LARGE_FRAME_BYTES}
     */
    public NativeFramePool(int buffers, int bufferSizeBytes, int largeBuffers) {
        this.bufferSizeBytes = bufferSizeBytes;
        this.largeBuffers = largeBuffers;
        this.free = new long[buffers];
        this.freeCount = buffers;
        fill(free, bufferSizeBytes);
    }

    @Override
    public long allocate() {
        return freeCount == 0 ? NONE : free[--freeCount];
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        for (int i = 0; i < count; i++) {
            long handle = handles[offset + i];
            if (isLarge(handle)) {
                largeFree[largeFreeCount++] = handle;
            } else {
                free[freeCount++] = handle;
            }
        }
    }

    /** Large buffers are made when the first one is asked for. */
    @Override
    public long allocate(int frameBytes) {
        if (frameBytes <= maxFrameBytes()) {
            return allocate();
        }
        if (largeFree == null && largeBuffers > 0) {
            makeLargeBuffers();
        }
        return largeFreeCount == 0 || frameBytes > LARGE_FRAME_BYTES ? NONE : largeFree[--largeFreeCount];
    }

    @Override
    public long bufferAddress(long handle) {
        return handle;
    }

    @Override
    public int bufferSizeBytes() {
        return bufferSizeBytes;
    }

    @Override
    public int bufferSizeBytes(long handle) {
        return isLarge(handle) ? LARGE_BUFFER_BYTES : bufferSizeBytes;
    }

    /** Usual buffers that are not lent out. */
    public int available() {
        return freeCount;
    }

    /** Large buffers that are not lent out. */
    public int availableLarge() {
        return largeFree == null ? largeBuffers : largeFreeCount;
    }

    @Override
    public void close() {
        arena.close();
    }

    private boolean isLarge(long handle) {
        return handle >= largeBase && handle < largeEnd;
    }

    private void makeLargeBuffers() {
        largeFree = new long[largeBuffers];
        largeFreeCount = largeBuffers;
        largeBase = fill(largeFree, LARGE_BUFFER_BYTES);
        largeEnd = largeFree[0] + LARGE_BUFFER_BYTES;
    }

    /** Makes buffers, the first of them on top of the stack. Returns its address. */
    private long fill(long[] stack, int sizeBytes) {
        long strideBytes = sizeBytes + ALIGNMENT_BYTES - 1 & -ALIGNMENT_BYTES;
        long base = arena.allocate(stack.length * strideBytes, ALIGNMENT_BYTES).address();
        for (int i = 0; i < stack.length; i++) {
            stack[i] = base + (stack.length - 1 - i) * strideBytes;
        }
        return base;
    }
}
