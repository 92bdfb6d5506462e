// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.Field;
import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;

/**
 * A field by whose value a look-up tells at once which subtables can have a flow for a packet ({@link PrefixTrie}), before it
 * asks any of them.
 *
 * <p>Of addresses and ports a look-up needs to have seen only the first bits that make a difference. Other fields are seen
 * whole, since nobody could read a megaflow of half an Ethernet type. What says that a field is there at all, such as the
 * protocol that has ports, is seen with it.
 *
 * <p>The order is the one in which reasons are looked for why a subtable has no flow for a packet: first what changes least
 * from packet to packet.
 */
enum Dimension {
    IN_PORT(Field.IN_PORT),
    ETH_TYPE(Field.ETH_TYPE),
    CONJ_ID(Field.CONJ_ID),
    METADATA(Field.METADATA),
    TUN_ID(Field.TUN_ID),
    REG0(Field.REG0),
    REG1(Field.REG1),
    REG2(Field.REG2),
    REG3(Field.REG3),
    REG4(Field.REG4),
    REG5(Field.REG5),
    REG6(Field.REG6),
    REG7(Field.REG7),
    REG8(Field.REG8),
    REG9(Field.REG9),
    REG10(Field.REG10),
    REG11(Field.REG11),
    REG12(Field.REG12),
    REG13(Field.REG13),
    REG14(Field.REG14),
    REG15(Field.REG15),
    CT_ZONE(Field.CT_ZONE),
    VLAN(Field.VLAN_VID),
    ETH_DST(Field.ETH_DST),
    ETH_SRC(Field.ETH_SRC),
    /** IP protocol, or ARP opcode. */
    IP_PROTO(Field.IP_PROTO, false, Field.ETH_TYPE.wordMask()),
    /** IPv4 destination, or ARP target. */
    IP_DST(Field.IP_DST, true, Field.ETH_TYPE.wordMask()),
    /** IPv4 source, or ARP sender. */
    IP_SRC(Field.IP_SRC, true, Field.ETH_TYPE.wordMask()),
    IPV6_DST(Field.IPV6_DST, true, Field.ETH_TYPE.wordMask()),
    IPV6_SRC(Field.IPV6_SRC, true, Field.ETH_TYPE.wordMask()),
    TUN_DST(Field.TUN_DST, true, 0),
    TUN_SRC(Field.TUN_SRC, true, 0),
    TUN_IPV6_DST(Field.TUN_IPV6_DST, true, 0),
    TUN_IPV6_SRC(Field.TUN_IPV6_SRC, true, 0),
    /** Destination port of any protocol that has one; ICMP code. */
    TRANSPORT_DST(Field.TCP_DST, true, Field.ETH_TYPE.wordMask() | Field.IP_PROTO.wordMask()),
    /** Source port of any protocol that has one; ICMP type. */
    TRANSPORT_SRC(Field.TCP_SRC, true, Field.ETH_TYPE.wordMask() | Field.IP_PROTO.wordMask());

    private final int word;
    private final int shift;
    private final int width;
    private final long ones;
    private final boolean isPrefixed;

    /** Bits of word 0 that give the field its meaning. */
    private final long meaning;

    Dimension(Field field) {
        this(field, false, 0);
    }

    Dimension(Field field, boolean isPrefixed, long meaning) {
        this.word = field.word();
        this.shift = field.shift();
        this.width = field.widthBits();
        this.ones = field.ones();
        this.isPrefixed = isPrefixed;
        this.meaning = meaning;
    }

    /** Whether values have more than 64 bits. */
    boolean isWide() {
        return width > 64;
    }

    /** The word of a key that has its first 64 bits. */
    int word() {
        return word;
    }

    /** How far a word must be shifted to the left for the field to begin with its first bit. */
    int shiftToFirst() {
        return isWide() ? 0 : Long.SIZE - width - shift;
    }

    /** How many of its first bits are seen if so many are wanted, 64 at most. */
    int seenBits(int wanted) {
        return Math.min(Long.SIZE, isPrefixed ? wanted : width);
    }

    /** How many bits it has, 64 at most. */
    int widthOfFirst() {
        return Math.min(Long.SIZE, width);
    }

    /** Bits of word 0 that give the field its meaning: seen with it. */
    long meaning() {
        return meaning;
    }

    /** The first 64 bits of the value that a key has; of a narrower field its bits, then zeros. */
    long high(long[] key) {
        return isWide() ? key[word] : (key[word] >>> shift & ones) << 64 - width;
    }

    /** The other bits of the value. */
    long low(long[] key) {
        return isWide() ? key[word + 1] : 0;
    }

    /** As {@link #high(long[])}, of the value that a match asks for. */
    long high(Match match) {
        long value = match.valueOfWord(word);
        return isWide() ? value : (value >>> shift & ones) << 64 - width;
    }

    /** As {@link #low(long[])}, of the value that a match asks for. */
    long low(Match match) {
        return isWide() ? match.valueOfWord(word + 1) : 0;
    }

    /**
     * How many first bits of the field a mask asks for; 0 if none, or others than first ones, or too few of a field that is
     * seen whole.
     */
    int prefixLength(FlowMask mask) {
        long high = mask.bitsOfWord(word);
        long low = 0;
        if (isWide()) {
            low = mask.bitsOfWord(word + 1);
        } else {
            high = (high >>> shift & ones) << 64 - width;
        }
        int length = Long.numberOfLeadingZeros(~high);
        boolean isPrefix = length == 64 || high << length == 0;
        if (length == 64) {
            int rest = Long.numberOfLeadingZeros(~low);
            isPrefix = rest == 64 || low << rest == 0;
            length += rest;
        } else {
            isPrefix &= low == 0;
        }
        return isPrefix && (isPrefixed || length == width) ? length : 0;
    }

    /** Adds the first bits of the field, or the whole of one that is seen whole, to the bits that an answer depends on. */
    void consult(long[] consulted, int bits) {
        consulted[0] |= meaning;
        int count = isPrefixed ? bits : width;
        if (isWide()) {
            consulted[word] |= firstBits(Math.min(count, 64));
            consulted[word + 1] |= firstBits(Math.max(count - 64, 0));
        } else {
            consulted[word] |= firstBits(count) >>> 64 - width << shift;
        }
    }

    /** Whether these bits are among those that an answer depends on already. */
    boolean isConsulted(long[] consulted, int bits) {
        int count = isPrefixed ? bits : width;
        if (isWide()) {
            return (firstBits(Math.min(count, 64)) & ~consulted[word]) == 0
                    && (firstBits(Math.max(count - 64, 0)) & ~consulted[word + 1]) == 0;
        }
        return (firstBits(count) >>> 64 - width << shift & ~consulted[word]) == 0;
    }

    private static long firstBits(int count) {
        return count == 0 ? 0 : -1L << 64 - count;
    }
}
