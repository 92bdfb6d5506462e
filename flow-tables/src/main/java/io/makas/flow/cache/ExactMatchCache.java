// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import java.util.Arrays;

/**
 * Remembers the megaflow of whole keys of one extent: the first look-up, for the packets that come again and again.
 *
 * <p>One array of {@code long}, two entries side by side for each hash value. An entry is the key's words and a tag word:
 * <pre>
 *   key word 0 … key word n-1 | epoch:32 | megaflow index:32
 * </pre>
 * so an IPv4 entry (n = 5) takes {@value #SHORT_STRIDE} words, one cache line. Raising the epoch empties the cache at once.
 *
 * <p>Correctness: a hit compares all words that such a packet sets, so it can only be the packet's own megaflow as long as
 * megaflows are not removed without a new epoch.
 *
 * <p>Thread: the worker. Allocates when made, then never.
 */
final class ExactMatchCache {

    private static final int SHORT_STRIDE = 8;
    private static final int LONG_STRIDE = 16;
    private static final int WAYS = 2;
    private static final long FIRST_EPOCH = 1L << Integer.SIZE;
    private static final long EPOCH_BITS = -1L << Integer.SIZE;

    private final int keyWords;
    private final int strideShift;
    private final int bucketMask;
    private final long[] words;
    /** The epoch as it stands in tags: in the high half. */
    private long epoch = FIRST_EPOCH;

    private int victim;

    /**
     * Makes an empty cache.
     *
     * @param keyWords words of the keys, at most 15
     * @param entries number of entries, a power of two from 2 up
     */
    ExactMatchCache(int keyWords, int entries) {
        if (Integer.bitCount(entries) != 1 || entries < WAYS) {
            throw new IllegalArgumentException(entries + " entries is not a power of two from " + WAYS + " up");
        }
        if (keyWords >= LONG_STRIDE) {
            throw new IllegalArgumentException(keyWords + " key words do not fit in an entry of " + LONG_STRIDE);
        }
        int stride = keyWords < SHORT_STRIDE ? SHORT_STRIDE : LONG_STRIDE;
        this.keyWords = keyWords;
        this.strideShift = Integer.numberOfTrailingZeros(stride);
        this.bucketMask = entries / WAYS - 1;
        this.words = new long[Math.multiplyExact(entries, stride)];
    }

    /** The megaflow index of the key at {@code keys[offset]}, or −1. */
    int lookup(long[] keys, int offset, long hash) {
        int first = slot(hash);
        int index = match(keys, offset, first);
        return index >= 0 ? index : match(keys, offset, first + (1 << strideShift));
    }

    /**
     * The same for keys of {@link KeyLayout#IPV4_WORDS} words, which nearly all packets have: written out, because a loop whose
     * length is a field is not unrolled.
     */
    int lookupShort(long[] keys, int offset, long hash) {
        int first = slot(hash);
        int index = matchShort(keys, offset, first);
        return index >= 0 ? index : matchShort(keys, offset, first + SHORT_STRIDE);
    }

    /** Remembers a key's megaflow, in place of an entry of an older epoch if there is one, else of either in turn. */
    void insert(long[] keys, int offset, long hash, int megaflowIndex) {
        int slot = slot(hash);
        if (isCurrent(slot)) {
            int second = slot + (1 << strideShift);
            slot = isCurrent(second) && (victim++ & 1) == 0 ? slot : second;
        }
        System.arraycopy(keys, offset, words, slot, keyWords);
        words[slot + keyWords] = epoch | megaflowIndex;
    }

    /** Forgets everything. */
    void clear() {
        epoch += FIRST_EPOCH;
        if (epoch == 0) {
            Arrays.fill(words, 0);
            epoch = FIRST_EPOCH;
        }
    }

    private int slot(long hash) {
        return ((int) hash & bucketMask) * WAYS << strideShift;
    }

    private boolean isCurrent(int slot) {
        return (words[slot + keyWords] & EPOCH_BITS) == epoch;
    }

    private int match(long[] keys, int offset, int slot) {
        long[] table = words;
        long difference = 0;
        for (int i = 0; i < keyWords; i++) {
            difference |= table[slot + i] ^ keys[offset + i];
        }
        long tag = table[slot + keyWords];
        return (difference | (tag & EPOCH_BITS) ^ epoch) == 0 ? (int) tag : -1;
    }

    private int matchShort(long[] keys, int offset, int slot) {
        long[] table = words;
        long tag = table[slot + KeyLayout.IPV4_WORDS];
        long difference = (table[slot] ^ keys[offset])
                | (table[slot + 1] ^ keys[offset + 1])
                | (table[slot + 2] ^ keys[offset + 2])
                | (table[slot + 3] ^ keys[offset + 3])
                | (table[slot + 4] ^ keys[offset + 4]);
        return (difference | (tag & EPOCH_BITS) ^ epoch) == 0 ? (int) tag : -1;
    }
}
