// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.fastpath.FastPath;
import io.makas.dataplane.fastpath.OutputQueue;
import io.makas.dataplane.fastpath.SlowPath;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowModException;
import java.util.List;

/**
 * A worker's fast path between two queues that do nothing: what is left when receiving is taken away is parsing, looking up
 * and acting.
 *
 * <p>Thread: one.
 */
final class FastPathMeasurement {

    private static final int MAX_FLOWS = 2_000_000;
    private static final int BURSTS_A_CHECK = 1_024;

    private final ReplayQueue input;
    private final ReplayQueue sink;
    private final OutputQueue inputQueue;
    private final FrameBatch burst = new FrameBatch();
    private final FlowCache cache;
    private final SlowPath slowPath;
    private final FastPath fastPath;

    /** What one run showed. */
    record Result(double nsPerPacket, double hitsExact, double hitsMegaflow, double misses, double longestUs) {}

    FastPathMeasurement(Scenario scenario, WorkerLimits limits) throws FlowModException {
        Pipeline pipeline = new Pipeline(System::nanoTime, MAX_FLOWS);
        pipeline.setPorts(List.of(new PortState(1), new PortState(2)));
        pipeline.apply(scenario.rules());
        // The station that the traffic is for has been heard of, for rules that learn.
        long[] reply = new long[KeyLayout.WORDS];
        reply[Field.IN_PORT.word()] = 2L << Field.IN_PORT.shift();
        reply[Field.ETH_SRC.word()] = 0x0200_0000_0001L << Field.ETH_SRC.shift();
        pipeline.translate(reply);
        input = new ReplayQueue(scenario.traffic());
        sink = new ReplayQueue(scenario.traffic(), input.pool());
        cache = new FlowCache(limits.exactMatchEntries(), limits.megaflows(), pipeline.changes());
        slowPath = new SlowPath(pipeline, cache, System::nanoTime);
        OutputQueue[] queues = new OutputQueue[3];
        queues[1] = new OutputQueue(input, 1);
        queues[2] = new OutputQueue(sink, 2);
        inputQueue = queues[1];
        fastPath = new FastPath(cache, slowPath, new DropCounters(), queues);
    }

    /** Carries packets for so long. */
    Result run(long durationNs) {
        CacheStatistics before = cache.statistics();
        long packets = 0;
        long longestNs = 0;
        long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < durationNs) {
            carry(BURSTS_A_CHECK);
            packets += BURSTS_A_CHECK * FrameBatch.CAPACITY;
            long thenNs = System.nanoTime();
            longestNs = Math.max(longestNs, thenNs - nowNs);
            nowNs = thenNs;
        }
        CacheStatistics after = cache.statistics();
        return new Result(
                (nowNs - startNs) / (double) packets,
                (after.exactHits() - before.exactHits()) / (double) packets,
                (after.megaflowHits() - before.megaflowHits()) / (double) packets,
                (after.misses() - before.misses()) / (double) packets,
                longestNs / 1e3 / BURSTS_A_CHECK);
    }

    /** What it takes to receive and to send without anything between, in nanoseconds a packet. */
    double emptyNs(long durationNs) {
        long packets = 0;
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < durationNs) {
            for (int i = 0; i < BURSTS_A_CHECK; i++) {
                input.receive(burst);
                sink.transmit(burst);
            }
            packets += BURSTS_A_CHECK * FrameBatch.CAPACITY;
        }
        return (System.nanoTime() - startNs) / (double) packets;
    }

    /** The cache's figures. */
    CacheStatistics statistics() {
        return cache.statistics();
    }

    private void carry(int bursts) {
        for (int i = 0; i < bursts; i++) {
            input.receive(burst);
            slowPath.followPipeline();
            fastPath.process(burst, inputQueue);
        }
    }
}
