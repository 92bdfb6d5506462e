// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.timing.Stage;
import io.makas.flow.timing.StageClock;

/**
 * A worker's memory of the pipeline: exact-match caches for the keys of IPv4 and IPv6 packets in front of a megaflow cache.
 * Packets of a longer extent (ARP, neighbour discovery, MPLS) are rare and go to the megaflows at once.
 *
 * <p>Coherence: all that is here is of one generation of the pipeline. The worker calls {@link #clear} when the generation
 * changes, after it has credited the counters of what is here.
 *
 * <p>Thread: the worker. A hit allocates nothing; learning an answer does.
 */
public final class FlowCache {

    /** What a look-up answers when the pipeline must be asked. */
    public static final int UNKNOWN = -1;

    private final ExactMatchCache shortKeys;
    private final ExactMatchCache longKeys;
    private final MegaflowCache megaflows;

    private StageClock clock = StageClock.STOPPED;
    private long exactHits;
    private long megaflowHits;
    private long misses;
    private long overflows;

    /**
     * Makes an empty cache.
     *
     * @param exactEntries entries of each exact-match cache, a power of two
     * @param megaflowLimit megaflows at most
     */
    public FlowCache(int exactEntries, int megaflowLimit) {
        shortKeys = new ExactMatchCache(KeyLayout.IPV4_WORDS, exactEntries);
        longKeys = new ExactMatchCache(KeyLayout.IPV6_WORDS, exactEntries);
        megaflows = new MegaflowCache(megaflowLimit);
    }

    /** Has the look-ups of timed bursts timed. */
    public void timeBy(StageClock stageClock) {
        clock = stageClock;
    }

    /**
     * Looks up the packets of a burst. Those not found are to be looked up one by one before the pipeline is asked, since one
     * may bring the answer of the next; that counts as a miss which is not found then either.
     *
     * @param keys the key of packet i is at {@code keys[i * stride]}, zero behind its extent up to the next packet's
     * @param stride words from one key to the next
     * @param extents words that each packet sets, or a negative number for a packet without a key
     * @param count number of packets
     * @param answers receives the index of each packet's megaflow, or {@link #UNKNOWN}
     */
    public void lookup(long[] keys, int stride, int[] extents, int count, int[] answers) {
        int hits = 0;
        int previous = UNKNOWN;
        for (int i = 0; i < count; i++) {
            int offset = i * stride;
            if (extents[i] != KeyLayout.IPV4_WORDS) {
                previous = extents[i] < 0 ? UNKNOWN : lookupLong(keys, offset, extents[i]);
            } else if (previous < 0 || !equalsShort(keys, offset, offset - stride)) {
                // Packets of a flow come in trains: most often the last answer is this one's too.
                int index = shortKeys.lookupShort(keys, offset, KeyHash.ofShortKey(keys, offset));
                hits += index >>> 31 ^ 1;
                previous = index >= 0 ? index : lookupMegaflow(keys, offset, KeyLayout.IPV4_WORDS);
            } else {
                hits++;
            }
            answers[i] = previous;
        }
        exactHits += hits;
    }

    /** Looks up one packet, as {@link #lookup(long[], int, int[], int, int[])} does a burst. */
    public int lookup(long[] keys, int offset, int extent) {
        int index = find(keys, offset, extent);
        misses += index >>> 31;
        return index;
    }

    /**
     * Remembers an answer that holds for the packet and its like.
     *
     * @return the index of the new megaflow, or {@link #UNKNOWN} when there is no room
     */
    public int learn(long[] keys, int offset, int extent, Translation translation) {
        int index = megaflows.insert(keys, offset, translation);
        if (index >= 0) {
            remember(keys, offset, extent, index);
        }
        return index;
    }

    /** Forgets everything because the pipeline changed. */
    public void clear() {
        shortKeys.clear();
        longKeys.clear();
        megaflows.clear();
    }

    /** Counts one clearing for want of room. */
    public void countOverflow() {
        overflows++;
    }

    /** Number of megaflows held. */
    public int megaflowCount() {
        return megaflows.count();
    }

    /** The megaflow number {@code index}, {@code 0 ≤ index < megaflowCount()}. */
    public Megaflow megaflow(int index) {
        return megaflows.at(index);
    }

    /** What happened in the cache so far. */
    public CacheStatistics statistics() {
        return new CacheStatistics(
                exactHits,
                megaflowHits,
                misses,
                overflows,
                megaflows.count(),
                megaflows.maskCount(),
                megaflows.subtablesTried);
    }

    private static boolean equalsShort(long[] keys, int a, int b) {
        return (keys[a + 4] ^ keys[b + 4] | keys[a + 3] ^ keys[b + 3]) == 0
                && (keys[a] ^ keys[b] | keys[a + 1] ^ keys[b + 1] | keys[a + 2] ^ keys[b + 2]) == 0;
    }

    private int find(long[] keys, int offset, int extent) {
        if (extent != KeyLayout.IPV4_WORDS) {
            return lookupLong(keys, offset, extent);
        }
        int index = shortKeys.lookupShort(keys, offset, KeyHash.ofShortKey(keys, offset));
        if (index >= 0) {
            exactHits++;
            return index;
        }
        return lookupMegaflow(keys, offset, extent);
    }

    private int lookupLong(long[] keys, int offset, int extent) {
        if (extent == KeyLayout.IPV6_WORDS) {
            int index = longKeys.lookup(keys, offset, KeyHash.of(keys, offset, extent));
            if (index >= 0) {
                exactHits++;
                return index;
            }
        }
        return lookupMegaflow(keys, offset, extent);
    }

    private int lookupMegaflow(long[] keys, int offset, int extent) {
        clock.lap(Stage.EXACT_MATCH);
        int index = megaflows.lookup(keys, offset);
        clock.lap(Stage.MEGAFLOW);
        if (index < 0) {
            return UNKNOWN;
        }
        megaflowHits++;
        remember(keys, offset, extent, index);
        return index;
    }

    private void remember(long[] keys, int offset, int extent, int index) {
        if (extent == KeyLayout.IPV4_WORDS) {
            shortKeys.insert(keys, offset, KeyHash.ofShortKey(keys, offset), index);
        } else if (extent == KeyLayout.IPV6_WORDS) {
            longKeys.insert(keys, offset, KeyHash.of(keys, offset, extent), index);
        }
    }
}
