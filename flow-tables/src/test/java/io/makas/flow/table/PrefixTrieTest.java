// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trie beside a list of prefixes. */
final class PrefixTrieTest {

    private static final int WORDS = 2;
    private static final int SUBTABLES = 100;

    private record Flow(long high, long low, int length, int subtable) {}

    private final List<Flow> flows = new ArrayList<>();
    private final long[] found = new long[WORDS + 1];
    private final long[] expected = new long[WORDS + 1];

    @ParameterizedTest
    @CsvSource({"1, 16, 2000", "2, 32, 4000", "3, 48, 2000", "4, 64, 2000", "5, 128, 4000", "6, 3, 300", "7, 1, 300"})
    void shouldFindWhatAListFinds(long seed, int width, int edits) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        PrefixTrie trie = new PrefixTrie(width > 64);

        for (int edit = 0; edit < edits; edit++) {
            // First it grows, then it shrinks.
            if (flows.isEmpty() || random.nextInt(edits) > edit * 3 / 4) {
                Flow flow = flow(random, width);
                flows.add(flow);
                trie.add(flow.high, flow.low, flow.length, flow.subtable);
            } else {
                remove(trie, random.nextInt(flows.size()));
            }
            for (int i = 0; i < 3; i++) {
                compare(trie, random, width);
            }
        }
        while (!flows.isEmpty()) {
            remove(trie, flows.size() - 1);
        }
        assertEquals(0, trie.find(random.nextLong(), 0, found, 1, WORDS));
    }

    @Test
    void shouldKeepLongChainsOfNestedPrefixes() {
        PrefixTrie trie = new PrefixTrie(true);
        for (int length = 128; length >= 1; length--) {
            Flow flow = new Flow(cut(-1, length), cut(-1, length - 64), length, length % SUBTABLES);
            flows.add(flow);
            trie.add(flow.high, flow.low, flow.length, flow.subtable);
        }
        SplittableRandom random = new SplittableRandom(8);
        for (int bit = 0; bit < 128; bit++) {
            compare(
                    trie,
                    bit < 64 ? -1L ^ Long.MIN_VALUE >>> bit : -1,
                    bit < 64 ? random.nextLong() : -1L ^ Long.MIN_VALUE >>> bit - 64);
        }
    }

    private void remove(PrefixTrie trie, int index) {
        Flow flow = flows.set(index, flows.getLast());
        flows.removeLast();
        trie.remove(flow.high, flow.low, flow.length, flow.subtable);
    }

    private void compare(PrefixTrie trie, SplittableRandom random, int width) {
        Flow like = flow(random, width);
        long high = like.high;
        long low = like.low;
        if (!flows.isEmpty() && random.nextBoolean()) {
            // Like some prefix that is there, up to some bit.
            Flow near = flows.get(random.nextInt(flows.size()));
            int common = random.nextInt(width + 1);
            high = cut(near.high, common) | high & ~cut(-1, common);
            low = cut(near.low, common - 64) | low & ~cut(-1, common - 64);
        }
        compare(trie, high, low);
    }

    private void compare(PrefixTrie trie, long high, long low) {
        Arrays.fill(found, 0);
        Arrays.fill(expected, 0);
        int needed = 0;
        for (Flow flow : flows) {
            int common = PrefixNode.commonBits(flow.high, flow.low, high, low);
            if (common >= flow.length) {
                expected[1 + (flow.subtable >> 6)] |= 1L << flow.subtable;
            } else {
                needed = Math.max(needed, common + 1);
            }
        }

        assertEquals(needed, trie.find(high, low, found, 1, WORDS));
        assertArrayEquals(expected, found);
    }

    private static Flow flow(SplittableRandom random, int width) {
        int length = random.nextInt(4) == 0 ? width : 1 + random.nextInt(width);
        // Numbers come in clusters, as addresses do.
        long high =
                random.nextInt(3) == 0 ? random.nextLong() : 0x0a00_0000_0000_0000L | (long) random.nextInt(64) << 40;
        long low = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(64);
        int own = random.nextInt(8) == 0 ? random.nextInt(SUBTABLES) : random.nextInt(3);
        return new Flow(cut(cut(high, width), length), cut(cut(low, width - 64), length - 64), length, own);
    }

    private static long cut(long number, int bits) {
        return bits <= 0 ? 0 : bits >= 64 ? number : number & -1L << 64 - bits;
    }
}
