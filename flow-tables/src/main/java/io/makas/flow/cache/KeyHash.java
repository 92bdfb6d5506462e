// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import java.security.SecureRandom;

/**
 * Hashes key words by multiplying pairs of them to 128 bits and folding the halves, with keys that are chosen anew for each
 * process: who sends packets chooses the words, and must not be able to choose those that fall on one place of a table, because
 * others' packets would have to probe past them.
 *
 * <p>A product depends on all bits of both its factors, and no factor is known outside. Products of several pairs do not wait
 * for each other.
 */
final class KeyHash {

    /** Odd, of no pattern: the second multiplier of MurmurHash3's 64-bit finaliser. */
    private static final long FINAL_MULTIPLIER = 0xc4ceb9fe1a85ec53L;

    private static final long[] SEEDS =
            new SecureRandom().longs(KeyLayout.WORDS).toArray();
    private static final long SEED_0 = SEEDS[0];
    private static final long SEED_1 = SEEDS[1];
    private static final long SEED_2 = SEEDS[2];
    private static final long SEED_3 = SEEDS[3];
    private static final long SEED_4 = SEEDS[4];

    private KeyHash() {}

    /** Hash of {@code count} words. */
    static long of(long[] words, int offset, int count) {
        long hash = 0;
        int i = 0;
        for (; i + 1 < count; i += 2) {
            hash ^= fold(words[offset + i] ^ SEEDS[i], words[offset + i + 1] ^ SEEDS[i + 1]);
        }
        if (i < count) {
            hash ^= last(words[offset + i] ^ SEEDS[i]);
        }
        return finish(hash);
    }

    /** Hash of {@code mask.length} words of a packet, each with its mask. */
    static long ofMasked(long[] packet, int offset, int[] words, long[] mask) {
        int count = mask.length;
        long hash = 0;
        int i = 0;
        for (; i + 1 < count; i += 2) {
            hash ^= fold(
                    packet[offset + words[i]] & mask[i] ^ SEEDS[i],
                    packet[offset + words[i + 1]] & mask[i + 1] ^ SEEDS[i + 1]);
        }
        if (i < count) {
            hash ^= last(packet[offset + words[i]] & mask[i] ^ SEEDS[i]);
        }
        return finish(hash);
    }

    /** Hash of the five words of an IPv4 key, the same as {@link #of} gives. */
    static long ofShortKey(long[] words, int offset) {
        return finish(fold(words[offset] ^ SEED_0, words[offset + 1] ^ SEED_1)
                ^ fold(words[offset + 2] ^ SEED_2, words[offset + 3] ^ SEED_3)
                ^ last(words[offset + 4] ^ SEED_4));
    }

    private static long fold(long a, long b) {
        return a * b ^ Math.unsignedMultiplyHigh(a, b);
    }

    private static long last(long a) {
        return fold(a, SEED_3);
    }

    /** Makes the low bits, which are used, from high ones. */
    private static long finish(long hash) {
        long product = hash * FINAL_MULTIPLIER;
        return product ^ product >>> 32;
    }
}
