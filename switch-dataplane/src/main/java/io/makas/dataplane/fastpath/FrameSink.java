// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Frame;
import io.makas.flow.action.ProgramRunner;
import io.makas.flow.packet.Segmenter;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Operands;
import java.util.function.LongSupplier;

/**
 * Sends what a program sends: the frame itself where it may, a copy where it must; keeps what goes nowhere until it can be
 * given back together. A frame that its sender left unfinished leaves as far finished as each output's peer needs, see
 * {@link Finisher}.
 *
 * <p>Thread: the worker. Owner: the fast path. Allocates nothing once it is made.
 */
final class FrameSink implements ProgramRunner.Sink {

    private final DropCounters drops;
    private final OutputQueue[] queues;
    private final LongSupplier clockNs;
    private final OutputQueue[] dirty;
    private int dirtyCount;

    private final Finisher finisher = new Finisher();
    private final Frame[] copies = new Frame[ActionProgram.MAX_CLONE_DEPTH];
    private final RecirculationQueue recirculations = new RecirculationQueue();
    private final long[] spent = new long[2 * FrameBatch.CAPACITY];
    private int spentCount;

    /** Where the burst's frames lie, and copies for clones. */
    private FramePool pool;

    /** Of the packet whose program runs: what the program's numbers stand for, its rounds, its length as received. */
    private Operands operands;

    private int rounds;
    private int receivedBytes;

    FrameSink(DropCounters drops, OutputQueue[] queues, LongSupplier clockNs) {
        this.drops = drops;
        this.clockNs = clockNs;
        this.queues = queues;
        this.dirty = new OutputQueue[queues.length];
        for (int depth = 0; depth < copies.length; depth++) {
            copies[depth] = new Frame();
        }
    }

    /** Says where the frames of the burst that begins lie. */
    void begin(FramePool burstPool) {
        pool = burstPool;
    }

    /** Says that the frame in the cursor, just received, is not finished. */
    void adopt(Frame frame, long offload) {
        finisher.adopt(frame, offload);
    }

    /** Says whose program is to run: a packet as it was received. */
    void begin(Operands programOperands, int lengthBytes) {
        operands = programOperands;
        rounds = 0;
        receivedBytes = lengthBytes;
    }

    /** Takes the next frame that goes round into the cursor; false if there is none. */
    boolean takeRecirculated(Frame frame) {
        if (!recirculations.take(frame)) {
            return false;
        }
        rounds = recirculations.takenRound;
        receivedBytes = recirculations.takenReceivedBytes;
        return true;
    }

    /** The walk that the frame taken last goes on with. */
    int recirculationId() {
        return recirculations.takenId;
    }

    /** How long the packet of the frame taken last was when it was received. */
    int receivedBytes() {
        return receivedBytes;
    }

    /** Says what the numbers of the program stand for that the frame taken last goes on with. */
    void resume(Operands programOperands) {
        operands = programOperands;
    }

    /** Lets a frame of the port's pool, as far finished as the peer needs, wait for the end of the burst. */
    void enqueue(OutputQueue output, long handle, long address, int lengthBytes, long offload) {
        if (output.batch.count == 0) {
            dirty[dirtyCount++] = output;
        }
        output.add(handle, address, lengthBytes, offload);
    }

    /** Sends what waits. */
    void flushQueues() {
        for (int i = 0; i < dirtyCount; i++) {
            dirty[i].flush();
            dirty[i] = null;
        }
        dirtyCount = 0;
    }

    /** Keeps a frame of the burst's pool that went nowhere, to be released with others. */
    void spend(long handle) {
        if (spentCount == spent.length) {
            releaseSpent();
        }
        spent[spentCount++] = handle;
    }

    /** Gives back what went nowhere. */
    void releaseSpent() {
        if (spentCount > 0) {
            pool.release(spent, 0, spentCount);
            spentCount = 0;
        }
    }

    /** Ports have one queue each, so {@link Frame#queue} changes nothing yet. */
    @Override
    public void output(int portNumber, Frame sent, boolean last) {
        OutputQueue output = portNumber >= 0 && portNumber < queues.length ? queues[portNumber] : null;
        if (output == null) {
            drop(DropReason.NO_SUCH_PORT, sent, last);
        } else if (sent.longestSegmentBytes() > output.maxFrameBytes) {
            drop(DropReason.FRAME_TOO_LONG, sent, last);
        } else if (sent.offload != Offload.NONE) {
            outputUnfinished(output, sent, last);
        } else {
            send(output, sent, last, Offload.NONE);
        }
    }

    private void outputUnfinished(OutputQueue output, Frame sent, boolean last) {
        long offload = finisher.settle(sent, output.port.offloads());
        if (offload == Finisher.CUT) {
            cut(output, sent);
            if (last) {
                spend(sent.handle);
            }
        } else if (Offload.gsoType(offload) == Offload.GSO_NONE && sent.lengthBytes > output.maxFrameBytes) {
            drop(DropReason.FRAME_TOO_LONG, sent, last);
        } else {
            send(output, sent, last, offload);
        }
    }

    private void send(OutputQueue output, Frame sent, boolean last, long offload) {
        if (last && output.pool == pool) {
            enqueue(output, sent.handle, sent.address, sent.lengthBytes, offload);
            return;
        }
        if (!copyTo(output, sent, offload)) {
            if (Offload.gsoType(offload) == Offload.GSO_NONE) {
                drops.count(output.noBuffer);
            } else {
                // No large buffer left: small ones will do.
                cut(output, sent);
            }
        }
        if (last) {
            spend(sent.handle);
        }
    }

    /** Sends the segments of a frame in buffers of the output's pool. */
    private void cut(OutputQueue output, Frame sent) {
        FramePool outputPool = output.pool;
        long offload = finisher.ofSegment(sent, output.port.offloads());
        Segmenter segmenter = finisher.cut(sent);
        for (int left = segmenter.left(); left > 0; left--) {
            int lengthBytes = segmenter.nextBytes();
            long handle = outputPool.allocate(lengthBytes);
            if (handle == FramePool.NONE) {
                drops.count(output.noBuffer, left);
                return;
            }
            long address = outputPool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
            segmenter.next(address, offload == Offload.NONE);
            enqueue(output, handle, address, lengthBytes, offload);
        }
    }

    private void drop(DropReason reason, Frame sent, boolean last) {
        drops.count(reason);
        if (last) {
            spend(sent.handle);
        }
    }

    @Override
    public void controller(Frame sent, int maxBytes, int context) {
        drops.count(DropReason.NO_CONTROLLER);
    }

    @Override
    public void sample(Frame sent, int sample) {
        // There are no collectors yet; a sample that nobody asked for is no loss.
    }

    @Override
    public int meter(Frame sent, int meter) {
        return operands.meters()[meter].pass(clockNs.getAsLong(), sent.lengthBytes, receivedBytes);
    }

    @Override
    public Frame copy(Frame sent, int depth) {
        long handle = pool.allocate(sent.lengthBytes);
        if (handle == FramePool.NONE) {
            // Clones that ended may have left some.
            releaseSpent();
            handle = pool.allocate(sent.lengthBytes);
        }
        if (handle == FramePool.NONE) {
            drops.count(DropReason.NO_BUFFER);
            return null;
        }
        // No more than the frame has: what a packet grows by, its copies included, is bounded by one headroom.
        int headroomBytes = Math.min(sent.headroomBytes, pool.bufferSizeBytes(handle) - sent.lengthBytes);
        long address = pool.bufferAddress(handle) + headroomBytes;
        Memory.copy(sent.address, address, sent.lengthBytes);
        Frame copy = copies[depth];
        copy.set(sent.memory, address, sent.lengthBytes, headroomBytes);
        copy.handle = handle;
        if (sent.offload != Offload.NONE) {
            Finisher.adoptCopy(sent, copy);
        }
        return copy;
    }

    @Override
    public void recirculate(Frame sent, int recirculation) {
        if (!recirculations.add(sent, recirculation, rounds, receivedBytes, operands)) {
            drops.count(DropReason.RECIRCULATION_LIMIT);
            spend(sent.handle);
        }
    }

    @Override
    public void done(Frame sent, DropReason reason) {
        if (reason != null) {
            drops.count(reason);
        }
        spend(sent.handle);
    }

    private boolean copyTo(OutputQueue output, Frame sent, long offload) {
        long copy = output.pool.allocate(sent.lengthBytes);
        if (copy == FramePool.NONE) {
            return false;
        }
        long address = output.pool.bufferAddress(copy) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copy(sent.address, address, sent.lengthBytes);
        enqueue(output, copy, address, sent.lengthBytes, offload);
        return true;
    }
}
