// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import java.security.SecureRandom;

/**
 * Hashes key words by multiply and fold, from a start that is chosen anew for each process: who sends packets chooses the words,
 * and must not be able to choose those that fall on one place of a table that is probed place by place, because others' packets
 * would have to probe past them. Only {@link #ofShortKey} is not keyed: its table has two places for a hash and no more.
 */
final class KeyHash {

    /** An odd number near 2^64 divided by the golden ratio. */
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    /** Odd, of no pattern: the second multiplier of MurmurHash3's 64-bit finaliser. */
    private static final long FINAL_MULTIPLIER = 0xc4ceb9fe1a85ec53L;

    private static final long SEED = new SecureRandom().nextLong();

    private KeyHash() {}

    static long start() {
        return SEED;
    }

    static long mix(long hash, long word) {
        return (Long.rotateLeft(hash, 23) ^ word) * MULTIPLIER;
    }

    /** Makes the low bits, which are used, from high ones: the low bits of a product depend on its factors' low bits alone. */
    static long finish(long hash) {
        long product = (hash ^ hash >>> 32) * FINAL_MULTIPLIER;
        return product >>> 40 ^ product >>> 20;
    }

    /** Hash of {@code count} words. */
    static long of(long[] words, int offset, int count) {
        long hash = start();
        for (int i = 0; i < count; i++) {
            hash = mix(hash, words[offset + i]);
        }
        return finish(hash);
    }

    /** Hash of the five words of an IPv4 key: independent products, so that the processor computes them side by side. */
    static long ofShortKey(long[] words, int offset) {
        long a = (words[offset + 3] ^ 0x2545f4914f6cdd1dL) * MULTIPLIER;
        long b = (words[offset + 4] ^ 0x369dea0f31a53f85L) * 0xd6e8feb86659fd93L;
        long c = (words[offset] + words[offset + 1]) * 0xc2b2ae3d27d4eb4fL;
        long d = words[offset + 2] * 0x165667b19e3779f9L;
        long hash = a ^ Long.rotateLeft(b, 19) ^ Long.rotateLeft(c, 37) ^ d;
        return hash ^ hash >>> 32;
    }
}
