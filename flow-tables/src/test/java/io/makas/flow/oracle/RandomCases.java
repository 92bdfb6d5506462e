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
                    + "actions=" + new RandomActions(random, packets, match, 0).instructions(table));
        }
        return new Case("seed " + seed + " case " + number, List.of(), flows, sent);
    }

    private static long[] key(Case.Packet packet) {
        long[] key = new long[KeyLayout.WORDS];
        KeyExtractor.extract(MemorySegment.ofArray(packet.frame()), 0, packet.frame().length, packet.inPort(), key, 0);
        return key;
    }
}
