// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.flow.cache.FlowCache;
import io.makas.flow.cache.Megaflow;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.timing.StageClock;
import java.util.function.LongSupplier;

/**
 * Asks the pipeline about packets that no cache knows, keeps the cache of one generation, and credits the flow entries with
 * what the cache counted.
 *
 * <p>Thread: the worker.
 */
public final class SlowPath {

    private final Pipeline pipeline;
    private final FlowCache cache;
    private final LongSupplier clockNs;
    private final long[] walkedKey = new long[KeyLayout.WORDS];
    private long generation;
    private boolean full;
    private StageClock clock = StageClock.STOPPED;

    /**
     * Makes the slow path of a worker.
     *
     * @param pipeline the tables, shared by all workers
     * @param cache the worker's cache
     * @param clockNs the clock of idle timeouts, in nanoseconds
     */
    public SlowPath(Pipeline pipeline, FlowCache cache, LongSupplier clockNs) {
        this.pipeline = pipeline;
        this.cache = cache;
        this.clockNs = clockNs;
        this.generation = pipeline.generation();
    }

    /**
     * Forgets cached answers if the tables have changed. Called after a burst was received and before it is looked up: a packet
     * received after an edit returned then meets no older answer.
     */
    public void followPipeline() {
        if (pipeline.generation() != generation) {
            startGeneration();
        }
    }

    /** Has walks and timed bursts timed. */
    public void timeBy(StageClock stageClock) {
        clock = stageClock;
    }

    /** What times bursts. */
    StageClock stageClock() {
        return clock;
    }

    /** The clock of meters and idle timeouts, in nanoseconds. */
    LongSupplier clockNs() {
        return clockNs;
    }

    /** Adds what was counted since the last call to the flow entries. */
    public void creditEntries() {
        long nowNs = clockNs.getAsLong();
        for (int i = 0; i < cache.megaflowCount(); i++) {
            Megaflow megaflow = cache.megaflow(i);
            if (megaflow.packets > 0) {
                pipeline.credit(megaflow.translation(), megaflow.packets, megaflow.bytes, nowNs);
                megaflow.packets = 0;
                megaflow.bytes = 0;
            }
        }
    }

    /** The answer for a packet that the cache did not know when the burst was looked up. Credits the packet. */
    Translation answer(long[] keys, int offset, int extent, int lengthBytes) {
        // An earlier packet of this burst may have brought the answer.
        return answer(keys, offset, extent, lengthBytes, cache.lookup(keys, offset, extent));
    }

    /** The answer for a packet that goes on with an interrupted walk. Credits the packet, of the length that it had at first. */
    Translation answerAgain(long[] key, int lengthBytes) {
        // The extent is longer than what the exact-match caches know, which do not look at the word that tells such
        // keys apart.
        // As long as no walk has been interrupted, answers do not tell such packets from others: the first one is news
        // to them.
        boolean isCurrent = pipeline.generation() == generation;
        int known = isCurrent ? cache.lookup(key, 0, KeyLayout.RECEIVED_WORDS) : FlowCache.UNKNOWN;
        return answer(key, 0, KeyLayout.RECEIVED_WORDS, lengthBytes, known);
    }

    private Translation answer(long[] keys, int offset, int extent, int lengthBytes, int cached) {
        int known = cached;
        if (known == FlowCache.UNKNOWN) {
            System.arraycopy(keys, offset, walkedKey, 0, KeyLayout.RECEIVED_WORDS);
            long beganNs = clock.walks();
            Translation translation = pipeline.translate(walkedKey);
            clock.walked(beganNs);
            if (translation.cacheable() && translation.generation() == generation) {
                known = cache.learn(keys, offset, extent, translation);
                full |= known == FlowCache.UNKNOWN;
            }
            if (known == FlowCache.UNKNOWN) {
                pipeline.credit(translation, 1, lengthBytes, clockNs.getAsLong());
                return translation;
            }
        }
        Megaflow megaflow = cache.megaflow(known);
        megaflow.count(1, lengthBytes);
        return megaflow.translation();
    }

    /** Makes room if the cache is full: only now, because the burst still held answers of it. */
    void endOfBurst() {
        if (full) {
            full = false;
            cache.countOverflow();
            startGeneration();
        }
    }

    private void startGeneration() {
        creditEntries();
        generation = pipeline.generation();
        cache.clear();
    }
}
