// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.flow.packet.MacAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A router as flows: prefixes, the longest match first by priority, each with a next hop; the action decrements the TTL and sets
 * both Ethernet addresses. Lengths are distributed roughly as in the Internet's tables (more than half are /24), and the longer
 * prefixes often lie within shorter ones.
 */
public final class RouterRules {

    /** The router's own address on the way out. */
    public static final long ROUTER_MAC = 0x02_00_00_00_aa_01L;

    /** The address of next hop 0; the others follow. */
    public static final long FIRST_HOP_MAC = 0x02_00_00_00_bb_00L;

    private static final int HOPS = 16;
    private static final int PRIORITY = 1_000;
    private static final int LONGEST = 32;
    /** Of a hundred prefixes, how many have a length up to this one. */
    private static final int[][] LENGTHS = {
        {8, 1}, {12, 3}, {14, 5}, {16, 13}, {18, 16}, {19, 20}, {20, 26}, {21, 32}, {22, 42}, {23, 50}, {24, 98},
        {28, 99}, {32, 100}
    };

    /** Next hops by prefix, for each length. */
    private final Map<Integer, Map<Integer, Integer>> hops = new HashMap<>();

    private final StringBuilder text = new StringBuilder();

    private RouterRules() {}

    /** Makes so many prefixes; the same seed gives the same ones. */
    public static RouterRules of(int prefixes, long seed) {
        RouterRules rules = new RouterRules();
        SplittableRandom random = new SplittableRandom(seed);
        rules.add(0, 0, 0);
        int[] sites = new int[Math.max(1, prefixes / 20)];
        for (int i = 0; i < sites.length; i++) {
            sites[i] = unicast(random);
        }
        int made = 1;
        while (made < prefixes) {
            int length = length(random);
            int site = sites[random.nextInt(sites.length)];
            int address = random.nextBoolean() ? unicast(random) : site & -1 << 16 | random.nextInt() >>> 16;
            made += rules.add(address & -1 << LONGEST - length, length, random.nextInt(HOPS)) ? 1 : 0;
        }
        return rules;
    }

    /** The flows. */
    public String text() {
        return text.toString();
    }

    /** The Ethernet address of the next hop of a destination: the naive longest match. */
    public long nextHop(int destination) {
        for (int length = LONGEST; length > 0; length--) {
            Integer hop = hops.getOrDefault(length, Map.of()).get(destination & -1 << LONGEST - length);
            if (hop != null) {
                return FIRST_HOP_MAC + hop;
            }
        }
        return FIRST_HOP_MAC + hops.get(0).get(0);
    }

    private boolean add(int prefix, int length, int hop) {
        if (hops.computeIfAbsent(length, _ -> new HashMap<>()).putIfAbsent(prefix, hop) != null) {
            return false;
        }
        text.append("table=0,priority=").append(PRIORITY + length).append(",ip");
        if (length > 0) {
            text.append(",nw_dst=").append(dotted(prefix)).append('/').append(length);
        }
        text.append(",actions=dec_ttl,set_field:")
                .append(new MacAddress(ROUTER_MAC))
                .append("->eth_src,set_field:")
                .append(new MacAddress(FIRST_HOP_MAC + hop))
                .append("->eth_dst,output:2\n");
        return true;
    }

    private static int length(SplittableRandom random) {
        int drawn = random.nextInt(100);
        int which = 0;
        while (LENGTHS[which][1] <= drawn) {
            which++;
        }
        return LENGTHS[which][0];
    }

    /** An address from 1.0.0.0 to 223.255.255.255. */
    private static int unicast(SplittableRandom random) {
        return random.nextInt(1, 224) << 24 | random.nextInt() >>> 8;
    }

    private static String dotted(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }
}
