// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

/** What a match must already say before a {@link Field} means anything (OpenFlow 1.3.5 §7.2.3.6). */
public enum Prerequisite {
    /** Always there. */
    NONE,
    /** A VLAN tag: {@code vlan_vid} with its PRESENT bit. */
    VLAN,
    /** {@code eth_type} 0x8847 or 0x8848. */
    MPLS,
    /** {@code eth_type} 0x0800. */
    IPV4,
    /** {@code eth_type} 0x86dd. */
    IPV6,
    /** {@code eth_type} 0x0800 or 0x86dd. */
    IP,
    /** {@code eth_type} 0x0806 (or 0x8035, RARP). */
    ARP,
    /** IP and {@code ip_proto} 6. */
    TCP,
    /** IP and {@code ip_proto} 17. */
    UDP,
    /** IP and {@code ip_proto} 132. */
    SCTP,
    /** IPv4 and {@code ip_proto} 1. */
    ICMPV4,
    /** IPv6 and {@code ip_proto} 58. */
    ICMPV6,
    /** ICMPv6 and type 135 or 136. */
    ND,
    /** ICMPv6 and type 135. */
    ND_SOLICIT,
    /** ICMPv6 and type 136. */
    ND_ADVERT
}
