// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** A sender chooses the bits of its keys; it must not choose where they fall. */
final class KeyHashTest {

    private static final int SLOTS_BITS = 15;

    @Test
    void shouldSpreadKeysThatDifferInAnyRunOfBits() {
        for (int shift = 0; shift <= Long.SIZE - SLOTS_BITS; shift++) {
            BitSet slots = new BitSet();
            for (long i = 0; i < 1 << SLOTS_BITS; i++) {
                long hash = KeyHash.finish(KeyHash.mix(KeyHash.mix(KeyHash.start(), 42), i << shift));
                slots.set((int) hash & (1 << SLOTS_BITS) - 1);
            }

            // Thrown at random they would hit 63 of 100 slots.
            assertTrue(slots.cardinality() > (1 << SLOTS_BITS) / 2, slots.cardinality() + " slots, shift " + shift);
        }
    }
}
