// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Look-ups by an index beside a plain scan, and the bits that they consult. */
final class VectorIndexTest {

    private final FlowTables tables = new FlowTables(10_000);
    private final FlowTable table = tables.table(0);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldFindWhatAPlainScanFindsAndConsultWhatTellsIt(long seed) throws FlowModException {
        System.out.println("seed " + seed);
        RandomFlows random = new RandomFlows(seed);
        SplittableRandom bits = new SplittableRandom(seed);
        for (int round = 0; round < 60; round++) {
            List<FlowEntry> flows = fill(random, bits, 1 + random.below(round % 10 == 0 ? 600 : 90));
            for (int i = 0; i < 300; i++) {
                long[] key = key(random, bits);
                long[] consulted = new long[KeyLayout.WORDS];
                FlowEntry found = table.lookup(key, tables.version(), consulted);
                assertSame(scan(flows, key), found);
                for (int j = 0; j < 5; j++) {
                    long[] other = like(key, consulted, bits, random);
                    assertSame(found, table.lookup(other, tables.version(), new long[KeyLayout.WORDS]));
                }
            }
        }
    }

    @Test
    void shouldPassOverFlowsThatHaveEndedAndGiveWayToAddedOnes() throws FlowModException {
        RandomFlows random = new RandomFlows(9);
        List<FlowEntry> flows = fill(random, new SplittableRandom(9), 100);
        long before = tables.version();
        FlowEntry first = flows.getFirst();
        long[] key = first.match().valueWords();
        assertSame(first, lookup(key, before));

        tables.apply(List.of(new FlowMod.Delete(FlowFilter.strictly(0, first.priority(), first.match()))), 0);
        assertFalse(table.classifier().lacksIndex(tables.version()));
        assertSame(scan(flows.subList(1, flows.size()), key), lookup(key, tables.version()));
        assertSame(first, lookup(key, before), "a look-up at the version before");

        tables.apply(List.of(add(65_000, first.match())), 0);
        assertTrue(table.classifier().lacksIndex(tables.version()));
        assertEquals(65_000, lookup(key, tables.version()).priority());
        assertSame(first, lookup(key, before));
    }

    @Test
    void shouldIndexTablesThatNobodyAddsToForATurn() throws FlowModException {
        List<FlowMod> many = new ArrayList<>();
        for (int length = 1; length <= 32; length++) {
            Match.Builder match = Match.builder().set(Field.ETH_TYPE, 0x0800);
            match.set(Field.IP_DST, MaskedValue.prefix(Field.IP_DST, 0, 0x0a0b0c0dL, length));
            many.add(add(length, match.build()));
        }
        tables.apply(many, 0);
        tables.index();
        assertTrue(table.classifier().lacksIndex(tables.version()), "much was added since the last turn");

        tables.index();
        long version = tables.version();
        assertFalse(table.classifier().lacksIndex(version));
        tables.index();
        assertEquals(version, tables.version(), "it has an index");
        assertNull(lookup(new long[KeyLayout.WORDS], version));
    }

    private List<FlowEntry> fill(RandomFlows random, SplittableRandom bits, int count) throws FlowModException {
        tables.apply(List.of(new FlowMod.Delete(FlowFilter.inTable(0))), 0);
        List<FlowMod> mods = new ArrayList<>();
        Set<Integer> priorities = new HashSet<>();
        while (mods.size() < count) {
            int priority = random.below(60_000);
            if (priorities.add(priority)) {
                mods.add(add(priority, random.once(2) ? random.match() : prefixes(bits)));
            }
        }
        tables.apply(mods, 0);
        long before = tables.version();
        boolean isIndexed = new Indexer(tables).index(0);
        assertEquals(isIndexed, !table.classifier().lacksIndex(tables.version()));
        assertEquals(isIndexed, tables.version() != before);
        if (count >= 90) {
            assertNotEquals(before, tables.version());
        }
        List<FlowEntry> flows = new ArrayList<>(tables.flows(FlowFilter.inTable(0)));
        flows.sort(Comparator.comparingInt(FlowEntry::priority).reversed());
        return flows;
    }

    /** Prefixes that nest, of addresses of 32 and of 128 bits. */
    private static Match prefixes(SplittableRandom bits) {
        Match.Builder match = Match.builder();
        if (bits.nextBoolean()) {
            match.set(Field.ETH_TYPE, 0x0800);
            match.set(
                    Field.IP_SRC,
                    MaskedValue.prefix(Field.IP_SRC, 0, bits.nextInt(4) * 0x55555555L & 0xffffffffL, bits.nextInt(33)));
            match.set(Field.IP_DST, MaskedValue.prefix(Field.IP_DST, 0, bits.nextInt() & 0xffffffffL, bits.nextInt(8)));
        } else {
            match.set(Field.ETH_TYPE, 0x86dd);
            match.set(
                    Field.IPV6_SRC,
                    MaskedValue.prefix(
                            Field.IPV6_SRC, bits.nextInt(3), (long) bits.nextInt(3) << 62, 1 + bits.nextInt(128)));
        }
        return match.build();
    }

    private static long[] key(RandomFlows random, SplittableRandom bits) {
        long[] key = random.key();
        if (random.once(3)) {
            key[3] = bits.nextLong();
        } else if (random.once(3)) {
            key[3] = bits.nextInt(4) * 0x55555555L << 32 | bits.nextInt() & 0xffffffffL;
        }
        if (random.once(2)) {
            key[5] = bits.nextInt(3);
            key[6] = (long) bits.nextInt(3) << 62;
        }
        return key;
    }

    private static long[] like(long[] key, long[] consulted, SplittableRandom bits, RandomFlows random) {
        long[] other = random.key();
        long[] mixed = new long[KeyLayout.WORDS];
        for (int word = 0; word < KeyLayout.WORDS; word++) {
            long rest = random.once(2)
                    ? key[word] ^ 1L << bits.nextInt(64)
                    : random.once(2) ? bits.nextLong() : other[word];
            mixed[word] = key[word] & consulted[word] | rest & ~consulted[word];
        }
        return mixed;
    }

    private static FlowEntry scan(List<FlowEntry> flows, long[] key) {
        for (FlowEntry flow : flows) {
            if (flow.match().matches(key)) {
                return flow;
            }
        }
        return null;
    }

    private FlowEntry lookup(long[] key, long version) {
        return table.lookup(Arrays.copyOf(key, KeyLayout.WORDS), version, new long[KeyLayout.WORDS]);
    }

    private static FlowMod.Add add(int priority, Match match) {
        return new FlowMod.Add(0, priority, match, Instructions.apply(new Action.Output(1)));
    }
}
