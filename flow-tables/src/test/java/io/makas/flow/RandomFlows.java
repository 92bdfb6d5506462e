// SPDX-License-Identifier: Apache-2.0
package io.makas.flow;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.HashFields;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.MultipathAlgorithm;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random packets, matches, flows and edits out of a small world: few ports, addresses and tags, so that flows overlap, packets
 * hit them, and edits meet what is there. The same seed gives the same ones.
 */
public final class RandomFlows {

    /** Tables that flows are added to. */
    public static final int TABLES = 4;

    private static final int[] ETH_TYPES = {0x0800, 0x0800, 0x0800, 0x86dd, 0x0806, 0x88cc};
    private static final int[] PROTOCOLS = {6, 6, 17, 1, 132};
    private static final int[] PORTS = {22, 53, 80, 81, 443, 8080};
    private static final int[] TTLS = {0, 1, 2, 64, 64, 64};

    private final SplittableRandom random;
    private final boolean hasAllActions;

    /** Starts a row of random things. */
    public RandomFlows(long seed) {
        this(seed, false);
    }

    private RandomFlows(long seed, boolean hasAllActions) {
        random = new SplittableRandom(seed);
        this.hasAllActions = hasAllActions;
    }

    /** The same with every action that changes a packet or sends it, Open vSwitch's included. */
    public static RandomFlows withAllActions(long seed) {
        return new RandomFlows(seed, true);
    }

    /** A number from 0 to below the bound. */
    public int below(int bound) {
        return random.nextInt(bound);
    }

    /** True once in {@code n} times. */
    public boolean once(int n) {
        return random.nextInt(n) == 0;
    }

    /** The key of a packet as it comes in. */
    public long[] key() {
        long[] key = new long[KeyLayout.WORDS];
        put(key, Field.IN_PORT, 1 + below(4));
        put(key, Field.ETH_SRC, 0x020000000000L + below(3));
        put(key, Field.ETH_DST, once(4) ? 0xffff_ffff_ffffL : 0x020000000000L + below(3));
        if (once(3)) {
            put(key, Field.VLAN_TCI, tci());
            if (once(3)) {
                key[Field.ETH_SRC.word()] |= tci();
            }
        }
        int type = hasAllActions && once(4) ? 0x8847 : oneOf(ETH_TYPES);
        put(key, Field.ETH_TYPE, type);
        if (type == 0x8847) {
            put(key, Field.MPLS_LABEL, below(3));
            put(key, Field.MPLS_TTL, oneOf(TTLS));
            put(key, Field.MPLS_BOS, below(2));
            key[Field.MPLS_LABEL.word()] |= Field.MPLS_BOS.in(key) == 0 ? 0x1140L + below(2) * 0x100 : 0;
        }
        if (type == 0x0806) {
            put(key, Field.ARP_OP, 1 + below(2));
            put(key, Field.ARP_SPA, ipv4());
            put(key, Field.ARP_TPA, ipv4());
            put(key, Field.ARP_SHA, 0x020000000000L + below(3));
        } else if (type == 0x0800 || type == 0x86dd) {
            ip(key, type);
        }
        return key;
    }

    /** Which packets: of the kind of a random packet, by some of its fields, some of them masked. */
    public Match match() {
        long[] like = key();
        Match.Builder match = Match.builder();
        maybe(match, Field.IN_PORT, like, 2);
        maybe(match, Field.ETH_SRC, like, 5);
        maybe(match, Field.ETH_DST, like, 4);
        vlan(match, like);
        if (once(4)) {
            long mask = below(8);
            match.set(Field.METADATA, below(8) & mask, mask);
        }
        if (once(6)) {
            match.set(Field.REG0, below(3));
        }
        if (!once(4)) {
            exactly(match, Field.ETH_TYPE, like);
            upperLayers(match, like);
        }
        return match.build();
    }

    /** Instructions of a flow in a table; what they need of a packet may be missing. */
    public Instructions instructions(int table) {
        List<Action> write = new ArrayList<>();
        List<Action> apply = new ArrayList<>();
        for (int i = below(4); i > 0; i--) {
            apply.add(action());
        }
        if (once(4)) {
            for (int i = 1 + below(3); i > 0; i--) {
                Action action = action();
                if (isForActionSet(action)) {
                    write.add(action);
                }
            }
        }
        long metadataMask = once(4) ? below(8) : 0;
        boolean goesOn = table < TABLES - 1 && once(2);
        return new Instructions(
                Instructions.NO_METER,
                apply,
                once(6),
                write,
                below(8) & metadataMask,
                metadataMask,
                goesOn ? table + 1 + below(TABLES - 1 - table) : Instructions.NO_TABLE);
    }

    /** A flow to add. */
    public FlowMod.Add add(long cookie) {
        int table = below(TABLES);
        boolean isMiss = once(8);
        return new FlowMod.Add(
                table,
                isMiss ? 0 : below(5) * 10,
                isMiss ? Match.ANY : match(),
                instructions(table),
                cookie,
                0,
                0,
                Set.of(),
                0);
    }

    /** An edit: mostly a flow to add. */
    public FlowMod mod(long cookie) {
        FlowMod.Add add = add(cookie);
        FlowFilter which = FlowFilter.inTable(add.table()).within(once(2) ? match() : add.match());
        return switch (below(12)) {
            case 0 -> new FlowMod.Delete(which);
            case 1 -> new FlowMod.Delete(FlowFilter.strictly(add.table(), add.priority(), add.match()));
            case 2 -> new FlowMod.Modify(which, add.instructions(), Set.of());
            case 3 -> new FlowMod.Delete(FlowFilter.ALL.withCookie(below(16), 15));
            default -> add;
        };
    }

    /** A key that is the same in the bits of the mask, and otherwise like other packets or like none. */
    public long[] like(long[] key, long[] mask) {
        long[] other = key();
        long[] mixed = new long[KeyLayout.WORDS];
        for (int word = 0; word < KeyLayout.RECEIVED_WORDS; word++) {
            long rest = once(4) ? random.nextLong() : once(2) ? key[word] ^ 1L << below(64) : other[word];
            mixed[word] = key[word] & mask[word] | rest & ~mask[word];
        }
        // A packet that does not go round has no number, and pipelines where none goes round do not ask for one.
        mixed[Field.RECIRC_ID.word()] &= mask[Field.RECIRC_ID.word()] | ~Field.RECIRC_ID.wordMask();
        return mixed;
    }

    private Action action() {
        return hasAllActions && once(2) ? furtherAction() : usualAction();
    }

    private static boolean isForActionSet(Action action) {
        return switch (action) {
            case Action.Resubmit _, Action.Push _, Action.Pop _, Action.OutputField _, Action.OutputTruncated _ ->
                false;
            case Action.CheckPacketLarger _, Action.Exit _, Action.Multipath _, Action.Bundle _ -> false;
            case Action.Clone _ -> false;
            default -> true;
        };
    }

    private Action furtherAction() {
        return switch (below(18)) {
            case 0 -> new Action.PushMpls(0x8847);
            case 1 -> new Action.PopMpls(once(2) ? 0x0800 : 0x8847);
            case 2 -> new Action.DecMplsTtl();
            case 3 -> new Action.CopyTtlOut();
            case 4 -> new Action.CopyTtlIn();
            case 5 -> new Action.SetField(Field.MPLS_LABEL, below(3));
            case 6 -> new Action.Move(FieldRange.whole(Field.IP_SRC), FieldRange.whole(Field.REG0));
            case 7 -> new Action.Move(new FieldRange(Field.REG0, 0, 2), new FieldRange(Field.IP_TTL, 1, 2));
            case 8 -> new Action.Push(new FieldRange(Field.ETH_DST, 0, 2));
            case 9 -> new Action.Pop(new FieldRange(Field.REG0, 0, 2));
            case 10 -> new Action.OutputField(new FieldRange(Field.REG0, 0, 3));
            case 11 -> new Action.OutputTruncated(1 + below(4), 20);
            case 12 -> new Action.CheckPacketLarger(60, new FieldRange(Field.REG0, 0, 1));
            case 13 -> new Action.Exit();
            case 14 -> new Action.SetField(Field.IN_PORT, 1 + below(4));
            case 15 ->
                new Action.Multipath(
                        HashFields.SYMMETRIC_L4, 0, MultipathAlgorithm.HRW, 3, 0, new FieldRange(Field.REG0, 0, 2));
            case 16 -> new Action.Bundle(HashFields.SYMMETRIC_L3, 0, false, List.of(1, 2, 3), null);
            default -> new Action.Clone(List.of(action(), action()));
        };
    }

    private Action usualAction() {
        return switch (below(16)) {
            case 0, 1, 2, 3 -> new Action.Output(1 + below(5));
            case 4 ->
                new Action.OutputReserved(List.of(ReservedPort.IN_PORT, ReservedPort.ALL, ReservedPort.FLOOD)
                        .get(below(3)));
            case 5 -> new Action.Controller(128);
            case 6 -> new Action.PushVlan(0x8100);
            case 7 -> new Action.PopVlan();
            case 8 -> new Action.DecTtl();
            case 9 -> new Action.SetField(Field.REG0, below(3));
            case 10 -> new Action.SetField(Field.ETH_DST, MaskedValue.masked(below(4), 3));
            case 11 -> new Action.SetField(Field.IP_DST, ipv4());
            case 12 -> new Action.SetField(once(2) ? Field.TCP_DST : Field.UDP_DST, oneOf(PORTS));
            case 13 -> new Action.SetField(Field.VLAN_VID, Match.VLAN_PRESENT | 1 + below(2));
            case 14 -> new Action.SetField(Field.VLAN_PCP, below(3));
            default -> new Action.Resubmit(once(3) ? 1 + below(4) : 0, below(TABLES));
        };
    }

    private void upperLayers(Match.Builder match, long[] like) {
        long type = Field.ETH_TYPE.in(like);
        if (type == 0x0806) {
            maybe(match, Field.ARP_OP, like, 2);
            maybe(match, Field.ARP_TPA, like, 2);
            maybe(match, Field.ARP_SHA, like, 4);
        } else if (type == 0x0800) {
            prefix(match, Field.IP_SRC, like);
            prefix(match, Field.IP_DST, like);
        } else if (type == 0x86dd && once(2)) {
            int word = Field.IPV6_DST.word();
            match.set(Field.IPV6_DST, MaskedValue.prefix(Field.IPV6_DST, like[word], like[word + 1], 64 + below(65)));
        }
        if (type == 0x0800 || type == 0x86dd) {
            maybe(match, Field.IP_DSCP, like, 8);
            maybe(match, Field.IP_TTL, like, 8);
            if (once(2)) {
                exactly(match, Field.IP_PROTO, like);
                ports(match, like);
            }
        }
    }

    private void ports(Match.Builder match, long[] like) {
        if (match.allows(Field.TCP_DST)) {
            maybe(match, Field.TCP_SRC, like, 4);
            maybe(match, Field.TCP_DST, like, 2);
        } else if (match.allows(Field.UDP_DST)) {
            long mask = 0xffff << below(9) & 0xffff;
            match.set(Field.UDP_DST, Field.UDP_DST.in(like) & mask, mask);
        } else if (match.allows(Field.ICMP_TYPE)) {
            maybe(match, Field.ICMP_TYPE, like, 2);
        }
    }

    private void vlan(Match.Builder match, long[] like) {
        switch (below(8)) {
            case 0 -> match.set(Field.VLAN_VID, 0);
            case 1 -> match.set(Field.VLAN_VID, Match.VLAN_PRESENT, Match.VLAN_PRESENT);
            case 2 -> {
                long tci = Field.VLAN_TCI.in(like);
                if (tci != 0) {
                    match.set(Field.VLAN_VID, tci & 0x1fff);
                    match.set(Field.VLAN_PCP, tci >>> 13);
                }
            }
            default -> {
                // Tagged or not.
            }
        }
    }

    private void ip(long[] key, int type) {
        if (type == 0x0800) {
            put(key, Field.IP_SRC, ipv4());
            put(key, Field.IP_DST, ipv4());
        } else {
            int word = Field.IPV6_DST.word();
            key[word] = 0xfd00_0000_0000_0000L;
            key[word + 1] = below(3);
        }
        put(key, Field.IP_TTL, oneOf(TTLS));
        put(key, Field.IP_DSCP, below(2) * 46L);
        int proto = oneOf(PROTOCOLS);
        put(key, Field.IP_PROTO, proto);
        put(key, Field.TCP_SRC, proto == 1 ? 8 : 1024 + below(3));
        put(key, Field.TCP_DST, proto == 1 ? 0 : oneOf(PORTS));
    }

    private void prefix(Match.Builder match, Field field, long[] like) {
        if (once(2)) {
            match.set(field, MaskedValue.prefix(field, 0, field.in(like), once(2) ? 32 : 8 + below(25)));
        }
    }

    private void maybe(Match.Builder match, Field field, long[] like, int n) {
        if (once(n)) {
            exactly(match, field, like);
        }
    }

    private static void exactly(Match.Builder match, Field field, long[] like) {
        match.set(field, field.in(like));
    }

    private long tci() {
        return (long) below(3) << 13 | Match.VLAN_PRESENT | 1 + below(2);
    }

    private long ipv4() {
        return 0x0a000000L | below(2) << 16 | below(4);
    }

    private int oneOf(int[] values) {
        return values[below(values.length)];
    }

    private static void put(long[] key, Field field, long value) {
        MaskedValue.exact(field, value).putInto(field, key);
    }
}
