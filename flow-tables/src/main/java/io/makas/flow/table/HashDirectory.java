// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * The segments of a hash table that grows piece by piece (extendible hashing): the first bits of a hash say in which segment it
 * belongs. A segment that is full is divided in two by one bit more; others stay as they are, so that no insertion, not even
 * the one that fills a table of a million, takes longer than it takes to divide one small segment.
 *
 * <p>Threads: one control thread changes it, any number find segments meanwhile. What they find may have been replaced the
 * moment before; it is for the segments to stay right for those who still read them.
 *
 * @param <S> segments
 */
final class HashDirectory<S> {

    /** A segment is divided by no more bits than that: hashes that agree in so many are alike. */
    static final int MAX_DEPTH = 20;

    /** As many places as a number of first bits has values, each with a segment. Written by the control thread. */
    private volatile AtomicReferenceArray<S> places = new AtomicReferenceArray<>(1);

    /** Makes a directory of one segment, whose depth is 0. */
    HashDirectory(S only) {
        places.setPlain(0, only);
    }

    /** The segment in which a hash belongs. */
    S of(int hash) {
        AtomicReferenceArray<S> current = places;
        return current.getAcquire(place(hash, bitsOf(current)));
    }

    /** Puts a segment into the place of the one in which a hash belongs, which has the given depth. */
    void replace(int hash, int depth, S segment) {
        int bits = bitsOf(places);
        int first = place(hash, depth) << bits - depth;
        for (int i = 0; i < 1 << bits - depth; i++) {
            places.setRelease(first + i, segment);
        }
    }

    /** Puts two segments, of one more bit, into the place of the one in which a hash belongs. */
    void divide(int hash, int depth, S withZero, S withOne) {
        if (depth == bitsOf(places)) {
            places = twiceAsLarge(places);
        }
        int bit = Integer.MIN_VALUE >>> depth;
        replace(hash & ~bit, depth + 1, withZero);
        replace(hash | bit, depth + 1, withOne);
    }

    /** Calls with each segment. */
    void forEach(Consumer<S> visitor) {
        AtomicReferenceArray<S> current = places;
        S last = null;
        for (int i = 0; i < current.length(); i++) {
            S segment = current.getPlain(i);
            if (segment != last) {
                visitor.accept(segment);
            }
            last = segment;
        }
    }

    /** Whether a hash is one of those that the second half of a divided segment is for. */
    static boolean isSecond(int hash, int depth) {
        return (hash & Integer.MIN_VALUE >>> depth) != 0;
    }

    private static <S> AtomicReferenceArray<S> twiceAsLarge(AtomicReferenceArray<S> old) {
        AtomicReferenceArray<S> fresh = new AtomicReferenceArray<>(old.length() * 2);
        for (int i = 0; i < fresh.length(); i++) {
            fresh.setPlain(i, old.getPlain(i >> 1));
        }
        return fresh;
    }

    private static int bitsOf(AtomicReferenceArray<?> places) {
        return Integer.numberOfTrailingZeros(places.length());
    }

    private static int place(int hash, int bits) {
        return (int) (Integer.toUnsignedLong(hash) >>> Integer.SIZE - bits);
    }
}
