// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Credits;
import io.makas.flow.pipeline.Operands;
import io.makas.flow.pipeline.Translation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FlowCacheTest {

    private static final int STRIDE = 24;

    private final FlowCache cache = new FlowCache(64, 1_000);

    @Test
    void shouldKnowNothingAtFirst() {
        assertEquals(FlowCache.UNKNOWN, cache.lookup(new long[STRIDE], 0, KeyLayout.IPV4_WORDS));
        assertEquals(1, cache.statistics().misses());
    }

    @Test
    void shouldFindALearnedPacketByItsExactKey() {
        long[] key = key(1, 2, 3);
        int learned = cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));

        int found = cache.lookup(key, 0, KeyLayout.IPV4_WORDS);

        assertEquals(learned, found);
        assertEquals(7, cache.megaflow(found).soleOutput);
        assertEquals(1, cache.statistics().exactHits());
    }

    @Test
    void shouldFindAnotherPacketOfTheSameMegaflowAndThenByItsExactKey() {
        int learned = cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));
        long[] other = key(9, 9, 0x1103);

        assertEquals(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));
        assertEquals(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));

        assertEquals(1, cache.statistics().megaflowHits());
        assertEquals(1, cache.statistics().exactHits());
    }

    @Test
    void shouldNotTakeAPacketForAnotherThatDiffersInAMaskedBit() {
        cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));

        assertEquals(FlowCache.UNKNOWN, cache.lookup(key(1, 2, 4), 0, KeyLayout.IPV4_WORDS));
    }

    @Test
    void shouldTellShortAndLongKeysApart() {
        long[] ipv6 = key(1, 2, 3);
        ipv6[7] = 42;
        cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(7, -1L), 1));
        cache.learn(ipv6, 0, KeyLayout.IPV6_WORDS, translation(mask(7, -1L), 2));

        assertEquals(1, port(cache.lookup(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS)));
        assertEquals(2, port(cache.lookup(ipv6, 0, KeyLayout.IPV6_WORDS)));
    }

    @Test
    void shouldForgetEverythingWhenCleared() {
        long[] key = key(1, 2, 3);
        cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));

        cache.clear();

        assertEquals(FlowCache.UNKNOWN, cache.lookup(key, 0, KeyLayout.IPV4_WORDS));
        assertEquals(0, cache.megaflowCount());
    }

    @Test
    void shouldRefuseToLearnBeyondItsLimit() {
        FlowCache small = new FlowCache(2, 2);
        assertNotEquals(
                FlowCache.UNKNOWN, small.learn(key(1, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));
        assertNotEquals(
                FlowCache.UNKNOWN, small.learn(key(2, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));

        assertEquals(
                FlowCache.UNKNOWN, small.learn(key(3, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1)));
    }

    @Test
    void shouldRefuseToLearnMoreMasksThanALookUpShouldTry() {
        for (int i = 1; i <= MegaflowCache.MAX_MASKS; i++) {
            assertNotEquals(
                    FlowCache.UNKNOWN, cache.learn(key(i, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, i), 1)));
        }

        assertEquals(
                FlowCache.UNKNOWN,
                cache.learn(key(9_999, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, 9_999), 1)));
        assertNotEquals(
                FlowCache.UNKNOWN, cache.learn(key(9_998, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, 1), 1)));
    }

    @Test
    void shouldAnswerABurstAsItAnswersItsPacketsOneByOne() {
        int megaflow = cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));
        long[][] packets = {key(1, 2, 3), key(1, 2, 3), key(9, 9, 9), key(9, 9, 9), key(5, 5, 0x103), new long[STRIDE]};
        long[] keys = new long[packets.length * STRIDE];
        int[] extents = new int[packets.length];
        for (int i = 0; i < packets.length; i++) {
            System.arraycopy(packets[i], 0, keys, i * STRIDE, STRIDE);
            extents[i] = i == 5 ? -1 : KeyLayout.IPV4_WORDS;
        }
        int[] answers = new int[packets.length];

        cache.lookup(keys, STRIDE, extents, packets.length, answers);

        int unknown = FlowCache.UNKNOWN;
        assertArrayEquals(new int[] {megaflow, megaflow, unknown, unknown, megaflow, unknown}, answers);
        assertEquals(2, cache.statistics().exactHits());
        assertEquals(1, cache.statistics().megaflowHits());
        assertEquals(0, cache.statistics().misses(), "the pipeline is not asked yet");
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

            int found = cache.lookup(key, 0, extent);

            if (expected < 0) {
                assertEquals(FlowCache.UNKNOWN, found, "seed " + seed);
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
                assertEquals(known.get(expected).program(), cache.megaflow(found).program, "seed " + seed);
            }
            if (random.nextInt(2_000) == 0) {
                cache.clear();
                known.clear();
                walked.clear();
            }
        }
        assertTrue(cache.statistics().exactHits() > 0 && cache.statistics().megaflowHits() > 0);
    }

    private int port(int index) {
        return cache.megaflow(index).soleOutput;
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
        return new Translation(mask, program, Operands.NONE, Credits.NONE, 1, true);
    }
}
