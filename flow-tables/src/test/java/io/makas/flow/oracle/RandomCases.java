// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random cases: matches are made from the packets, so that packets hit. The same seed gives the same ones. */
final class RandomCases {

    /** Ports of the switch. */
    static final int PORTS = 4;

    private final long seed;

    RandomCases(long seed) {
        this.seed = seed;
    }

    /** The case with a number; any can be made without those before it. */
    Case make(int number) {
        Random random = new Random(seed * 1_000_003 + number);
        RandomPackets packets = new RandomPackets(random);
        List<Case.Packet> sent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sent.add(new Case.Packet(1 + random.nextInt(PORTS), packets.next()));
        }
        List<String> groups = groups(random, packets);
        List<String> flows = new ArrayList<>();
        Set<Integer> priorities = new HashSet<>();
        int count = 4 + random.nextInt(14);
        while (flows.size() < count) {
            Case.Packet like = sent.get(random.nextInt(sent.size()));
            int table = RandomActions.table(random);
            int priority = 1 + random.nextInt(10_000);
            // Which of two flows of the same priority a packet meets is nobody's to say.
            if (!priorities.add(priority)) {
                continue;
            }
            RandomMatch match = new RandomMatch(random, key(like));
            boolean isMiss = random.nextInt(8) == 0 && priorities.add(-table);
            String text = isMiss ? "" : match.make();
            flows.add("table=" + table + ",priority=" + (isMiss ? 0 : priority) + ",cookie=" + flows.size() + "," + text
                    + "actions=" + new RandomActions(random, packets, match, groups.size()).instructions(table));
        }
        return new Case("seed " + seed + " case " + number, groups, flows, sent);
    }

    /** Groups, of which some hand packets on to earlier ones. */
    private static List<String> groups(Random random, RandomPackets packets) {
        List<String> groups = new ArrayList<>();
        for (int id = 1, count = Math.max(0, random.nextInt(6) - 2); id <= count; id++) {
            String type = List.of("all", "select", "indirect", "ff").get(random.nextInt(4));
            int buckets = type.equals("indirect") ? 1 : random.nextInt(4);
            StringBuilder text = new StringBuilder("group_id=" + id + ",type=" + type);
            for (int bucket = 0; bucket < buckets; bucket++) {
                String actions = new RandomActions(random, packets, new RandomMatch(random, null), id - 1).bucket();
                text.append(",bucket=")
                        .append(
                                type.equals("select") && random.nextBoolean()
                                        ? "weight:" + (1 + random.nextInt(3)) + ","
                                        : "")
                        .append(type.equals("ff") ? "watch_port:" + (1 + random.nextInt(6)) + "," : "")
                        .append("actions=")
                        .append(actions);
            }
            groups.add(text.toString());
        }
        return groups;
    }

    private static long[] key(Case.Packet packet) {
        long[] key = new long[KeyLayout.WORDS];
        KeyExtractor.extract(MemorySegment.ofArray(packet.frame()), 0, packet.frame().length, packet.inPort(), key, 0);
        return key;
    }
}
