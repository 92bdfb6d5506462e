// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The classifier beside one that tries every flow, after every edit. */
final class ClassifierTest {

    private final FlowTables tables = new FlowTables(100_000);
    private final long[] consulted = new long[KeyLayout.WORDS];

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldAgreeWithTheNaiveOneAfterEveryEdit(long seed) {
        System.out.println("seed " + seed);
        RandomFlows random = new RandomFlows(seed);

        for (int edit = 0; edit < 600; edit++) {
            apply(random.mod(edit));
            for (int i = 0; i < 20; i++) {
                compare(random, random.below(RandomFlows.TABLES));
            }
        }
    }

    @Test
    void shouldAgreeWithTheNaiveOneInALargeTableThatShrinks() {
        System.out.println("seed 99");
        RandomFlows random = new RandomFlows(99);
        for (int edit = 0; edit < 20_000; edit++) {
            apply(random.add(edit));
        }
        for (int i = 0; i < 200; i++) {
            compare(random, random.below(RandomFlows.TABLES));
        }

        apply(new FlowMod.Delete(FlowFilter.ALL.withCookie(1, 1)));
        tables.expire(0);
        tables.expire(0);

        for (int i = 0; i < 200; i++) {
            compare(random, random.below(RandomFlows.TABLES));
        }
        apply(new FlowMod.Delete(FlowFilter.ALL));
        tables.expire(0);
        tables.expire(0);
        assertNull(lookup(0, random.key()));
        assertEquals(0, tables.table(0).classifier().subtableCount());
    }

    @Test
    void shouldFindTheHighestPriorityAmongMasks() {
        add(10, Match.ANY);
        add(30, Match.builder().set(Field.IN_PORT, 1).build());
        add(20, Match.builder().set(Field.ETH_SRC, 7).build());

        assertEquals(30, lookup(0, key(Field.IN_PORT, 1, Field.ETH_SRC, 7)).priority());
        assertEquals(20, lookup(0, key(Field.IN_PORT, 2, Field.ETH_SRC, 7)).priority());
        assertEquals(10, lookup(0, key(Field.IN_PORT, 2, Field.ETH_SRC, 8)).priority());
    }

    @Test
    void shouldNotConsultMasksOfLowerPriority() {
        add(30, Match.builder().set(Field.IN_PORT, 1).build());
        add(20, Match.builder().set(Field.ETH_SRC, 7).build());

        lookup(0, key(Field.IN_PORT, 1, Field.ETH_SRC, 7));

        assertEquals(Field.IN_PORT.wordMask(), consulted[Field.IN_PORT.word()]);
        assertEquals(0, consulted[Field.ETH_SRC.word()]);
    }

    @Test
    void shouldNotConsultPortsOfAnotherProtocol() {
        for (int port = 1; port <= 10_000; port++) {
            add(
                    10,
                    Match.builder()
                            .set(Field.ETH_TYPE, 0x0800)
                            .set(Field.IP_PROTO, 6)
                            .set(Field.TCP_DST, port)
                            .build());
        }

        assertNull(lookup(0, key(Field.ETH_TYPE, 0x0800, Field.IP_PROTO, 1)));

        assertEquals(0, consulted[Field.TCP_DST.word()]);
    }

    @Test
    void shouldSeeTheTablesAsTheyWereAtAVersion() {
        add(10, Match.ANY);
        long before = tables.version();
        add(20, Match.ANY);
        FlowEntry newer = lookup(0, new long[KeyLayout.WORDS]);
        apply(new FlowMod.Delete(FlowFilter.strictly(0, 10, Match.ANY)));

        FlowEntry older = tables.table(0).lookup(new long[KeyLayout.WORDS], before, consulted);

        assertEquals(20, newer.priority());
        assertNotNull(older);
        assertEquals(10, older.priority());
        assertTrue(tables.isIntact(before));
    }

    @Test
    void shouldTellWhatItHasReclaimedToWhoeverMayHaveMissedIt() {
        add(10, Match.ANY);
        long before = tables.version();
        apply(new FlowMod.Delete(FlowFilter.ALL));

        tables.expire(0);
        assertTrue(tables.isIntact(before), "one call is the time that walks are given");
        tables.expire(0);

        assertFalse(tables.isIntact(before));
        assertTrue(tables.isIntact(tables.version()));
    }

    private void compare(RandomFlows random, int table) {
        long[] key = random.key();
        FlowEntry expected = naiveLookup(table, key);

        FlowEntry found = lookup(table, key);

        if (expected == null) {
            assertNull(found);
        } else {
            assertNotNull(found, () -> "missed " + expected);
            assertEquals(expected.priority(), found.priority());
            assertTrue(found.match().matches(key));
        }
        long[] mask = consulted.clone();
        for (int i = 0; i < 5; i++) {
            assertSame(found, lookup(table, random.like(key, mask)), "a key alike in the consulted bits");
        }
    }

    private FlowEntry naiveLookup(int table, long[] key) {
        FlowEntry best = null;
        for (FlowEntry entry : tables.flows(FlowFilter.inTable(table))) {
            if (entry.match().matches(key) && (best == null || entry.priority() > best.priority())) {
                best = entry;
            }
        }
        return best;
    }

    private FlowEntry lookup(int table, long[] key) {
        Arrays.fill(consulted, 0);
        return tables.table(table).lookup(key, tables.version(), consulted);
    }

    private void add(int priority, Match match) {
        apply(new FlowMod.Add(0, priority, match, Instructions.apply(new Action.Output(1))));
    }

    private void apply(FlowMod mod) {
        try {
            tables.apply(List.of(mod), 0);
        } catch (FlowModException e) {
            // Random flows may ask for what cannot be; then nothing has changed, which the comparison sees.
            assertEquals(FlowModException.Kind.MATCH_INCONSISTENT, e.kind(), e.getMessage());
        }
    }

    private static long[] key(Field one, long oneValue, Field two, long twoValue) {
        long[] key = new long[KeyLayout.WORDS];
        key[one.word()] |= oneValue << one.shift();
        key[two.word()] |= twoValue << two.shift();
        return key;
    }
}
