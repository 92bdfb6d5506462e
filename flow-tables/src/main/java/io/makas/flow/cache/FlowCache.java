// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;

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

    private final ExactMatchCache shortKeys;
    private final ExactMatchCache longKeys;
    private final MegaflowCache megaflows;

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

    /**
     * The megaflow of a packet, or null when the pipeline must be asked.
     *
     * @param keys the packet's key is at {@code keys[offset]}, zero behind its extent up to the next packet's
     * @param extent words that the packet sets
     */
    public Megaflow lookup(long[] keys, int offset, int extent) {
        if (extent == KeyLayout.IPV4_WORDS) {
            int index = shortKeys.lookupShort(keys, offset, KeyHash.ofShortKey(keys, offset));
            if (index >= 0) {
                exactHits++;
                return megaflows.at(index);
            }
        }
        return lookupFurther(keys, offset, extent);
    }

    /** Remembers an answer that holds for the packet and its like. Makes room by forgetting everything when full. */
    public Megaflow learn(long[] keys, int offset, int extent, Translation translation) {
        int index = megaflows.insert(keys, offset, translation);
        if (index < 0) {
            return null;
        }
        remember(keys, offset, extent, index);
        return megaflows.at(index);
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

    private Megaflow lookupFurther(long[] keys, int offset, int extent) {
        if (extent == KeyLayout.IPV6_WORDS) {
            int index = longKeys.lookup(keys, offset, KeyHash.of(keys, offset, extent));
            if (index >= 0) {
                exactHits++;
                return megaflows.at(index);
            }
        }
        int index = megaflows.lookup(keys, offset);
        if (index < 0) {
            misses++;
            return null;
        }
        megaflowHits++;
        remember(keys, offset, extent, index);
        return megaflows.at(index);
    }

    private void remember(long[] keys, int offset, int extent, int index) {
        if (extent == KeyLayout.IPV4_WORDS) {
            shortKeys.insert(keys, offset, KeyHash.ofShortKey(keys, offset), index);
        } else if (extent == KeyLayout.IPV6_WORDS) {
            longKeys.insert(keys, offset, KeyHash.of(keys, offset, extent), index);
        }
    }
}
