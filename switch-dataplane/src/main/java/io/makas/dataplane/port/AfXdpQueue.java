// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;

/**
 * A further queue of an {@link AfXdpPort}, with a socket of its own. Thread: see {@link PortQueue}.
 */
final class AfXdpQueue extends PortQueue {

    private final XdpQueue queue;

    AfXdpQueue(AfXdpSetup setup, int index) {
        this.queue = setup.queue(index, counters());
    }

    /** The socket at work. */
    XdpQueue queue() {
        return queue;
    }

    @Override
    public FramePool pool() {
        return queue.pool();
    }

    @Override
    public int maxFrameBytes() {
        return queue.maxFrameBytes();
    }

    @Override
    public void attach() {
        queue.attach();
    }

    @Override
    public void detach() {
        queue.detach();
    }

    @Override
    public int offloads() {
        return queue.offloads();
    }

    @Override
    public int receive(FrameBatch into) {
        return queue.receive(into);
    }

    @Override
    public int transmit(FrameBatch from) {
        return queue.transmit(from);
    }

    @Override
    public void maintain() {
        queue.maintain();
    }

    @Override
    public int wakeUpFileDescriptor() {
        return queue.wakeUpFileDescriptor();
    }

    @Override
    public boolean armWakeUp() {
        return queue.armWakeUp();
    }
}
