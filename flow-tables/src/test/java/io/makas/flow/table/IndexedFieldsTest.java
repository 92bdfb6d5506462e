// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subtables with more values than their tries are worth, which here are few. */
final class IndexedFieldsTest {

    private static final int IPV4 = 0x0800;
    private static final int TCP = 6;
    private static final Field[] FIELDS = {Field.IP_SRC, Field.IP_DST, Field.TCP_SRC, Field.TCP_DST};
    private static final IndexedFields.Limits LIMITS = new IndexedFields.Limits(4, 12);

    private final Classifier classifier = new Classifier(LIMITS);
    private final List<FlowEntry> entries = new ArrayList<>();
    private final List<FlowEntry> ended = new ArrayList<>();
    private final long[] consulted = new long[KeyLayout.WORDS];

    @ParameterizedTest
    @CsvSource({"1, 6", "2, 6", "3, 16", "4, 16", "5, 40", "6, 40", "7, 1000", "8, 1000"})
    void shouldAgreeWithAListWhileFieldsAreLeftOut(long seed, int values) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);

        for (int version = 1; version <= 400; version++) {
            // It grows, then it shrinks to nothing, twice.
            boolean isGrowing = random.nextInt(200) > version % 200;
            for (int i = random.nextInt(6); i >= 0; i--) {
                if (isGrowing) {
                    link(entry(random, values, version));
                } else if (!entries.isEmpty()) {
                    end(random.nextInt(entries.size()), version);
                }
            }
            classifier.publish();
            for (int i = 0; i < 10; i++) {
                compare(random, values, version);
                // One who has not yet seen the edit: nothing that he needs is gone.
                compare(random, values, version - 1);
            }
            unlinkEnded();
            classifier.publish();
            compare(random, values, version);
        }
        while (!entries.isEmpty()) {
            end(0, 401);
        }
        unlinkEnded();
        classifier.publish();

        assertEquals(0, classifier.subtableCount());
        shouldTellASingleFlowByOneBit();
    }

    @Test
    void shouldKeepTheOnlyFieldWithManyValues() {
        for (int i = 0; i < LIMITS.tooMany() - 1; i++) {
            link(entry(1, Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_DST, 0x0a000000 + i)));
        }
        classifier.publish();

        assertNull(lookup(packet(Field.IP_DST, 0xc0000000L), 1));
        assertEquals(0x8000_0000L, consulted[Field.IP_DST.word()]);
    }

    @Test
    void shouldKeepOneOfSeveralFieldsWithManyValues() {
        for (int i = 0; i < LIMITS.many() * 2; i++) {
            Match.Builder match = Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_DST, 0x0a000000 + i);
            link(entry(1, match.set(Field.IP_SRC, 0x0b000000 + i)));
        }
        classifier.publish();

        assertNull(lookup(packet(Field.IP_DST, 0xc0000000L), 1));
        assertEquals(0x8000_0000L, consulted[Field.IP_DST.word()]);
    }

    @Test
    void shouldConsultAWholeFieldWithTooManyValues() {
        for (int i = 0; i <= LIMITS.tooMany(); i++) {
            link(entry(1, Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_DST, 0x0a000000 + i)));
        }
        classifier.publish();

        assertNull(lookup(packet(Field.IP_DST, 0xc0000000L), 1));
        assertEquals(0xffff_ffffL, consulted[Field.IP_DST.word()]);
    }

    @Test
    void shouldLeaveOutOnlyAsManySubtablesAsAreCheapToAsk() {
        for (int length = 32; length > 32 - 2 * Classifier.MAX_LEFT_OUT; length--) {
            for (int i = 0; i <= LIMITS.tooMany(); i++) {
                long mask = 0xffff_ffffL & -1L << 32 - length;
                long value = 0x0a000000 + ((long) i << 8);
                link(entry(1, Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_DST, value & mask, mask)));
            }
        }
        classifier.publish();

        assertNull(lookup(packet(Field.IP_DST, 0xc0000000L), 1));
        assertEquals(0xffff_ffffL, consulted[Field.IP_DST.word()]);

        // Those that came first have left; without them the others can be told by what their trie knows.
        for (int i = Classifier.MAX_LEFT_OUT * (LIMITS.tooMany() + 1); i > 0; i--) {
            end(0, 2);
        }
        unlinkEnded();
        classifier.publish();
        assertNull(lookup(packet(Field.IP_DST, 0xc0000000L), 2));
        assertEquals(0x8000_0000L, consulted[Field.IP_DST.word()]);
    }

    private void shouldTellASingleFlowByOneBit() {
        link(entry(402, Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_DST, 1)));
        classifier.publish();

        assertNull(lookup(packet(Field.IP_DST, 0x8000_0000L), 402));
        assertEquals(0x8000_0000L, consulted[Field.IP_DST.word()]);
    }

    private void compare(SplittableRandom random, int values, long version) {
        long[] key = packet(Field.IP_DST, 0);
        Match like = entries.isEmpty() || random.nextInt(3) == 0
                ? match(random, values)
                : entries.get(random.nextInt(entries.size())).match();
        for (Field field : FIELDS) {
            long value = random.nextInt(4) == 0 ? number(random, field, values) : field.in(like.valueWords());
            key[field.word()] = key[field.word()] & ~field.wordMask() | value << field.shift();
        }
        int expected = Math.max(best(entries, key, version), best(ended, key, version));

        FlowEntry found = lookup(key, version);

        assertEquals(expected, found == null ? -1 : found.priority());
        long[] mask = consulted.clone();
        for (int i = 0; i < 5; i++) {
            long[] alike = new long[key.length];
            for (int word = 0; word < key.length; word++) {
                alike[word] = key[word] & mask[word] | random.nextLong() & ~mask[word];
            }
            assertSame(found, lookup(alike, version), "a key alike in the consulted bits");
        }
    }

    private static int best(List<FlowEntry> among, long[] key, long version) {
        int best = -1;
        for (FlowEntry entry : among) {
            if (entry.isVisibleAt(version) && entry.match().matches(key)) {
                best = Math.max(best, entry.priority());
            }
        }
        return best;
    }

    private FlowEntry lookup(long[] key, long version) {
        Arrays.fill(consulted, 0);
        return classifier.lookup(key, version, consulted);
    }

    private void link(FlowEntry entry) {
        classifier.link(entry);
        entries.add(entry);
    }

    private void end(int index, long version) {
        FlowEntry entry = entries.remove(index);
        entry.removedAt(version);
        ended.add(entry);
    }

    private void unlinkEnded() {
        ended.forEach(classifier::unlink);
        ended.clear();
    }

    private static FlowEntry entry(SplittableRandom random, int values, long version) {
        return entry(random.nextInt(3), match(random, values), version);
    }

    private static FlowEntry entry(long version, Match.Builder match) {
        return entry(1, match.build(), version);
    }

    private static FlowEntry entry(int priority, Match match, long version) {
        FlowMod.Add spec = new FlowMod.Add(0, priority, match, Instructions.apply(new Action.Output(1)));
        return new FlowEntry(spec, match, spec.instructions(), new FlowCounters(0), null, 0, version);
    }

    /** Of one of 16 masks: each field or not, whole but for source addresses, which are networks. */
    private static Match match(SplittableRandom random, int values) {
        Match.Builder match = Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_PROTO, TCP);
        int which = random.nextInt(2) == 0 ? 0xf : random.nextInt(16);
        for (int i = 0; i < FIELDS.length; i++) {
            long mask = FIELDS[i] == Field.IP_SRC ? 0xffff_ff00L : FIELDS[i].ones();
            if ((which >> i & 1) != 0) {
                match.set(FIELDS[i], number(random, FIELDS[i], values) & mask, mask);
            }
        }
        return match.build();
    }

    private static long number(SplittableRandom random, Field field, int values) {
        return random.nextInt(values) * 0x9e37_79b9L & field.ones();
    }

    private static long[] packet(Field field, long value) {
        long[] key = new long[KeyLayout.WORDS];
        key[0] = (long) IPV4 << Field.ETH_TYPE.shift() | (long) TCP << Field.IP_PROTO.shift();
        key[field.word()] |= value << field.shift();
        return key;
    }
}
