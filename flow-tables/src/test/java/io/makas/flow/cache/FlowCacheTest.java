// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.FlowEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FlowCacheTest {

    private static final int STRIDE = 24;

    private final FlowCache cache = new FlowCache(64, 1_000);

    @Test
    void shouldKnowNothingAtFirst() {
        assertNull(cache.lookup(new long[STRIDE], 0, KeyLayout.IPV4_WORDS));
        assertEquals(1, cache.statistics().misses());
    }

    @Test
    void shouldFindALearnedPacketByItsExactKey() {
        long[] key = key(1, 2, 3);
        Megaflow learned = cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));

        Megaflow found = cache.lookup(key, 0, KeyLayout.IPV4_WORDS);

        assertSame(learned, found);
        assertEquals(7, found.soleOutput);
        assertEquals(1, cache.statistics().exactHits());
    }

    @Test
    void shouldFindAnotherPacketOfTheSameMegaflowAndThenByItsExactKey() {
        Megaflow learned = cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));
        long[] other = key(9, 9, 0x1103);

        assertSame(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));
        assertSame(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));

        assertEquals(1, cache.statistics().megaflowHits());
        assertEquals(1, cache.statistics().exactHits());
    }

    @Test
    void shouldNotTakeAPacketForAnotherThatDiffersInAMaskedBit() {
        cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));

        assertNull(cache.lookup(key(1, 2, 4), 0, KeyLayout.IPV4_WORDS));
    }

    @Test
    void shouldTellShortAndLongKeysApart() {
        long[] ipv6 = key(1, 2, 3);
        ipv6[7] = 42;
        cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(7, -1L), 1));
        cache.learn(ipv6, 0, KeyLayout.IPV6_WORDS, translation(mask(7, -1L), 2));

        assertEquals(1, cache.lookup(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS).soleOutput);
        assertEquals(2, cache.lookup(ipv6, 0, KeyLayout.IPV6_WORDS).soleOutput);
    }

    @Test
    void shouldForgetEverythingWhenCleared() {
        long[] key = key(1, 2, 3);
        cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));

        cache.clear();

        assertNull(cache.lookup(key, 0, KeyLayout.IPV4_WORDS));
        assertEquals(0, cache.megaflowCount());
    }

    @Test
    void shouldRefuseToLearnBeyondItsLimit() {
        FlowCache small = new FlowCache(2, 2);
        assertNotNull(small.learn(key(1, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));
        assertNotNull(small.learn(key(2, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));

        assertNull(small.learn(key(3, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));
    }

    @Test
    void shouldAgreeWithASearchThroughAllMegaflowsWhateverIsLearnedAndLookedUp() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Translation> known = new ArrayList<>();
        List<long[]> walked = new ArrayList<>();
        for (int step = 0; step < 200_000; step++) {
            long[] key = key(random.nextInt(4), random.nextInt(4), random.nextInt(4));
            key[7] = random.nextInt(3);
            int extent = key[7] == 0 ? KeyLayout.IPV4_WORDS : KeyLayout.PACKET_WORDS;
            int expected = search(known, walked, key);

            Megaflow found = cache.lookup(key, 0, extent);

            if (expected < 0) {
                assertNull(found, "seed " + seed);
                // Exact in a word that all look at, so that megaflows never overlap, as the pipeline's never
                // contradict.
                long[] mask = mask(1, 3);
                mask[2] = 3;
                mask[3] = (key[1] & 1) == 0 ? 3 : 0;
                mask[7] = 3;
                known.add(translation(mask, known.size() + 1));
                walked.add(key);
                cache.learn(key, 0, extent, known.getLast());
            } else {
                assertEquals(known.get(expected).program(), found.program, "seed " + seed);
            }
            if (random.nextInt(2_000) == 0) {
                cache.clear();
                known.clear();
                walked.clear();
            }
        }
        assertTrue(cache.statistics().exactHits() > 0 && cache.statistics().megaflowHits() > 0);
    }

    private static int search(List<Translation> known, List<long[]> walked, long[] key) {
        for (int i = 0; i < known.size(); i++) {
            boolean covers = true;
            long[] mask = known.get(i).mask();
            for (int word = 0; word < mask.length; word++) {
                covers &= ((key[word] ^ walked.get(i)[word]) & mask[word]) == 0;
            }
            if (covers) {
                return i;
            }
        }
        return -1;
    }

    private static long[] key(long a, long b, long c) {
        long[] key = new long[STRIDE];
        key[1] = a;
        key[2] = b;
        key[3] = c;
        return key;
    }

    private static long[] mask(int word, long bits) {
        long[] mask = new long[KeyLayout.RECEIVED_WORDS];
        mask[word] = bits;
        return mask;
    }

    private static Translation translation(long[] mask, int port) {
        ActionProgram program = new ActionProgram(new int[] {ActionProgram.OP_OUTPUT_LAST, port}, null);
        return new Translation(mask, program, new FlowEntry[0], new int[] {0}, 1, true);
    }
}
