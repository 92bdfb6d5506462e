// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.flow.cache.CachedAnswer;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.timing.StageClock;
import java.util.function.LongSupplier;

/**
 * Asks the pipeline about packets that no cache knows, has the cache follow it, and credits the flow entries with
 * what the cache counted.
 *
 * <p>Thread: the worker.
 */
public final class SlowPath {

    private final Pipeline pipeline;
    private final FlowCache cache;
    private final LongSupplier clockNs;
    private final long[] walkedKey = new long[KeyLayout.WORDS];
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
    }

    /**
     * Has cached answers doubted if the tables have changed. Called after a burst was received and before it is looked up: a
     * packet received after an edit returned then meets no older answer.
     */
    public void followPipeline() {
        cache.follow();
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
        for (int i = 0; i < cache.answerEnd(); i++) {
            CachedAnswer answer = cache.answer(i);
            if (answer != null) {
                credit(answer);
            }
        }
    }

    /** The answer for a packet that the cache did not know when the burst was looked up. Credits the packet. */
    Translation answer(long[] keys, int offset, int extent, int lengthBytes) {
        // An earlier packet of this burst may have brought the answer.
        return answer(keys, offset, extent, lengthBytes, cache.lookupAgain(keys, offset, extent));
    }

    /** The answer for a packet that goes on with an interrupted walk. Credits the packet, of the length that it had at first. */
    Translation answerAgain(long[] key, int lengthBytes) {
        // The extent is longer than what the exact-match caches know, which do not look at the word that tells such
        // keys apart.
        // As long as no walk has been interrupted, answers do not tell such packets from others: the first one is news
        // to them.
        boolean isCurrent = pipeline.generation() == cache.generation();
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
            if (translation.cacheable() && translation.generation() >= cache.generation()) {
                known = cache.learn(keys, offset, extent, translation);
            }
            if (known == FlowCache.UNKNOWN) {
                pipeline.credit(translation, 1, lengthBytes, clockNs.getAsLong());
                return translation;
            }
        }
        CachedAnswer answer = cache.answerOf(known);
        answer.count(1, lengthBytes);
        return answer.translation();
    }

    /** Lets go of what the burst was the last to use. */
    void endOfBurst() {
        for (CachedAnswer answer = cache.nextUnused(); answer != null; answer = cache.nextUnused()) {
            credit(answer);
            cache.release();
        }
    }

    private void credit(CachedAnswer answer) {
        if (answer.packets > 0) {
            pipeline.credit(answer.translation(), answer.packets, answer.bytes, clockNs.getAsLong());
            answer.packets = 0;
            answer.bytes = 0;
        }
    }
}
