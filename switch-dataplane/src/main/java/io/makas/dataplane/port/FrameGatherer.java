// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;

/**
 * Puts a long frame together that the kernel received in several chunks: in a large buffer, with one copy.
 *
 * <p>Thread: the worker of the queue.
 */
final class FrameGatherer {

    private final Umem umem;

    /** The large buffer, or {@link FramePool#NONE} between frames and for a frame that is to be dropped. */
    private long buffer = FramePool.NONE;

    private int bytes;
    private boolean fails;

    FrameGatherer(Umem umem) {
        this.umem = umem;
    }

    /** Whether a frame has begun whose end has not come. */
    boolean isBusy() {
        return bytes > 0;
    }

    /**
     * Adds a chunk, which is released.
     *
     * @param into where the frame goes with its last chunk
     * @return 1 if that ends a frame for which there is no room, else 0
     */
    int add(long chunk, long address, int lengthBytes, boolean isLast, FrameBatch into) {
        if (bytes == 0) {
            buffer = umem.allocateLarge();
            fails = buffer == FramePool.NONE;
        }
        fails |= bytes + lengthBytes > umem.longestFrameBytes();
        if (!fails) {
            Memory.copy(address, start() + bytes, lengthBytes);
        }
        umem.release(chunk);
        bytes += lengthBytes;
        if (!isLast) {
            return 0;
        }
        if (fails) {
            drop();
            return 1;
        }
        into.add(buffer, start(), bytes);
        buffer = FramePool.NONE;
        bytes = 0;
        return 0;
    }

    /** Forgets the frame that has begun. */
    void drop() {
        if (buffer != FramePool.NONE) {
            umem.release(buffer);
            buffer = FramePool.NONE;
        }
        bytes = 0;
    }

    private long start() {
        return umem.bufferAddress(buffer) + XdpSocket.XDP_PACKET_HEADROOM;
    }
}
