// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.tables;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random rules of the kind that access lists have, and packets for them. The same seed gives the same ones.
 *
 * <p>One mask means exact 5-tuples of random addresses and ports, the worst case for the memory of whatever depends on
 * addresses. Several masks mean an access list: each mask is a source and a destination prefix of one of the lengths that
 * networks have, a protocol or none, and exact ports, port ranges that are prefixes, or none; networks are nested in a few
 * hundred large ones, as those of one organisation are; every rule has a priority of its own, as far as there are priorities.
 */
public final class RuleSet {

    private static final int IPV4 = 0x0800;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int MAX_PRIORITY = 0xffff;
    private static final int[] LENGTHS = {0, 8, 12, 16, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 30, 32};
    private static final int[] PORT_LENGTHS = {0, 0, 6, 10, 12, 16, 16, 16};
    private static final int[] PORTS = {
        22, 25, 53, 80, 123, 143, 443, 993, 1433, 1521, 3306, 3389, 5060, 5432, 8080, 8443
    };
    private static final int SITES = 256;
    private static final int TTL = 64;

    private record Shape(int source, int destination, boolean protocol, int sourcePort, int destinationPort) {}

    private final SplittableRandom random;
    private final int[] sites = new int[SITES];
    private final List<FlowMod.Add> rules = new ArrayList<>();

    /** Makes rules with so many different masks. */
    public RuleSet(int count, int masks, long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < SITES; i++) {
            sites[i] = random.nextInt();
        }
        if (masks == 1) {
            Shape fiveTuple = new Shape(32, 32, true, 16, 16);
            while (rules.size() < count) {
                rules.add(rule(fiveTuple, 100, random.nextInt(), random.nextInt()));
            }
        } else {
            accessList(count, masks);
        }
    }

    /**
     * A routing table: the longest prefix of the destination decides, by priority. Half of the prefixes have 24 bits, the others 8
     * to 32, and there is a default route. A route decrements the TTL, sets both Ethernet addresses and has one output.
     */
    public static RuleSet router(int prefixes, long seed) {
        RuleSet router = new RuleSet(0, 2, seed);
        Set<Match> matches = new HashSet<>();
        for (int i = 0; router.rules.size() < prefixes; i++) {
            int length = i == 0 ? 0 : router.random.nextBoolean() ? 24 : 8 + router.random.nextInt(25);
            Match.Builder match = Match.builder().set(Field.ETH_TYPE, IPV4);
            prefix(match, Field.IP_DST, Integer.toUnsignedLong(router.address()), length);
            Match route = match.build();
            if (matches.add(route)) {
                int port = 1 + router.random.nextInt(64);
                router.rules.add(new FlowMod.Add(0, 100 + length, route, route(port)));
            }
        }
        return router;
    }

    private static Instructions route(int port) {
        return Instructions.apply(
                new Action.DecTtl(),
                new Action.SetField(Field.ETH_SRC, MaskedValue.exact(Field.ETH_SRC, 0x0200_0000_0100L + port)),
                new Action.SetField(Field.ETH_DST, MaskedValue.exact(Field.ETH_DST, 0x0200_0000_0200L + port)),
                new Action.Output(port));
    }

    /** The rules, of table 0, each with one output. */
    public List<FlowMod.Add> rules() {
        return rules;
    }

    /** The same rule, with nothing in common in memory. */
    static FlowMod.Add copy(FlowMod.Add rule) {
        Match match = Match.ofKey(rule.match().valueWords(), rule.match().mask().toWords());
        Action.Output output = (Action.Output) rule.instructions().apply().getFirst();
        return new FlowMod.Add(
                rule.table(), rule.priority(), match, Instructions.apply(new Action.Output(output.port())));
    }

    /** Tables with these rules. */
    public FlowTables tables() {
        FlowTables tables = new FlowTables(rules.size() * 2);
        List<FlowMod> edits = new ArrayList<>(rules);
        try {
            tables.apply(edits, 0);
        } catch (FlowModException e) {
            throw new IllegalStateException(e);
        }
        return tables;
    }

    /**
     * Packets: of three one is of some rule, one has its source of one rule and the rest of another, one is like no rule but
     * from a site that rules speak of.
     */
    public long[][] packets(int count) {
        long[][] packets = new long[count][];
        for (int i = 0; i < count; i++) {
            long[] packet = packet(any().match());
            long[] other = i % 3 == 1 ? packet(any().match()) : packet(Match.ANY);
            if (i % 3 != 0) {
                packet[Field.IP_DST.word()] =
                        packet[Field.IP_DST.word()] & Field.IP_SRC.wordMask() | Field.IP_DST.in(other);
                packet[Field.TCP_DST.word()] = other[Field.TCP_DST.word()];
            }
            packets[i] = packet;
        }
        return packets;
    }

    private void accessList(int count, int masks) {
        Map<Shape, Boolean> seen = new HashMap<>();
        List<Shape> shapes = new ArrayList<>();
        while (shapes.size() < masks) {
            Shape shape = shape();
            if (seen.put(shape, true) == null) {
                shapes.add(shape);
            }
        }
        Set<Match> matches = new HashSet<>();
        for (int i = 0; rules.size() < count; i++) {
            // Half of the rules have one of an eighth of the masks: real lists are as uneven.
            int which = i < masks ? i : random.nextInt(random.nextBoolean() ? masks : (masks + 7) / 8);
            int priority = MAX_PRIORITY - (int) ((long) rules.size() * MAX_PRIORITY / count);
            FlowMod.Add rule = rule(shapes.get(which), priority, address(), address());
            if (matches.add(rule.match())) {
                rules.add(rule);
            }
        }
    }

    private Shape shape() {
        int sourcePort = random.nextInt(8) == 0 ? 16 : 0;
        int destinationPort = PORT_LENGTHS[random.nextInt(PORT_LENGTHS.length)];
        boolean protocol = sourcePort + destinationPort > 0 || random.nextBoolean();
        int source = LENGTHS[random.nextInt(LENGTHS.length)];
        // A rule of no address at all matches too much for a list of thousands.
        int destination =
                LENGTHS[source == 0 ? 4 + random.nextInt(LENGTHS.length - 4) : random.nextInt(LENGTHS.length)];
        return new Shape(source, destination, protocol, sourcePort, destinationPort);
    }

    private FlowMod.Add rule(Shape shape, int priority, int source, int destination) {
        Match.Builder match = Match.builder().set(Field.ETH_TYPE, IPV4);
        prefix(match, Field.IP_SRC, Integer.toUnsignedLong(source), shape.source);
        prefix(match, Field.IP_DST, Integer.toUnsignedLong(destination), shape.destination);
        if (shape.protocol) {
            boolean isTcp = random.nextInt(4) != 0;
            match.set(Field.IP_PROTO, isTcp ? TCP : UDP);
            prefix(match, isTcp ? Field.TCP_SRC : Field.UDP_SRC, random.nextInt(0x10000), shape.sourcePort);
            int port = shape.source == 32 && shape.sourcePort == 16
                    ? random.nextInt(0x10000)
                    : PORTS[random.nextInt(PORTS.length)];
            prefix(match, isTcp ? Field.TCP_DST : Field.UDP_DST, port, shape.destinationPort);
        }
        Action output = new Action.Output(1 + random.nextInt(64));
        return new FlowMod.Add(0, priority, match.build(), Instructions.apply(output));
    }

    private static void prefix(Match.Builder match, Field field, long value, int length) {
        match.set(field, MaskedValue.prefix(field, 0, value, length));
    }

    /** An address of a site: the longer its common prefix with others, the rarer. */
    private int address() {
        int site = sites[random.nextInt(SITES)];
        int common = 10 + random.nextInt(15);
        return site & -1 << 32 - common | random.nextInt() >>> common;
    }

    private FlowMod.Add any() {
        return rules.get(random.nextInt(rules.size()));
    }

    /** A packet that matches, and is random otherwise. */
    private long[] packet(Match match) {
        long[] key = new long[KeyLayout.WORDS];
        key[0] = 1L << Field.IN_PORT.shift()
                | (long) IPV4 << Field.ETH_TYPE.shift()
                | (long) (random.nextInt(4) == 0 ? UDP : TCP) << Field.IP_PROTO.shift();
        key[Field.IP_SRC.word()] = (long) address() << 32 | Integer.toUnsignedLong(address());
        key[Field.TCP_SRC.word()] = (long) random.nextInt(0x10000) << Field.TCP_SRC.shift()
                | (long) PORTS[random.nextInt(PORTS.length)] << Field.TCP_DST.shift()
                | TTL;
        for (int i = 0; i < match.mask().count(); i++) {
            int word = match.mask().word(i);
            key[word] = key[word] & ~match.mask().bits(i) | match.packed()[i];
        }
        return key;
    }
}
