// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.handoff.HandOff;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.pipeline.DropReason;

/**
 * Sends the frames that other workers hand over, by the queues of this worker. They went through the pipeline where they were
 * received.
 *
 * <p>Thread: the worker. Owner: the worker. Allocates nothing once it is made.
 */
public final class HandOffReceiver {

    private final DropCounters drops;
    private final OutputQueue[] queues;
    private final OutputQueue[] dirty;
    private int dirtyCount;
    private final long[] one = new long[1];

    /** Ports of which this worker is about to get a queue: frames for them wait until it has come. */
    private final boolean[] awaited;

    /**
     * Makes the receiver of a worker.
     *
     * @param drops where drops are counted
     * @param queues the ports by number, shared with the worker, who fills it in
     */
    public HandOffReceiver(DropCounters drops, OutputQueue[] queues) {
        this.drops = drops;
        this.queues = queues;
        this.dirty = new OutputQueue[queues.length];
        this.awaited = new boolean[queues.length];
    }

    /** Says whether frames for a port are to wait in their ring. */
    public void await(int number, boolean isAwaited) {
        awaited[number] = isAwaited;
    }

    /** Sends up to a burst of what waits. Returns how many frames it took. */
    public int receive(HandOff from) {
        int waiting = from.peek(FrameBatch.CAPACITY);
        int taken = 0;
        while (taken < waiting && !awaited[from.port(taken)]) {
            send(from, taken);
            taken++;
        }
        if (taken > 0) {
            for (int i = 0; i < dirtyCount; i++) {
                dirty[i].flush();
                dirty[i] = null;
            }
            dirtyCount = 0;
            from.advance(taken);
        }
        return taken;
    }

    private void send(HandOff from, int i) {
        OutputQueue output = queues[from.port(i)];
        int lengthBytes = from.lengthBytes(i);
        FramePool pool = from.pool(i);
        // Of a frame that is to be cut the segments count, which the sender has looked at.
        boolean whole = Offload.gsoType(from.offload(i)) == Offload.GSO_NONE;
        if (output == null || whole && lengthBytes > output.maxFrameBytes) {
            drops.count(output == null ? DropReason.NO_SUCH_PORT : DropReason.FRAME_TOO_LONG);
            giveBack(from, i);
        } else if (output.pool == pool && pool != from.slots()) {
            enqueue(output, from.handle(i), from.address(i), lengthBytes, from.offload(i));
        } else {
            copy(output, from, i);
            giveBack(from, i);
        }
    }

    private void copy(OutputQueue output, HandOff from, int i) {
        long copy = output.pool.allocate(from.lengthBytes(i));
        if (copy == FramePool.NONE) {
            drops.count(output.noBuffer);
            return;
        }
        long address = output.pool.bufferAddress(copy) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copy(from.address(i), address, from.lengthBytes(i));
        enqueue(output, copy, address, from.lengthBytes(i), from.offload(i));
    }

    private void enqueue(OutputQueue output, long handle, long address, int lengthBytes, long offload) {
        if (output.batch.count == 0) {
            dirty[dirtyCount++] = output;
        }
        output.add(handle, address, lengthBytes, offload);
    }

    private void giveBack(HandOff from, int i) {
        FramePool pool = from.pool(i);
        if (pool == from.slots()) {
            from.slots().giveBack(from.handle(i));
        } else {
            one[0] = from.handle(i);
            pool.release(one, 0, 1);
        }
    }
}
