// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Credits;
import io.makas.flow.pipeline.Operands;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.ChangeLog;
import org.junit.jupiter.api.Test;

final class FlowCacheTest {

    private static final int STRIDE = 24;

    private final ChangeLog changes = new ChangeLog();
    private final FlowCache cache = new FlowCache(64, 1_000, changes);

    @Test
    void shouldKnowNothingAtFirst() {
        assertEquals(FlowCache.UNKNOWN, cache.lookup(new long[STRIDE], 0, KeyLayout.IPV4_WORDS));
        assertEquals(1, cache.statistics().misses());
    }

    @Test
    void shouldFindALearnedPacketAndAnotherOfTheSameMegaflow() {
        long[] key = key(1, 2, 3);
        int learned = cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xffL), 7));

        assertEquals(learned, cache.lookup(key, 0, KeyLayout.IPV4_WORDS));
        assertEquals(learned, cache.lookup(key(9, 9, 0x1103), 0, KeyLayout.IPV4_WORDS));

        assertEquals(7, port(learned));
        assertEquals(2, cache.statistics().megaflowHits());
    }

    @Test
    void shouldFindPacketsByTheirWholeKeysWhereThereAreManyMasks() {
        for (int i = 1; i <= 8; i++) {
            cache.learn(key(0, 0, i), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0xf00L | i), i));
        }
        int learned = cache.learn(key(5, 5, 0x10f), 0, KeyLayout.IPV4_WORDS, translation(mask(3, 0x1fffL), 7));
        long[] other = key(9, 9, 0x10f);

        assertEquals(learned, cache.lookup(key(5, 5, 0x10f), 0, KeyLayout.IPV4_WORDS));
        assertEquals(1, cache.statistics().exactHits());
        assertEquals(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));
        assertEquals(1, cache.statistics().megaflowHits());
        assertEquals(learned, cache.lookup(other, 0, KeyLayout.IPV4_WORDS));
        assertEquals(2, cache.statistics().exactHits());
    }

    @Test
    void shouldShareAnAnswerAmongMegaflowsThatSayTheSame() {
        int one = cache.learn(key(1, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 7));
        int other = cache.learn(key(2, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 7));

        assertNotEquals(one, other);
        assertSame(cache.answerOf(one), cache.answerOf(other));
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
    void shouldNotSayWhatMayHaveBecomeWrong() {
        long[] key = key(1, 2, 3);
        cache.learn(key, 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));

        changes.addressesChanged();
        cache.follow();

        assertEquals(FlowCache.UNKNOWN, cache.lookup(key, 0, KeyLayout.IPV4_WORDS));
        assertEquals(0, cache.statistics().megaflows());
    }

    @Test
    void shouldCreditWhatAForgottenAnswerCounted() {
        int learned = cache.learn(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS, translation(mask(3, -1L), 7));
        CachedAnswer answer = cache.answerOf(learned);
        answer.count(3, 180);
        changes.addressesChanged();
        cache.follow();
        cache.lookup(key(1, 2, 3), 0, KeyLayout.IPV4_WORDS);

        assertSame(answer, cache.nextUnused());
        assertEquals(3, answer.packets);
        cache.release();
        assertNull(cache.nextUnused());
    }

    @Test
    void shouldLetAMegaflowGiveWayWhenThereAreTooMany() {
        FlowCache small = new FlowCache(8, 2, changes);
        for (int i = 1; i <= 3; i++) {
            small.learn(key(i, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), i));
        }

        assertEquals(2, small.statistics().megaflows());
        assertEquals(1, small.statistics().evictions());
        assertNotEquals(FlowCache.UNKNOWN, small.lookup(key(3, 0, 0), 0, KeyLayout.IPV4_WORDS));
    }

    @Test
    void shouldKeepTheMegaflowsThatAreMetUnderAFloodOfOthers() {
        FlowCache flooded = new FlowCache(1_024, 1_000, changes);
        for (int i = 0; i < 100; i++) {
            flooded.learn(key(i, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1 + i));
        }
        int lost = 0;
        for (int i = 1_000; i < 200_000; i++) {
            flooded.learn(key(i, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, -1L), 1));
            int met = i % 100;
            lost += flooded.lookup(key(met, 0, 0), 0, KeyLayout.IPV4_WORDS) == FlowCache.UNKNOWN ? 1 : 0;
        }

        assertEquals(0, lost);
        assertEquals(1_000, flooded.statistics().megaflows());
    }

    @Test
    void shouldBoundTheNumberOfMasks() {
        FlowCache wide = new FlowCache(64, 10_000, changes);
        for (int i = 1; i <= 3 * MegaflowCache.MAX_MASKS; i++) {
            int learned = wide.learn(key(i, 0, 0), 0, KeyLayout.IPV4_WORDS, translation(mask(1, i), 1));

            assertNotEquals(FlowCache.UNKNOWN, learned);
            assertTrue(wide.statistics().masks() <= MegaflowCache.MAX_MASKS);
        }
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
        int answer = cache.answerOf(megaflow).index;
        assertArrayEquals(new int[] {answer, answer, unknown, unknown, answer, unknown}, answers);
        assertEquals(3, cache.statistics().megaflowHits());
        assertEquals(0, cache.statistics().misses(), "the pipeline is not asked yet");
    }

    private int port(int index) {
        return cache.answerOf(index).soleOutput;
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

    private Translation translation(long[] mask, int port) {
        ActionProgram program = new ActionProgram(new int[] {ActionProgram.OP_OUTPUT_LAST, port}, null);
        return new Translation(mask, program, Operands.NONE, Credits.NONE, changes.generation(), true);
    }
}
