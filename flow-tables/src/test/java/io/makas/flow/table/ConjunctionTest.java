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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conjunctive matches in the classifier, beside the plain meaning of ovs-fields(7). */
final class ConjunctionTest {

    /** Of random flows. */
    private static final int MAX_PRIORITY = 3;

    private final Classifier classifier = new Classifier();
    private final List<FlowEntry> entries = new ArrayList<>();
    private final long[] consulted = new long[KeyLayout.WORDS];
    private long version;

    @Test
    void shouldFindTheFlowOfAConjunctionThatThePacketMeets() {
        add(100, src(1), part(7, 1, 2));
        add(100, src(2), part(7, 1, 2));
        add(100, dst(80), part(7, 2, 2));
        add(100, dst(443), part(7, 2, 2));
        FlowEntry conjunction = add(100, conjId(7), output());
        FlowEntry ordinary = add(10, Match.ANY, output());

        assertSame(conjunction, lookup(1, 80));
        assertSame(conjunction, lookup(2, 443));
        assertSame(ordinary, lookup(3, 80));
        assertSame(ordinary, lookup(1, 22));
    }

    @Test
    void shouldGiveWayToAnOrdinaryFlowOfTheSamePriority() {
        add(100, src(1), part(7, 1, 2));
        add(100, dst(80), part(7, 2, 2));
        add(100, conjId(7), output());
        FlowEntry ordinary = add(100, Match.builder().set(Field.IN_PORT, 1).build(), output());

        assertSame(ordinary, lookup(1, 80));
    }

    @Test
    void shouldNotMixPartsOfDifferentPriorities() {
        add(100, src(1), part(7, 1, 2));
        add(90, dst(80), part(7, 2, 2));
        add(100, conjId(7), output());

        assertNull(lookup(1, 80));

        FlowEntry conjunction = add(95, conjId(8), output());
        add(90, src(1), part(8, 1, 2));
        add(90, dst(80), part(8, 2, 2));
        assertSame(conjunction, lookup(1, 80));
    }

    @Test
    void shouldFindAnOrdinaryFlowHiddenBehindAPartWithTheSameMatch() {
        add(100, src(1), part(7, 1, 2));
        FlowEntry ordinary = add(50, src(1), output());
        add(40, Match.ANY, output());

        assertSame(ordinary, lookup(1, 80));
    }

    @Test
    void shouldLetAFlowBePartOfSeveralConjunctions() {
        add(100, src(1), part(7, 1, 3), part(8, 1, 2));
        add(100, dst(80), part(7, 2, 3), part(8, 2, 2));
        FlowEntry second = add(100, conjId(8), output());
        FlowEntry first = add(100, conjId(7), output());
        assertSame(second, lookup(1, 80));

        add(100, Match.builder().set(Field.IN_PORT, 1).build(), part(7, 3, 3));
        assertSame(first, lookup(1, 80));
    }

    @Test
    void shouldMeetConjunctionsOfSixtyFourClausesAndOfTheHighestNumber() {
        for (int clause = 1; clause <= 64; clause++) {
            Match match =
                    Match.builder().set(Field.METADATA, 0, 1L << clause - 1).build();
            add(100, match, part(-1, clause, 64));
        }
        FlowEntry conjunction = add(100, conjId(0xffff_ffffL), output());

        assertSame(conjunction, lookup(1, 80));
        long[] key = key(1, 80);
        key[Field.METADATA.word()] = 1L << 63;
        assertNull(lookup(key));
    }

    @Test
    void shouldTryTheNextConjunctionWhenOneHasNoFlow() {
        add(100, src(1), part(7, 1, 2));
        add(100, dst(80), part(7, 2, 2));
        add(90, src(1), part(9, 1, 2));
        add(90, dst(80), part(9, 2, 2));
        FlowEntry conjunction = add(90, conjId(9), output());

        assertSame(conjunction, lookup(1, 80));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void shouldAgreeWithThePlainMeaningAfterEveryEdit(long seed) {
        System.out.println("seed " + seed);
        RandomFlows random = new RandomFlows(seed);
        int met = 0;
        for (int edit = 0; edit < 1_500; edit++) {
            if (entries.size() > 60 || !entries.isEmpty() && random.once(4)) {
                remove(entries.get(random.below(entries.size())));
            } else {
                addRandom(random);
            }
            for (int i = 0; i < 20; i++) {
                met += compare(random, random.key()) ? 1 : 0;
            }
        }
        System.out.println("conjunctions met: " + met);
        assertTrue(met > 200, "conjunctions met: " + met);
    }

    private void addRandom(RandomFlows random) {
        int priority = random.below(MAX_PRIORITY + 1);
        if (random.once(6)) {
            add(priority, conjId(1 + random.below(3)), output());
        } else if (random.once(3)) {
            add(priority, random.match(), output());
        } else {
            Action[] parts = new Action[1 + random.below(2)];
            for (int i = 0; i < parts.length; i++) {
                int id = 1 + random.below(3);
                int clauses = 2 + id % 2;
                parts[i] = part(id, 1 + random.below(clauses), clauses);
            }
            Match.Builder match = Match.builder();
            switch (random.below(3)) {
                case 0 -> match.set(Field.IN_PORT, 1 + random.below(4));
                case 1 -> match.set(Field.ETH_DST, 0x020000000000L + random.below(3));
                default -> match.set(Field.ETH_TYPE, 0x0800);
            }
            add(priority, random.once(3) ? random.match() : match.build(), parts);
        }
    }

    /** Answers whether the packet met a conjunction. */
    private boolean compare(RandomFlows random, long[] key) {
        FlowEntry expected = naive(key);

        FlowEntry found = lookup(key);

        if (expected == null) {
            assertNull(found);
        } else {
            assertNotNull(found, () -> "missed " + expected);
            assertEquals(expected.priority(), found.priority());
            assertFalse(found.isConjunctive());
        }
        long[] mask = consulted.clone();
        for (int i = 0; i < 3; i++) {
            assertSame(found, lookup(random.like(key, mask)), "a key alike in the consulted bits");
        }
        return found != null && found.match().mask().bitsOfWord(Field.CONJ_ID.word()) != 0;
    }

    private FlowEntry naive(long[] key) {
        FlowEntry ordinary = naiveOrdinary(key);
        for (int priority = MAX_PRIORITY; priority > (ordinary == null ? -1 : ordinary.priority()); priority--) {
            TreeMap<Integer, Long> missing = new TreeMap<>();
            for (FlowEntry entry : entries) {
                if (entry.isConjunctive()
                        && entry.priority() == priority
                        && entry.match().matches(key)) {
                    for (Action action : entry.instructions().apply()) {
                        Action.Conjunction part = (Action.Conjunction) action;
                        missing.merge(part.id(), (1L << part.clauses()) - 1, (a, b) -> a);
                        missing.computeIfPresent(part.id(), (id, bits) -> bits & ~(1L << part.clause() - 1));
                    }
                }
            }
            for (int id : missing.keySet()) {
                if (missing.get(id) == 0) {
                    long[] again = key.clone();
                    again[Field.CONJ_ID.word()] = id;
                    FlowEntry found = naiveOrdinary(again);
                    if (found != null) {
                        return found;
                    }
                }
            }
        }
        return ordinary;
    }

    private FlowEntry naiveOrdinary(long[] key) {
        FlowEntry best = null;
        for (FlowEntry entry : entries) {
            boolean isBetter = best == null || entry.priority() > best.priority();
            if (!entry.isConjunctive() && isBetter && entry.match().matches(key)) {
                best = entry;
            }
        }
        return best;
    }

    private FlowEntry lookup(int source, int port) {
        return lookup(key(source, port));
    }

    private FlowEntry lookup(long[] key) {
        Arrays.fill(consulted, 0);
        return classifier.lookup(key, version, consulted);
    }

    private FlowEntry add(int priority, Match match, Action... actions) {
        FlowEntry old = classifier.find(match, priority, version);
        if (old != null) {
            remove(old);
        }
        FlowMod.Add spec = new FlowMod.Add(0, priority, match, Instructions.apply(actions));
        FlowEntry entry = new FlowEntry(
                spec, classifier.shared(match), spec.instructions(), new FlowCounters(0), null, 0, version + 1);
        classifier.link(entry);
        classifier.publish();
        version++;
        entries.add(entry);
        return entry;
    }

    private void remove(FlowEntry entry) {
        entries.remove(entry);
        entry.removedAt(++version);
        classifier.unlink(entry);
        classifier.publish();
    }

    private static long[] key(int source, int port) {
        long[] key = new long[KeyLayout.WORDS];
        key[0] = 1L << 32 | 0x0800L << Field.ETH_TYPE.shift() | 6L << Field.IP_PROTO.shift();
        key[Field.IP_SRC.word()] = (long) source << 32;
        key[Field.TCP_DST.word()] = (long) port << Field.TCP_DST.shift();
        return key;
    }

    private static Match src(int address) {
        return Match.builder()
                .set(Field.ETH_TYPE, 0x0800)
                .set(Field.IP_SRC, address)
                .build();
    }

    private static Match dst(int port) {
        return Match.builder()
                .set(Field.ETH_TYPE, 0x0800)
                .set(Field.IP_PROTO, 6)
                .set(Field.TCP_DST, port)
                .build();
    }

    private static Match conjId(long id) {
        return Match.builder().set(Field.CONJ_ID, id).build();
    }

    private static Action part(int id, int clause, int clauses) {
        return new Action.Conjunction(id, clause, clauses);
    }

    private static Action output() {
        return new Action.Output(1);
    }
}
