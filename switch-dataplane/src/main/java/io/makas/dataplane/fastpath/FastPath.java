// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Frame;
import io.makas.flow.action.ProgramRunner;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.cache.Megaflow;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.pipeline.DropReason;

/**
 * Carries a burst of packets from the port that received it to the ports that send it, in stages over the whole burst:
 * extract all keys, look all up, then run each packet's program into the output queues, and send those.
 *
 * <p>Thread: the worker. Owner: the worker. Nothing is allocated for a packet whose answer is cached.
 */
public final class FastPath {

    private final FlowCache cache;
    private final SlowPath slowPath;
    private final DropCounters drops;
    private final OutputQueue[] queues;
    private final OutputQueue[] dirty;
    private int dirtyCount;

    private final long[] keys = new long[FrameBatch.CAPACITY * KeyExtractor.STRIDE];
    private final int[] extents = new int[FrameBatch.CAPACITY];
    private final int[] answers = new int[FrameBatch.CAPACITY];

    private final ProgramRunner runner = new ProgramRunner();
    private final Frame frame = new Frame();
    private final FrameSink sink = new FrameSink();

    private final long[] spent = new long[FrameBatch.CAPACITY];
    private int spentCount;

    /**
     * Makes the fast path of a worker.
     *
     * @param cache the worker's cache
     * @param slowPath whom to ask on a miss
     * @param drops where drops are counted
     * @param queues the ports by number, shared with the worker, who fills it in
     */
    public FastPath(FlowCache cache, SlowPath slowPath, DropCounters drops, OutputQueue[] queues) {
        this.cache = cache;
        this.slowPath = slowPath;
        this.drops = drops;
        this.queues = queues;
        this.dirty = new OutputQueue[queues.length];
    }

    /** Handles every frame of a batch that was received by {@code input}, and leaves the batch empty. */
    public void process(FrameBatch batch, OutputQueue input) {
        int count = batch.count;
        KeyExtractor.extractBurst(Memory.ALL, batch.address, batch.lengthBytes, count, input.number, keys, extents);
        cache.lookup(keys, KeyExtractor.STRIDE, extents, count, answers);
        int i = 0;
        while (i < count) {
            int answer = answers[i];
            if (answer == FlowCache.UNKNOWN) {
                miss(batch, i++, input);
            } else {
                i = forwardTrain(cache.megaflow(answer), answer, batch, i, input);
            }
        }
        batch.clear();
        flushQueues();
        releaseSpent(input.pool);
        slowPath.endOfBurst();
    }

    /** Forwards the packets from {@code first} on that have the same answer. Returns the one after them. */
    private int forwardTrain(Megaflow megaflow, int answer, FrameBatch batch, int first, OutputQueue input) {
        int end = first;
        int longest = 0;
        long bytes = 0;
        while (end < batch.count && answers[end] == answer) {
            int lengthBytes = batch.lengthBytes[end++];
            longest = Math.max(longest, lengthBytes);
            bytes += lengthBytes;
        }
        megaflow.count(end - first, bytes);
        int port = megaflow.soleOutput;
        OutputQueue output = port != ActionProgram.NO_PORT && port < queues.length ? queues[port] : null;
        if (output != null && output.pool == input.pool && longest <= output.maxFrameBytes) {
            if (end - first == batch.count && output.batch.count == 0) {
                // The usual case by far under load: the burst as it came in is the burst that goes out.
                output.port.transmit(batch);
                return end;
            }
            for (int i = first; i < end; i++) {
                enqueue(output, batch.handle[i], batch.address[i], batch.lengthBytes[i]);
            }
        } else {
            for (int i = first; i < end; i++) {
                runProgram(megaflow.program, batch, i, input);
            }
        }
        return end;
    }

    private void miss(FrameBatch batch, int i, OutputQueue input) {
        if (extents[i] == KeyExtractor.TOO_SHORT) {
            drops.count(DropReason.FRAME_TOO_SHORT);
            spend(batch.handle[i]);
            return;
        }
        ActionProgram program = slowPath.answer(keys, i * KeyExtractor.STRIDE, extents[i], batch.lengthBytes[i]);
        runProgram(program, batch, i, input);
    }

    private void runProgram(ActionProgram program, FrameBatch batch, int i, OutputQueue input) {
        long handle = batch.handle[i];
        long address = batch.address[i];
        frame.set(Memory.ALL, address, batch.lengthBytes[i], (int) (address - input.pool.bufferAddress(handle)));
        frame.handle = handle;
        sink.pool = input.pool;
        runner.run(program, frame, sink);
    }

    private void enqueue(OutputQueue output, long handle, long address, int lengthBytes) {
        if (output.batch.count == 0) {
            dirty[dirtyCount++] = output;
        }
        output.add(handle, address, lengthBytes);
    }

    private void flushQueues() {
        for (int i = 0; i < dirtyCount; i++) {
            dirty[i].flush();
            dirty[i] = null;
        }
        dirtyCount = 0;
    }

    /** Keeps a frame that went nowhere, to be released with the others of its burst. */
    private void spend(long handle) {
        spent[spentCount++] = handle;
    }

    private void releaseSpent(FramePool pool) {
        if (spentCount > 0) {
            pool.release(spent, 0, spentCount);
            spentCount = 0;
        }
    }

    /** Sends what a program sends: the frame itself where it may, a copy where it must. */
    private final class FrameSink implements ProgramRunner.Sink {

        private FramePool pool;

        @Override
        public void output(int portNumber, Frame sent, boolean last) {
            OutputQueue output = portNumber < queues.length ? queues[portNumber] : null;
            DropReason reason = output == null
                    ? DropReason.NO_SUCH_PORT
                    : sent.lengthBytes > output.maxFrameBytes ? DropReason.FRAME_TOO_LONG : null;
            if (reason == null && last && output.pool == pool) {
                enqueue(output, sent.handle, sent.address, sent.lengthBytes);
                return;
            }
            if (reason == null && !copyTo(output, sent)) {
                reason = DropReason.NO_BUFFER;
            }
            if (reason != null) {
                drops.count(reason);
            }
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
            throw new IllegalStateException("no walk samples");
        }

        @Override
        public int meter(Frame sent, int meter) {
            throw new IllegalStateException("no walk meters");
        }

        @Override
        public Frame copy(Frame sent, int depth) {
            throw new IllegalStateException("no walk clones");
        }

        @Override
        public void recirculate(Frame sent, int recirculation) {
            throw new IllegalStateException("no walk recirculates");
        }

        @Override
        public void done(Frame sent, DropReason reason) {
            if (reason != null) {
                drops.count(reason);
            }
            spend(sent.handle);
        }

        private boolean copyTo(OutputQueue output, Frame sent) {
            long copy = output.pool.allocate();
            if (copy == FramePool.NONE) {
                return false;
            }
            long address = output.pool.bufferAddress(copy) + FramePool.MIN_HEADROOM_BYTES;
            Memory.copy(sent.address, address, sent.lengthBytes);
            enqueue(output, copy, address, sent.lengthBytes);
            return true;
        }
    }
}
