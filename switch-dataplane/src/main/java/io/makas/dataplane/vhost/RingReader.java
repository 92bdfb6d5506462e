// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.StockedFramePool;

/**
 * A ring by which a guest sends.
 *
 * <p>Frames are copied into private buffers before anybody looks at them, so that the guest cannot change what was looked at.
 */
public abstract non-sealed class RingReader extends GuestRing {

    /** Shortest frame: an Ethernet header. */
    static final int MIN_FRAME_BYTES = 14;

    private long receivedBytes;
    private int dropped;

    RingReader(RingSetup setup) {
        super(setup);
    }

    /**
     * Takes frames into an empty batch.
     *
     * @param stock where buffers are taken from; when it is empty, frames wait in the ring
     * @return number of frames, also {@code into.count}
     */
    public abstract int receive(FrameBatch into, StockedFramePool.Stock stock);

    /** Asks the guest to signal the next frame. Returns whether frames wait already. */
    public abstract boolean arm();

    /** Asks the guest not to signal. */
    public abstract void disarm();

    /** Bytes of the frames that the last {@link #receive} took. */
    public final long receivedBytes() {
        return receivedBytes;
    }

    /** Frames that the last {@link #receive} dropped: too long for a buffer, too short, or with a header that makes no sense. */
    public final int dropped() {
        return dropped;
    }

    final void account(long bytes, int droppedFrames) {
        receivedBytes = bytes;
        dropped = droppedFrames;
    }
}
