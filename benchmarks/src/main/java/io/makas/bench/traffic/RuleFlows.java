// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowMod;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes flows that rules speak of, as the traces of ClassBench do: each is of a rule drawn at random, and random in the bits that
 * this rule leaves open. (A rule of higher priority may still be the one that it meets.)
 */
public final class RuleFlows {

    private static final int IPV4 = 0x0800;
    private static final int ACK = 0x10;
    private static final int ATTEMPTS = 64;

    private final List<Match> matches = new ArrayList<>();
    private final SplittableRandom random;
    private final long sourceMac;
    private final long destinationMac;

    /**
     * Reads the rules of table 0.
     *
     * @param rules the rules; those that no IPv4 packet from port 1 can meet are left out
     * @param sourceMac Ethernet source of all packets
     * @param destinationMac Ethernet destination of all packets
     * @param seed the same seed gives the same flows
     */
    public RuleFlows(List<FlowMod> rules, long sourceMac, long destinationMac, long seed) {
        this.random = new SplittableRandom(seed);
        this.sourceMac = sourceMac;
        this.destinationMac = destinationMac;
        List<Match> broad = new ArrayList<>();
        for (FlowMod rule : rules) {
            if (rule instanceof FlowMod.Add add && add.table() == 0 && tupleOf(add.match()) != null) {
                (saysSomething(add.match()) ? matches : broad).add(add.match());
            }
        }
        // What every packet meets would otherwise be drawn as often as a rule for one address.
        if (matches.isEmpty()) {
            matches.addAll(broad);
        }
        if (matches.isEmpty()) {
            matches.add(Match.ANY);
        }
    }

    /** Makes flows, different ones as long as the rules leave room for that. */
    public FlowSet flows(int count) {
        LongSet seen = new LongSet(count);
        FlowSet flows = new FlowSet(count);
        for (int i = 0; i < count; i++) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                FiveTuple tuple = tupleOf(matches.get(random.nextInt(matches.size())));
                if (tuple != null) {
                    flows.set(i, tuple);
                    if (seen.add(flows.hash(i))) {
                        break;
                    }
                }
            }
        }
        return flows;
    }

    private static boolean saysSomething(Match match) {
        return match.mask().bitsOfWord(Field.IP_SRC.word()) != 0
                || match.mask().bitsOfWord(Field.TCP_SRC.word()) != 0
                || (match.mask().bitsOfWord(Field.IP_PROTO.word()) & Field.IP_PROTO.wordMask()) != 0;
    }

    /** A flow of a match, or null if our packets cannot meet it. */
    private FiveTuple tupleOf(Match match) {
        long protocolBits = bits(match, Field.IP_PROTO);
        int protocol = protocolBits == 0 ? FiveTuple.UDP : (int) value(match, Field.IP_PROTO);
        long addresses = random.nextLong();
        int addressWord = Field.IP_SRC.word();
        addresses = addresses & ~match.mask().bitsOfWord(addressWord) | match.valueOfWord(addressWord);
        long[] key = new long[KeyLayout.WORDS];
        put(key, Field.IN_PORT, 1);
        put(key, Field.ETH_TYPE, IPV4);
        put(key, Field.ETH_SRC, sourceMac);
        put(key, Field.ETH_DST, destinationMac);
        put(key, Field.IP_PROTO, protocol);
        key[addressWord] = addresses;
        put(key, Field.IP_TTL, FrameTemplate.TTL);
        int source = 0;
        int destination = 0;
        if (protocol == FiveTuple.ICMP) {
            source = open(match, Field.ICMP_TYPE) << 8 | open(match, Field.ICMP_CODE);
            put(key, Field.ICMP_TYPE, source >>> 8);
            put(key, Field.ICMP_CODE, source & 0xff);
        } else if (protocol == FiveTuple.UDP || protocol == FiveTuple.TCP) {
            source = open(match, Field.TCP_SRC);
            destination = open(match, Field.TCP_DST);
            put(key, Field.TCP_SRC, source);
            put(key, Field.TCP_DST, destination);
            put(key, Field.TCP_FLAGS, protocol == FiveTuple.TCP ? ACK : 0);
        }
        if (!match.matches(key)) {
            return null;
        }
        return new FiveTuple((int) (addresses >>> 32), (int) addresses, source, destination, protocol);
    }

    /** A value of a field: what the match says, the rest at random. */
    private int open(Match match, Field field) {
        return (int) (random.nextLong(1L << field.widthBits()) & ~bits(match, field) | value(match, field));
    }

    private static long bits(Match match, Field field) {
        return (match.mask().bitsOfWord(field.word()) & field.wordMask()) >>> field.shift();
    }

    private static long value(Match match, Field field) {
        return (match.valueOfWord(field.word()) & field.wordMask()) >>> field.shift();
    }

    private static void put(long[] key, Field field, long value) {
        key[field.word()] |= value << field.shift();
    }
}
