// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.handoff.HandOffPort;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.port.PortQueue;
import io.makas.flow.pipeline.DropReason;

/**
 * A port's queue as the worker sees it: its number, and the batch of frames that wait to be sent by it at the end of the burst.
 *
 * <p>Thread: the worker.
 */
public final class OutputQueue {

    final PortQueue port;
    final int number;
    final FramePool pool;
    final int maxFrameBytes;
    final FrameBatch batch = new FrameBatch();

    /** Why a frame is dropped for which {@link #pool} has no buffer. */
    final DropReason noBuffer;

    /** Makes an empty batch for a queue of the port with this number. */
    public OutputQueue(PortQueue port, int number) {
        this.port = port;
        this.number = number;
        this.pool = port.pool();
        this.maxFrameBytes = port.maxFrameBytes();
        this.noBuffer = port instanceof HandOffPort ? DropReason.HAND_OFF_FULL : DropReason.NO_BUFFER;
    }

    /** The port's queue. */
    public PortQueue port() {
        return port;
    }

    /** The port's OpenFlow number. */
    public int number() {
        return number;
    }

    /** Appends a frame of this port's pool, as far finished as its peer needs, sending a full batch off first. */
    void add(long handle, long address, int lengthBytes, long offload) {
        if (!batch.hasRoom()) {
            port.transmit(batch);
        }
        batch.add(handle, address, lengthBytes, offload);
    }

    /** Sends what waits. */
    void flush() {
        if (batch.count > 0) {
            port.transmit(batch);
        }
    }
}
