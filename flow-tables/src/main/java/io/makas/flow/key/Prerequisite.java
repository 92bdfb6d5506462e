// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import java.util.List;

/** What a match must already say before a {@link Field} means anything (OpenFlow 1.3.5 §7.2.3.6). */
public enum Prerequisite {
    /** Always there. */
    NONE(""),
    /** A VLAN tag: {@code vlan_vid} with its PRESENT bit. */
    VLAN("a VLAN tag (dl_vlan=N or vlan_tci=0x1000/0x1000)"),
    /** {@code eth_type} 0x8847 or 0x8848. */
    MPLS("dl_type=0x8847 or 0x8848"),
    /** {@code eth_type} 0x0800. */
    IPV4("ip (dl_type=0x0800)"),
    /** {@code eth_type} 0x86dd. */
    IPV6("ipv6 (dl_type=0x86dd)"),
    /** {@code eth_type} 0x0800 or 0x86dd. */
    IP("ip or ipv6 (dl_type=0x0800 or 0x86dd)"),
    /** {@code eth_type} 0x0806 (or 0x8035, RARP). */
    ARP("arp (dl_type=0x0806)"),
    /** IP and {@code ip_proto} 6. */
    TCP("tcp or tcp6 (nw_proto=6)"),
    /** IP and {@code ip_proto} 17. */
    UDP("udp or udp6 (nw_proto=17)"),
    /** IP and {@code ip_proto} 132. */
    SCTP("sctp or sctp6 (nw_proto=132)"),
    /** IPv4 and {@code ip_proto} 1. */
    ICMPV4("icmp (dl_type=0x0800,nw_proto=1)"),
    /** IPv6 and {@code ip_proto} 58. */
    ICMPV6("icmp6 (dl_type=0x86dd,nw_proto=58)"),
    /** ICMPv6, type 135 or 136, code 0. */
    ND("icmp6,icmpv6_type=135 or 136"),
    /** ICMPv6, type 135, code 0. */
    ND_SOLICIT("icmp6,icmpv6_type=135"),
    /** ICMPv6, type 136, code 0. */
    ND_ADVERT("icmp6,icmpv6_type=136");

    private static final int VLAN_PRESENT = 0x1000;

    private final String text;

    Prerequisite(String text) {
        this.text = text;
    }

    /** What to write into a match to have it, for error messages. */
    public String text() {
        return text;
    }

    /** Whether every packet with the bits {@code mask} of {@code key} has it. Both are {@link KeyLayout#WORDS} long. */
    public boolean isMet(long[] key, long[] mask) {
        return switch (this) {
            case NONE -> true;
            case VLAN -> (Field.VLAN_TCI.in(mask) & Field.VLAN_TCI.in(key) & VLAN_PRESENT) != 0;
            case MPLS -> isExactly(Field.ETH_TYPE, 0x8847, key, mask) || isExactly(Field.ETH_TYPE, 0x8848, key, mask);
            case IPV4 -> isExactly(Field.ETH_TYPE, 0x0800, key, mask);
            case IPV6 -> isExactly(Field.ETH_TYPE, 0x86dd, key, mask);
            case IP -> IPV4.isMet(key, mask) || IPV6.isMet(key, mask);
            case ARP -> isExactly(Field.ETH_TYPE, 0x0806, key, mask) || isExactly(Field.ETH_TYPE, 0x8035, key, mask);
            case TCP -> IP.isMet(key, mask) && isExactly(Field.IP_PROTO, 6, key, mask);
            case UDP -> IP.isMet(key, mask) && isExactly(Field.IP_PROTO, 17, key, mask);
            case SCTP -> IP.isMet(key, mask) && isExactly(Field.IP_PROTO, 132, key, mask);
            case ICMPV4 -> IPV4.isMet(key, mask) && isExactly(Field.IP_PROTO, 1, key, mask);
            case ICMPV6 -> IPV6.isMet(key, mask) && isExactly(Field.IP_PROTO, 58, key, mask);
            case ND -> ND_SOLICIT.isMet(key, mask) || ND_ADVERT.isMet(key, mask);
            case ND_SOLICIT -> isNeighbour(135, key, mask);
            case ND_ADVERT -> isNeighbour(136, key, mask);
        };
    }

    /** The fields that decide whether a packet has it. */
    public List<Field> decidedBy() {
        return switch (this) {
            case NONE -> List.of();
            case VLAN -> List.of(Field.VLAN_TCI);
            case MPLS, IPV4, IPV6, IP, ARP -> List.of(Field.ETH_TYPE);
            case TCP, UDP, SCTP, ICMPV4, ICMPV6 -> List.of(Field.ETH_TYPE, Field.IP_PROTO);
            case ND, ND_SOLICIT, ND_ADVERT ->
                List.of(Field.ETH_TYPE, Field.IP_PROTO, Field.ICMPV6_TYPE, Field.ICMPV6_CODE);
        };
    }

    /** A match need not say that the code is 0, but must not say that it is another. */
    private static boolean isNeighbour(int type, long[] key, long[] mask) {
        return ICMPV6.isMet(key, mask)
                && isExactly(Field.ICMPV6_TYPE, type, key, mask)
                && (Field.ICMPV6_CODE.in(mask) & Field.ICMPV6_CODE.in(key)) == 0;
    }

    private static boolean isExactly(Field field, long value, long[] key, long[] mask) {
        return field.in(mask) == field.ones() && field.in(key) == value;
    }
}
