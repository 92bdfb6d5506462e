// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Frame;
import io.makas.flow.action.ProgramRunner;
import io.makas.flow.cache.CachedAnswer;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.timing.Stage;
import io.makas.flow.timing.StageClock;
import java.util.Arrays;

/**
 * Carries a burst of packets from the port that received it to the ports that send it, in stages over the whole burst:
 * extract all keys, look all up, then run each packet's program into the output queues, let those go on that a program sent
 * round again, and send the queues.
 *
 * <p>Thread: the worker. Owner: the worker. Nothing is allocated for a packet whose answer is cached.
 */
public final class FastPath {

    private final FlowCache cache;
    private final SlowPath slowPath;
    private final DropCounters drops;
    private final OutputQueue[] queues;

    private final long[] keys = new long[FrameBatch.CAPACITY * KeyExtractor.STRIDE];
    private final int[] extents = new int[FrameBatch.CAPACITY];
    private final int[] answers = new int[FrameBatch.CAPACITY];

    private final ProgramRunner runner = new ProgramRunner();
    private final Frame frame = new Frame();
    private final FrameSink sink;
    private final OffloadCheck offloadCheck;

    /** What a peer must be able to do to be given all of the burst as it is; 0 if its frames are finished. */
    private int requiredOffloads;

    /** The key of a packet that goes on with an interrupted walk. */
    private final long[] newKey = new long[KeyExtractor.STRIDE];

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
        this.offloadCheck = new OffloadCheck(drops);
        this.sink = new FrameSink(drops, queues, slowPath.clockNs());
    }

    /** Handles every frame of a batch that was received by {@code input}, and leaves the batch empty. */
    public void process(FrameBatch batch, OutputQueue input) {
        requiredOffloads = offloadCheck.admit(batch, input.pool);
        int count = batch.count;
        StageClock clock = slowPath.stageClock();
        KeyExtractor.extractBurst(Memory.ALL, batch.address, batch.lengthBytes, count, input.number, keys, extents);
        clock.lap(Stage.PARSE);
        cache.lookup(keys, KeyExtractor.STRIDE, extents, count, answers);
        sink.begin(input.pool);
        if (!forwardWhole(batch, input)) {
            forwardEach(batch, input);
        }
        batch.clear();
        while (sink.takeRecirculated(frame)) {
            goOn(input.number);
        }
        clock.lap(Stage.ACTIONS);
        sink.flushQueues();
        clock.lap(Stage.SEND);
        sink.releaseSpent();
        slowPath.endOfBurst();
    }

    /** Forwards a burst whose packets all go to the same port and nowhere else, as it came in; else counts nothing. */
    private boolean forwardWhole(FrameBatch batch, OutputQueue input) {
        int count = batch.count;
        int first = answers[0];
        int different = 0;
        int missing = 0;
        int longest = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int lengthBytes = batch.lengthBytes[i];
            longest = Math.max(longest, lengthBytes);
            bytes += lengthBytes;
            different |= answers[i] ^ first;
            missing |= answers[i];
        }
        if (missing < 0 || count == 0) {
            return false;
        }
        CachedAnswer answer = cache.answer(first);
        int port = answer.soleOutput;
        OutputQueue output = directOutput(port, input);
        if (output == null || longest > output.maxFrameBytes) {
            return false;
        }
        if (different == 0) {
            answer.count(count, bytes);
        } else {
            for (int i = 1; i < count; i++) {
                if (cache.answer(answers[i]).soleOutput != port) {
                    return false;
                }
            }
            for (int i = 0; i < count; i++) {
                cache.answer(answers[i]).count(1, batch.lengthBytes[i]);
            }
        }
        slowPath.stageClock().lap(Stage.ACTIONS);
        output.port.transmit(batch);
        slowPath.stageClock().lap(Stage.SEND);
        return true;
    }

    private void forwardEach(FrameBatch batch, OutputQueue input) {
        for (int i = 0; i < batch.count; i++) {
            if (answers[i] == FlowCache.UNKNOWN) {
                miss(batch, i, input);
                continue;
            }
            CachedAnswer answer = cache.answer(answers[i]);
            int lengthBytes = batch.lengthBytes[i];
            answer.count(1, lengthBytes);
            OutputQueue output = directOutput(answer.soleOutput, input);
            if (output != null && lengthBytes <= output.maxFrameBytes) {
                sink.enqueue(output, batch.handle[i], batch.address[i], lengthBytes, batch.offload[i]);
            } else {
                runProgram(answer.translation(), batch, i, input);
            }
        }
    }

    /** The queue of a port that takes the burst's frames as they are; null if there is none, or it cannot. */
    private OutputQueue directOutput(int port, OutputQueue input) {
        OutputQueue output = port != ActionProgram.NO_PORT && port < queues.length ? queues[port] : null;
        return output != null && output.pool == input.pool && isFinishedFor(output) ? output : null;
    }

    /** Whether all frames of the burst may be given to the output's peer as they came in. */
    private boolean isFinishedFor(OutputQueue output) {
        return requiredOffloads == 0 || (requiredOffloads & ~output.port.offloads()) == 0;
    }

    private void miss(FrameBatch batch, int i, OutputQueue input) {
        if (extents[i] == KeyExtractor.TOO_SHORT) {
            drops.count(DropReason.FRAME_TOO_SHORT);
            sink.spend(batch.handle[i]);
            return;
        }
        runProgram(slowPath.answer(keys, i * KeyExtractor.STRIDE, extents[i], batch.lengthBytes[i]), batch, i, input);
    }

    private void runProgram(Translation translation, FrameBatch batch, int i, OutputQueue input) {
        long handle = batch.handle[i];
        long address = batch.address[i];
        frame.set(Memory.ALL, address, batch.lengthBytes[i], (int) (address - input.pool.bufferAddress(handle)));
        frame.handle = handle;
        if (batch.offload[i] != Offload.NONE) {
            sink.adopt(frame, batch.offload[i]);
        }
        sink.begin(translation.operands(), batch.lengthBytes[i]);
        runner.run(translation.program(), frame, sink);
    }

    /** Goes on with the walk of the frame that was taken, which may have changed since its key was extracted. */
    private void goOn(int inPort) {
        Arrays.fill(newKey, 0);
        KeyExtractor.extract(Memory.ALL, frame.address, frame.lengthBytes, inPort, newKey, 0);
        newKey[Field.RECIRC_ID.word()] = Integer.toUnsignedLong(sink.recirculationId()) << Field.RECIRC_ID.shift();
        Translation translation = slowPath.answerAgain(newKey, sink.receivedBytes());
        sink.resume(translation.operands());
        runner.run(translation.program(), frame, sink);
    }
}
