// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

/**
 * Hashes key words by multiply and fold. Not keyed: a worker's caches are bounded and rebuilt, so collisions made on purpose
 * cost the sender's own look-ups a second probe at most.
 */
final class KeyHash {

    /** An odd number near 2^64 divided by the golden ratio. */
    private static final long MULTIPLIER = 0x9e3779b97f4a7c15L;

    private KeyHash() {}

    static long start() {
        return 0;
    }

    static long mix(long hash, long word) {
        return (Long.rotateLeft(hash, 23) ^ word) * MULTIPLIER;
    }

    static long finish(long hash) {
        return hash ^ hash >>> 32;
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
