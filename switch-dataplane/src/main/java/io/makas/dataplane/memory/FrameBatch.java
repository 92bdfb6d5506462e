// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

/**
 * Up to {@link #CAPACITY} frames of one pool, as parallel arrays: a struct of arrays, because the worker runs over one
 * property of all frames at a time.
 *
 * <p>For each {@code i < count}: {@code handle[i]} names the buffer to its pool, {@code address[i]} is the absolute
 * address of the frame's first byte, {@code lengthBytes[i]} its length. A port that receives fills the batch and checks
 * {@code 0 < lengthBytes[i]}, and that the frame is contiguous and inside its buffer; nobody reads or writes past
 * {@code address + lengthBytes} later on, and only {@link FramePool#MIN_HEADROOM_BYTES} before it. {@code offload[i]} says
 * what its sender left undone, see {@link Offload}; every receive sets it.
 *
 * <p>Thread: the worker. The fields are public on purpose: this is the innermost loop of the switch.
 */
public final class FrameBatch {

    /** Frames in one burst; what DPDK and Open vSwitch use as well. */
    public static final int CAPACITY = 32;

    /** Number of frames held, 0 to {@link #CAPACITY}. */
    public int count;

    /** Buffer of frame i, as its pool names it. */
    public final long[] handle = new long[CAPACITY];

    /** Absolute address of the first byte of frame i. */
    public final long[] address = new long[CAPACITY];

    /** Length of frame i in bytes, from the first byte of the Ethernet header, without frame check sequence. */
    public final int[] lengthBytes = new int[CAPACITY];

    /** What the sender of frame i left undone: {@link Offload#NONE}, or as {@link Offload} packs it. */
    public final long[] offload = new long[CAPACITY];

    /** Appends one finished frame. The batch must not be full. */
    public void add(long frameHandle, long frameAddress, int frameLengthBytes) {
        add(frameHandle, frameAddress, frameLengthBytes, Offload.NONE);
    }

    /** Appends one frame. The batch must not be full. */
    public void add(long frameHandle, long frameAddress, int frameLengthBytes, long frameOffload) {
        int i = count;
        handle[i] = frameHandle;
        address[i] = frameAddress;
        lengthBytes[i] = frameLengthBytes;
        offload[i] = frameOffload;
        count = i + 1;
    }

    /** Forgets the frames, without releasing them. */
    public void clear() {
        count = 0;
    }

    /** Whether one more frame fits. */
    public boolean hasRoom() {
        return count < CAPACITY;
    }
}
