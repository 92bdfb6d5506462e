// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.match;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.MatchException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class MatchTest {

    @Test
    void item7ShouldRefuseAFieldWithoutItsPrerequisite() {
        Match.Builder builder = Match.builder().set(Field.ETH_TYPE, 0x86dd).set(Field.IP_DST, 1);

        MatchException e = assertThrows(MatchException.class, builder::build);

        assertEquals(Kind.BAD_PREREQUISITE, e.kind());
        assertEquals(Field.IP_DST, e.field());
        assertEquals("nw_dst: needs ip (dl_type=0x0800) in the same match", e.getMessage());
    }

    /** Every field with a prerequisite is refused alone. */
    @ParameterizedTest
    @EnumSource(Field.class)
    void item7ShouldRefuseEachFieldThatNeedsAnotherOne(Field field) {
        Match.Builder builder = Match.builder().set(field, MaskedValue.exact(field, 0x1000 & field.ones()));

        if (field.prerequisite().isMet(new long[KeyLayout.WORDS], new long[KeyLayout.WORDS])) {
            builder.build();
        } else {
            assertEquals(
                    Kind.BAD_PREREQUISITE,
                    assertThrows(MatchException.class, builder::build).kind());
        }
    }

    @Test
    void item7ShouldRefuseDuplicatesAndOverlappingFields() {
        Match.Builder builder = Match.builder().set(Field.VLAN_VID, 0x1005);

        assertEquals(Kind.DUPLICATE_FIELD, kind(builder, Field.VLAN_VID, MaskedValue.masked(0x1005, 0x1fff)));
        assertEquals(Kind.DUPLICATE_FIELD, kind(builder, Field.VLAN_TCI, MaskedValue.masked(0x1005, 0xffff)));
    }

    @Test
    void item7ShouldRefuseStrayBitsMasksAndValuesOutOfRange() {
        Match.Builder builder = Match.builder();

        assertEquals(Kind.BAD_WILDCARDS, kind(builder, Field.REG0, MaskedValue.masked(5, 4)));
        assertEquals(Kind.BAD_MASK, kind(builder, Field.IN_PORT, MaskedValue.masked(4, 4)));
        assertEquals(Kind.BAD_VALUE, kind(builder, Field.IP_DSCP, MaskedValue.masked(64, 63)));
        assertEquals(Kind.BAD_VALUE, kind(builder, Field.ETH_SRC, MaskedValue.masked(1L << 48, -1L)));
    }

    @Test
    void item7ShouldMakeTheSameOfWhatMeansTheSame() {
        Match exact = Match.builder().set(Field.REG0, 7).build();

        assertEquals(exact, Match.builder().set(Field.REG0, 7, 0xffff_ffffL).build());
        assertEquals(
                exact, Match.builder().set(Field.REG1, 0, 0).set(Field.REG0, 7).build());
        assertEquals(
                exact.hashCode(),
                Match.builder().set(Field.REG0, 7, 0xffff_ffffL).build().hashCode());
        assertSame(Match.ANY, Match.builder().set(Field.IP_DST, 0, 0).build());
        assertNotEquals(exact, Match.builder().set(Field.REG1, 7).build());
    }

    @Test
    void item8ShouldHaveOneFormForNoTag() {
        Match untagged = Match.builder().set(Field.VLAN_VID, 0).build();

        assertEquals(untagged, Match.builder().set(Field.VLAN_TCI, 0).build());
        assertEquals(untagged, Match.builder().set(Field.VLAN_VID, 0, 0x1000).build());
        assertTrue(untagged.matches(new long[KeyLayout.WORDS]));
    }

    @Test
    void item8ShouldRefuseAVlanIdWithoutThePresentBitAndAPriorityWithoutATag() {
        assertEquals(
                Kind.BAD_VALUE,
                assertThrows(
                                MatchException.class,
                                () -> Match.builder().set(Field.VLAN_VID, 5).build())
                        .kind());
        assertEquals(
                Kind.BAD_PREREQUISITE,
                assertThrows(
                                MatchException.class,
                                () -> Match.builder()
                                        .set(Field.VLAN_VID, 0)
                                        .set(Field.VLAN_PCP, 3)
                                        .build())
                        .kind());
    }

    @Test
    void shouldPlaceWideFieldsHighHalfFirst() {
        Match match = Match.builder()
                .set(Field.ETH_TYPE, 0x86dd)
                .set(Field.IPV6_DST, MaskedValue.prefix(Field.IPV6_DST, 0xfd00_0000_0000_0000L, -1, 72))
                .build();

        MaskedValue field = match.field(Field.IPV6_DST);

        assertEquals(0xfd00_0000_0000_0000L, field.high());
        assertEquals(0xff00_0000_0000_0000L, field.low());
        assertEquals(-1, field.maskHigh());
        assertEquals(0xff00_0000_0000_0000L, field.maskLow());
    }

    /** Within and overlapping, beside what single packets say. */
    @Test
    void shouldCompareMatchesAsTheirPacketsDo() {
        System.out.println("seed 51");
        RandomFlows random = new RandomFlows(51);
        int within = 0;
        int overlapping = 0;
        for (int i = 0; i < 20_000; i++) {
            Match one = random.match();
            Match other = random.once(3) ? one : random.match();
            long[] packet = random.like(one.valueWords(), one.mask().toWords());
            assertTrue(one.matches(withPipelineWords(packet, one)));
            if (one.isWithin(other)) {
                assertTrue(other.matches(withPipelineWords(packet, one)));
                within++;
            }
            long[] both = merged(one, other);
            assertEquals(one.matches(both) && other.matches(both), one.overlaps(other));
            assertEquals(one.overlaps(other), other.overlaps(one));
            overlapping += one.overlaps(other) ? 1 : 0;
        }
        assertTrue(within > 5_000 && overlapping > within, within + " within, " + overlapping + " overlapping");
    }

    @Test
    void shouldNotBeWithinAMoreSpecificMatch() {
        Match wide = Match.builder().set(Field.ETH_TYPE, 0x0800).build();
        Match narrow = Match.builder()
                .set(Field.ETH_TYPE, 0x0800)
                .set(Field.IP_DST, 0x0a000000, 0xff000000L)
                .build();

        assertTrue(narrow.isWithin(wide));
        assertTrue(narrow.isWithin(narrow));
        assertFalse(wide.isWithin(narrow));
        assertTrue(wide.isWithin(Match.ANY));
    }

    private static Kind kind(Match.Builder builder, Field field, MaskedValue value) {
        return assertThrows(MatchException.class, () -> builder.set(field, value))
                .kind();
    }

    /** Metadata and registers as the match wants them: random packets have none. */
    private static long[] withPipelineWords(long[] packet, Match match) {
        System.arraycopy(
                match.valueWords(),
                KeyLayout.RECEIVED_WORDS,
                packet,
                KeyLayout.RECEIVED_WORDS,
                KeyLayout.WORDS - KeyLayout.RECEIVED_WORDS);
        return packet;
    }

    /** A packet with the bits of both; matches both if any packet does. */
    private static long[] merged(Match one, Match other) {
        long[] key = other.valueWords();
        long[] first = one.valueWords();
        long[] mask = one.mask().toWords();
        for (int word = 0; word < key.length; word++) {
            key[word] = key[word] & ~mask[word] | first[word];
        }
        return key;
    }
}
