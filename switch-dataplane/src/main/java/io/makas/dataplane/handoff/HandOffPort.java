// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.handoff;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.port.PortQueue;
import io.makas.flow.pipeline.DropReason;

/**
 * What a worker sends by to a port that has no queue of its own: the frames go to the worker that has one.
 *
 * <p>Its pool is the port's where that serves many workers, so that frames of the same pool cross without a copy; otherwise the
 * slots of the pair. Counters of the port count a frame when it is really sent; what does not fit is dropped here, as
 * {@link DropReason#HAND_OFF_FULL}.
 *
 * <p>Thread: the sending worker.
 */
public final class HandOffPort extends PortQueue {

    private final HandOff handOff;
    private final int number;
    private final PortQueue queue;
    private final FramePool pool;
    private final int maxFrameBytes;
    private final DropCounters drops;

    /**
     * Makes the sending end.
     *
     * @param handOff the way to the worker that has a queue
     * @param number OpenFlow number of the port
     * @param queue that queue, whose pool, longest frame and offloads are looked at
     * @param drops of the sending worker
     */
    public HandOffPort(HandOff handOff, int number, PortQueue queue, DropCounters drops) {
        this.handOff = handOff;
        this.number = number;
        this.queue = queue;
        this.pool = queue.pool().servesManyWorkers() ? queue.pool() : handOff.slots();
        this.maxFrameBytes = Math.min(queue.maxFrameBytes(), pool.maxFrameBytes());
        this.drops = drops;
    }

    @Override
    public FramePool pool() {
        return pool;
    }

    @Override
    public int maxFrameBytes() {
        return maxFrameBytes;
    }

    /** What the peer can do: frames cross as far finished as it needs them. */
    @Override
    public int offloads() {
        return queue.offloads();
    }

    /** Nothing comes from there: who receives on the port's queues carries what it receives. */
    @Override
    public int receive(FrameBatch into) {
        return 0;
    }

    @Override
    public int transmit(FrameBatch from) {
        int count = from.count;
        int taken = handOff.put(number, from, pool);
        if (taken < count) {
            for (int i = taken; i < count; i++) {
                drops.count(DropReason.HAND_OFF_FULL);
            }
            pool.release(from.handle, taken, count - taken);
        }
        from.clear();
        return taken;
    }
}
