// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How few bits a look-up consults. What it consults is enough, says {@link ClassifierTest}. */
final class MinimalMaskTest {

    private static final int IPV4 = 0x0800;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMP = 1;

    private record Prefix(int address, int length) {}

    private final FlowTables tables = new FlowTables(100_000);
    private final List<FlowMod> mods = new ArrayList<>();
    private final long[] consulted = new long[KeyLayout.WORDS];
    private final Set<Match> megaflows = new HashSet<>();

    @Test
    void shouldMakeOneMegaflowOfPingsBesideTenThousandTcpPorts() {
        for (int port = 1; port <= 10_000; port++) {
            add(10, ip(TCP).set(Field.TCP_DST, port));
        }
        apply();

        for (int type : new int[] {0, 8}) {
            for (int host = 0; host < 1_000; host++) {
                assertNull(lookup(packet(ICMP, 0x0a000000 + host, 0x0a000000 + host * 7, type, 0)));
            }
        }

        assertEquals(1, megaflows.size());
        assertEquals(0, consulted[Field.TCP_DST.word()]);
    }

    @Test
    void shouldMakeFewMegaflowsOfPortsThatNoFlowHas() {
        for (int port = 1; port <= 10_000; port++) {
            add(10, ip(TCP).set(Field.TCP_DST, port));
        }
        apply();

        for (int port = 10_001; port <= 0xffff; port++) {
            assertNull(lookup(packet(TCP, 1, 2, 1024, port)));
        }

        // 65,536 less 10,001 ports, port 0 among them, in prefixes.
        assertTrue(megaflows.size() <= 16, "megaflows: " + megaflows.size());
    }

    @Test
    void shouldConsultNoPortsWhereAddressesDecide() {
        for (int i = 0; i < 1_000; i++) {
            add(
                    10 + i % 7,
                    ip(i % 2 == 0 ? TCP : UDP)
                            .set(Field.IP_DST, 0x0a000000 + i)
                            .set(i % 2 == 0 ? Field.TCP_DST : Field.UDP_DST, i));
        }
        apply();

        assertNull(lookup(packet(TCP, 1, 0xc0a80001, 1024, 80)));

        assertEquals(0, consulted[Field.TCP_DST.word()]);
        assertEquals(firstBits(1), consulted[Field.IP_DST.word()]);
    }

    @Test
    void shouldConsultOnlyAsManyAddressBitsAsNeededBesideHostsAndNetworks() {
        add(100, ip(TCP).set(Field.IP_DST, 0x0a010203));
        add(50, ip(TCP).set(Field.IP_DST, 0x0a000000, 0xff000000L));
        apply();

        lookup(packet(TCP, 1, 0x0a800000, 1, 1));
        // Bit 9 is the first in which 10.128.0.0 differs from 10.1.2.3.
        assertEquals(firstBits(9), consulted[Field.IP_DST.word()]);

        lookup(packet(TCP, 1, 0xc0000000, 1, 1));
        assertEquals(firstBits(1), consulted[Field.IP_DST.word()]);

        lookup(packet(TCP, 1, 0x0a010202, 1, 1));
        assertEquals(firstBits(32), consulted[Field.IP_DST.word()]);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldConsultExactlyThePrefixThatSeparates(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Set<Prefix> prefixes = new HashSet<>();
        while (prefixes.size() < 1_000) {
            Prefix prefix = prefix(random);
            if (prefixes.add(prefix)) {
                add(prefix.length, match(prefix));
            }
        }
        apply();

        for (int i = 0; i < 20_000; i++) {
            int address = i % 2 == 0 ? random.nextInt() : prefix(random).address | random.nextInt() >>> 20;
            FlowEntry found = lookup(packet(UDP, 0, address, 0, 0));
            int longest = 0;
            for (Prefix prefix : prefixes) {
                longest = matches(prefix, address) ? Math.max(longest, prefix.length) : longest;
            }
            int needed = longest;
            for (Prefix prefix : prefixes) {
                if (prefix.length > longest) {
                    needed = Math.max(needed, Integer.numberOfLeadingZeros(prefix.address ^ address) + 1);
                }
            }
            assertEquals(longest, found == null ? 0 : found.priority());
            assertEquals(firstBits(needed), consulted[Field.IP_DST.word()]);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {4, 5})
    void shouldConsultNoMoreThanThePrefixThatSeparatesFromAll(long seed) {
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        Set<Prefix> prefixes = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Prefix prefix = prefix(random);
            prefixes.add(prefix);
            add(random.nextInt(1_000), match(prefix));
        }
        apply();

        for (int i = 0; i < 20_000; i++) {
            int address = prefix(random).address | random.nextInt() >>> 20;
            lookup(packet(UDP, 0, address, 0, 0));
            int bound = 0;
            for (Prefix prefix : prefixes) {
                int common = Integer.numberOfLeadingZeros(prefix.address ^ address);
                bound = Math.max(bound, Math.min(prefix.length, common + 1));
            }
            assertEquals(0, consulted[Field.IP_DST.word()] & ~firstBits(bound));
        }
    }

    @Test
    void shouldSeparateIpv6PrefixesByTheirBits() {
        long high = 0xfd00_0000_0000_0000L;
        for (int i = 1; i <= 40; i++) {
            Match.Builder match = Match.builder().set(Field.ETH_TYPE, 0x86dd);
            add(i, match.set(Field.IPV6_DST, MaskedValue.prefix(Field.IPV6_DST, high, i, 128)));
            Match.Builder wide = Match.builder().set(Field.ETH_TYPE, 0x86dd);
            add(i, wide.set(Field.IPV6_DST, MaskedValue.prefix(Field.IPV6_DST, high | (long) i << 16, 0, 48)));
        }
        apply();
        long[] key = new long[KeyLayout.WORDS];
        key[0] = 0x86ddL << Field.ETH_TYPE.shift();
        key[Field.IPV6_DST.word()] = high;
        key[Field.IPV6_DST.word() + 1] = 64;

        assertNull(lookup(key));

        assertEquals(-1L, consulted[Field.IPV6_DST.word()]);
        // 64 differs from 1 to 40 in bit 6 of 0 to 63.
        assertEquals(-1L << 6, consulted[Field.IPV6_DST.word() + 1]);
    }

    private FlowEntry lookup(long[] key) {
        Arrays.fill(consulted, 0);
        FlowEntry entry = tables.table(0).lookup(key, tables.version(), consulted);
        megaflows.add(Match.ofKey(key, consulted));
        return entry;
    }

    private void add(int priority, Match.Builder match) {
        mods.add(new FlowMod.Add(0, priority, match.build(), Instructions.apply(new Action.Output(1))));
    }

    private void apply() {
        try {
            tables.apply(mods, 0);
        } catch (FlowModException e) {
            throw new AssertionError(e);
        }
    }

    private static Match.Builder ip(int protocol) {
        return Match.builder().set(Field.ETH_TYPE, IPV4).set(Field.IP_PROTO, protocol);
    }

    private static Match.Builder match(Prefix prefix) {
        return Match.builder()
                .set(Field.ETH_TYPE, IPV4)
                .set(
                        Field.IP_DST,
                        MaskedValue.prefix(Field.IP_DST, 0, Integer.toUnsignedLong(prefix.address), prefix.length));
    }

    private static Prefix prefix(SplittableRandom random) {
        int length = 1 + random.nextInt(32);
        int address = random.nextInt(4) == 0 ? random.nextInt() : 0x0a000000 | random.nextInt(1 << 12) << 6;
        return new Prefix(address & -1 << 32 - length, length);
    }

    private static boolean matches(Prefix prefix, int address) {
        return Integer.numberOfLeadingZeros(prefix.address ^ address) >= prefix.length;
    }

    private static long[] packet(int protocol, int source, int destination, int first, int second) {
        long[] key = new long[KeyLayout.WORDS];
        key[0] = 1L << 32 | (long) IPV4 << Field.ETH_TYPE.shift() | (long) protocol << Field.IP_PROTO.shift();
        key[Field.IP_SRC.word()] = (long) source << 32 | Integer.toUnsignedLong(destination);
        key[Field.TCP_SRC.word()] = (long) first << Field.TCP_SRC.shift() | (long) second << Field.TCP_DST.shift();
        return key;
    }

    /** The first bits of an IPv4 destination, in its word. */
    private static long firstBits(int count) {
        return count == 0 ? 0 : (-1L << 32 - count) & 0xffff_ffffL;
    }
}
