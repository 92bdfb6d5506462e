// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A sender chooses the bits of its keys; it must not choose where they fall. */
final class KeyHashTest {

    private static final int SLOTS_BITS = 15;

    @Test
    void shouldSpreadKeysThatDifferInAnyRunOfBitsOfAnyWord() {
        long[] key = {42, 0, 7, 0, 9};
        for (int word = 0; word < key.length; word++) {
            long before = key[word];
            for (int shift = 0; shift <= Long.SIZE - SLOTS_BITS; shift++) {
                BitSet slots = new BitSet();
                for (long i = 0; i < 1 << SLOTS_BITS; i++) {
                    key[word] = i << shift;
                    slots.set((int) KeyHash.ofShortKey(key, 0) & (1 << SLOTS_BITS) - 1);
                }

                // Thrown at random they would hit 63 of 100 slots.
                assertTrue(
                        slots.cardinality() > (1 << SLOTS_BITS) / 2,
                        slots.cardinality() + " slots, word " + word + ", shift " + shift);
            }
            key[word] = before;
        }
    }

    @Test
    void shouldTellKeysApartThatDifferInChosenBitsOfTwoWords() {
        Set<Integer> signatures = new HashSet<>();
        for (int first = 0; first < 64; first++) {
            for (int second = 0; second < 64; second++) {
                long[] key = {0, 1L << first, 1L << second, 0, 0};
                signatures.add((int) (KeyHash.ofShortKey(key, 0) >>> 32));
            }
        }

        assertTrue(signatures.size() > 64 * 64 - 4, signatures.size() + " signatures");
    }

    @Test
    void shouldHashMaskedWordsAsTheirValues() {
        long[] key = {0, 0x1234, 0, 0x5678, 3};
        long[] values = {0x34, 0x5600, 3};

        long masked = KeyHash.ofMasked(key, 0, new int[] {1, 3, 4}, new long[] {0xff, 0xff00, 0xff});

        assertEquals(KeyHash.of(values, 0, 3), masked);
        assertEquals(KeyHash.of(key, 0, 5), KeyHash.ofShortKey(key, 0));
    }
}
