// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

/**
 * A field that flows match or set, with its place in the key ({@link KeyLayout}).
 *
 * <p>Fields with the same place are never there at once (their prerequisites exclude each other): an ARP sender address lies
 * where an IPv4 source lies. A field of up to 64 bits lies in one word; one of 128 bits fills two, its high half first. The
 * first name is what {@code ovs-ofctl} prints; aliases are read.
 */
public enum Field {
    /** Port that the packet came in by. */
    IN_PORT("in_port", 32, 0, 32, false, Prerequisite.NONE),
    /** Ethernet type after all VLAN tags; 0x05ff for 802.3 frames without SNAP. */
    ETH_TYPE("dl_type", 16, 0, 16, false, Prerequisite.NONE, "eth_type"),
    /** IP protocol, after IPv6 extension headers. */
    IP_PROTO("nw_proto", 8, 0, 8, false, Prerequisite.IP, "ip_proto"),
    /** ARP opcode, low 8 bits. */
    ARP_OP("arp_op", 8, 0, 8, false, Prerequisite.ARP),
    /** Bit 0: any fragment; bit 1: not the first one. */
    IP_FRAG("ip_frag", 2, 0, 0, true, Prerequisite.IP),
    /** Ethernet destination. */
    ETH_DST("dl_dst", 48, 1, 16, true, Prerequisite.NONE, "eth_dst"),
    /** The whole tag control information of the outer VLAN tag, bit 12 set when there is a tag. */
    VLAN_TCI("vlan_tci", 16, 1, 0, true, Prerequisite.NONE),
    /** VLAN id with the PRESENT bit (0x1000) above it. */
    VLAN_VID("vlan_vid", 13, 1, 0, true, Prerequisite.NONE),
    /** VLAN priority. */
    VLAN_PCP("vlan_pcp", 3, 1, 13, false, Prerequisite.VLAN, "dl_vlan_pcp"),
    /** Ethernet source. */
    ETH_SRC("dl_src", 48, 2, 16, true, Prerequisite.NONE, "eth_src"),
    /** IPv4 source. */
    IP_SRC("nw_src", 32, 3, 32, true, Prerequisite.IPV4, "ip_src"),
    /** IPv4 destination. */
    IP_DST("nw_dst", 32, 3, 0, true, Prerequisite.IPV4, "ip_dst"),
    /** ARP sender protocol address. */
    ARP_SPA("arp_spa", 32, 3, 32, true, Prerequisite.ARP),
    /** ARP target protocol address. */
    ARP_TPA("arp_tpa", 32, 3, 0, true, Prerequisite.ARP),
    /** TCP source port. */
    TCP_SRC("tcp_src", 16, 4, 48, true, Prerequisite.TCP),
    /** TCP destination port. */
    TCP_DST("tcp_dst", 16, 4, 32, true, Prerequisite.TCP),
    /** TCP flags, 12 bits. */
    TCP_FLAGS("tcp_flags", 12, 4, 16, true, Prerequisite.TCP),
    /** UDP source port. */
    UDP_SRC("udp_src", 16, 4, 48, true, Prerequisite.UDP),
    /** UDP destination port. */
    UDP_DST("udp_dst", 16, 4, 32, true, Prerequisite.UDP),
    /** SCTP source port. */
    SCTP_SRC("sctp_src", 16, 4, 48, true, Prerequisite.SCTP),
    /** SCTP destination port. */
    SCTP_DST("sctp_dst", 16, 4, 32, true, Prerequisite.SCTP),
    /** ICMP type. */
    ICMP_TYPE("icmp_type", 8, 4, 48, false, Prerequisite.ICMPV4),
    /** ICMP code. */
    ICMP_CODE("icmp_code", 8, 4, 32, false, Prerequisite.ICMPV4),
    /** ICMPv6 type. */
    ICMPV6_TYPE("icmpv6_type", 8, 4, 48, false, Prerequisite.ICMPV6),
    /** ICMPv6 code. */
    ICMPV6_CODE("icmpv6_code", 8, 4, 32, false, Prerequisite.ICMPV6),
    /** The whole IPv4 type-of-service or IPv6 traffic-class byte. */
    IP_TOS("nw_tos_ecn", 8, 4, 8, true, Prerequisite.IP),
    /** Differentiated services code point, 0 to 63. */
    IP_DSCP("ip_dscp", 6, 4, 10, false, Prerequisite.IP),
    /** Explicit congestion notification, 0 to 3. */
    IP_ECN("nw_ecn", 2, 4, 8, false, Prerequisite.IP, "ip_ecn"),
    /** IPv4 time to live or IPv6 hop limit. */
    IP_TTL("nw_ttl", 8, 4, 0, false, Prerequisite.IP),
    /** IPv6 source. */
    IPV6_SRC("ipv6_src", 128, 5, 0, true, Prerequisite.IPV6),
    /** IPv6 destination. */
    IPV6_DST("ipv6_dst", 128, 7, 0, true, Prerequisite.IPV6),
    /** IPv6 flow label. */
    IPV6_LABEL("ipv6_label", 20, 9, 32, true, Prerequisite.IPV6),
    /** Reserved word of a neighbour discovery message. */
    ND_RESERVED("nd_reserved", 32, 9, 0, true, Prerequisite.ND),
    /** Neighbour discovery target. */
    ND_TARGET("nd_target", 128, 10, 0, true, Prerequisite.ND),
    /** ARP sender hardware address. */
    ARP_SHA("arp_sha", 48, 12, 16, true, Prerequisite.ARP),
    /** Neighbour discovery source link-layer address option. */
    ND_SLL("nd_sll", 48, 12, 16, true, Prerequisite.ND_SOLICIT),
    /** ARP target hardware address. */
    ARP_THA("arp_tha", 48, 13, 16, true, Prerequisite.ARP),
    /** Neighbour discovery target link-layer address option. */
    ND_TLL("nd_tll", 48, 13, 16, true, Prerequisite.ND_ADVERT),
    /** Label of the outer MPLS entry. */
    MPLS_LABEL("mpls_label", 20, 14, 44, false, Prerequisite.MPLS),
    /** Traffic class of the outer MPLS entry. */
    MPLS_TC("mpls_tc", 3, 14, 41, false, Prerequisite.MPLS),
    /** Bottom-of-stack bit of the outer MPLS entry. */
    MPLS_BOS("mpls_bos", 1, 14, 40, false, Prerequisite.MPLS),
    /** Time to live of the outer MPLS entry. */
    MPLS_TTL("mpls_ttl", 8, 14, 32, false, Prerequisite.MPLS),
    /** Tunnel key. */
    TUN_ID("tun_id", 64, 16, 0, true, Prerequisite.NONE, "tunnel_id"),
    /** Outer IPv4 source. */
    TUN_SRC("tun_src", 32, 17, 32, true, Prerequisite.NONE),
    /** Outer IPv4 destination. */
    TUN_DST("tun_dst", 32, 17, 0, true, Prerequisite.NONE),
    /** Outer IPv6 source. */
    TUN_IPV6_SRC("tun_ipv6_src", 128, 18, 0, true, Prerequisite.NONE),
    /** Outer IPv6 destination. */
    TUN_IPV6_DST("tun_ipv6_dst", 128, 20, 0, true, Prerequisite.NONE),
    /** Tunnel flags. */
    TUN_FLAGS("tun_flags", 16, 22, 48, true, Prerequisite.NONE),
    /** Outer type-of-service byte. */
    TUN_TOS("tun_tos", 8, 22, 40, true, Prerequisite.NONE),
    /** Outer time to live or hop limit. */
    TUN_TTL("tun_ttl", 8, 22, 32, true, Prerequisite.NONE),
    /** Which walk that was interrupted this packet goes on with; 0 for a packet as received. The switch's own. */
    RECIRC_ID("recirc_id", 32, 22, 0, false, Prerequisite.NONE),
    /** Connection mark. */
    CT_MARK("ct_mark", 32, 23, 32, true, Prerequisite.NONE),
    /** Connection tracking zone. */
    CT_ZONE("ct_zone", 16, 23, 16, false, Prerequisite.NONE),
    /** Connection tracking state bits. */
    CT_STATE("ct_state", 16, 23, 0, true, Prerequisite.NONE),
    /** Connection label. */
    CT_LABEL("ct_label", 128, 24, 0, true, Prerequisite.NONE),
    /** OpenFlow metadata, carried from table to table. */
    METADATA("metadata", 64, 28, 0, true, Prerequisite.NONE),
    /** Register 0. */
    REG0("reg0", 32, 29, 32, true, Prerequisite.NONE),
    /** Register 1. */
    REG1("reg1", 32, 29, 0, true, Prerequisite.NONE),
    /** Register 2. */
    REG2("reg2", 32, 30, 32, true, Prerequisite.NONE),
    /** Register 3. */
    REG3("reg3", 32, 30, 0, true, Prerequisite.NONE),
    /** Register 4. */
    REG4("reg4", 32, 31, 32, true, Prerequisite.NONE),
    /** Register 5. */
    REG5("reg5", 32, 31, 0, true, Prerequisite.NONE),
    /** Register 6. */
    REG6("reg6", 32, 32, 32, true, Prerequisite.NONE),
    /** Register 7. */
    REG7("reg7", 32, 32, 0, true, Prerequisite.NONE),
    /** Register 8. */
    REG8("reg8", 32, 33, 32, true, Prerequisite.NONE),
    /** Register 9. */
    REG9("reg9", 32, 33, 0, true, Prerequisite.NONE),
    /** Register 10. */
    REG10("reg10", 32, 34, 32, true, Prerequisite.NONE),
    /** Register 11. */
    REG11("reg11", 32, 34, 0, true, Prerequisite.NONE),
    /** Register 12. */
    REG12("reg12", 32, 35, 32, true, Prerequisite.NONE),
    /** Register 13. */
    REG13("reg13", 32, 35, 0, true, Prerequisite.NONE),
    /** Register 14. */
    REG14("reg14", 32, 36, 32, true, Prerequisite.NONE),
    /** Register 15. */
    REG15("reg15", 32, 36, 0, true, Prerequisite.NONE),
    /** Registers 0 (high half) and 1 as one. */
    XREG0("xreg0", 64, 29, 0, true, Prerequisite.NONE),
    /** Registers 2 (high half) and 3 as one. */
    XREG1("xreg1", 64, 30, 0, true, Prerequisite.NONE),
    /** Registers 4 (high half) and 5 as one. */
    XREG2("xreg2", 64, 31, 0, true, Prerequisite.NONE),
    /** Registers 6 (high half) and 7 as one. */
    XREG3("xreg3", 64, 32, 0, true, Prerequisite.NONE),
    /** Registers 8 (high half) and 9 as one. */
    XREG4("xreg4", 64, 33, 0, true, Prerequisite.NONE),
    /** Registers 10 (high half) and 11 as one. */
    XREG5("xreg5", 64, 34, 0, true, Prerequisite.NONE),
    /** Registers 12 (high half) and 13 as one. */
    XREG6("xreg6", 64, 35, 0, true, Prerequisite.NONE),
    /** Registers 14 (high half) and 15 as one. */
    XREG7("xreg7", 64, 36, 0, true, Prerequisite.NONE),
    /** Registers 0 (highest) to 3 as one. */
    XXREG0("xxreg0", 128, 29, 0, true, Prerequisite.NONE),
    /** Registers 4 (highest) to 7 as one. */
    XXREG1("xxreg1", 128, 31, 0, true, Prerequisite.NONE),
    /** Registers 8 (highest) to 11 as one. */
    XXREG2("xxreg2", 128, 33, 0, true, Prerequisite.NONE),
    /** Registers 12 (highest) to 15 as one. */
    XXREG3("xxreg3", 128, 35, 0, true, Prerequisite.NONE),
    /** Mark that the packet carries inside the node. */
    PKT_MARK("pkt_mark", 32, 37, 32, true, Prerequisite.NONE),
    /** The conjunction that the packet met, while its table is looked up. */
    CONJ_ID("conj_id", 32, 37, 0, false, Prerequisite.NONE);

    private final String text;
    private final int widthBits;
    private final int word;
    private final int shift;
    private final boolean maskable;
    private final Prerequisite prerequisite;
    private final String[] aliases;

    Field(
            String text,
            int widthBits,
            int word,
            int shift,
            boolean maskable,
            Prerequisite prerequisite,
            String... aliases) {
        this.text = text;
        this.widthBits = widthBits;
        this.word = word;
        this.shift = shift;
        this.maskable = maskable;
        this.prerequisite = prerequisite;
        this.aliases = aliases;
    }

    /** The name that {@code ovs-ofctl} prints. */
    public String text() {
        return text;
    }

    /** Width in bits: 1 to 64, or 128. */
    public int widthBits() {
        return widthBits;
    }

    /** The key word that holds the field, or its high half. */
    public int word() {
        return word;
    }

    /** How far the field's lowest bit lies above bit 0 of its word; 0 for 128-bit fields. */
    public int shift() {
        return shift;
    }

    /** All ones in the field's width, for a field of up to 64 bits. */
    public long ones() {
        return widthBits >= 64 ? -1L : (1L << widthBits) - 1;
    }

    /** The bits of {@link #word()} that the field takes. */
    public long wordMask() {
        return ones() << shift;
    }

    /** Whether a match may leave out some of the field's bits. */
    public boolean maskable() {
        return maskable;
    }

    /**
     * Whether an action may set it: not what says which headers there are, nor what the switch itself finds out about a
     * packet. Tunnel fields are for tables and controllers to see; no port makes tunnels of them yet.
     */
    public boolean settable() {
        return switch (this) {
            case ETH_TYPE, IP_PROTO, IP_FRAG, VLAN_TCI, TCP_FLAGS -> false;
            case MPLS_BOS -> false;
            case RECIRC_ID, CONJ_ID -> false;
            case CT_MARK, CT_ZONE, CT_STATE, CT_LABEL -> false;
            default -> true;
        };
    }

    /** Whether it is another view of bits that fields of their own have, such as two registers as one. */
    public boolean isView() {
        return this == VLAN_TCI || this == IP_TOS || widthBits > 32 && word > METADATA.word();
    }

    /** What a packet must have before an action may set it. */
    public Prerequisite setPrerequisite() {
        // A match may speak of an absent tag; to set its id needs one.
        return this == VLAN_VID ? Prerequisite.VLAN : prerequisite;
    }

    /** What a match must say before it may say this. */
    public Prerequisite prerequisite() {
        return prerequisite;
    }

    /** Other names that are read. */
    public String[] aliases() {
        return aliases.clone();
    }

    /** The field's value in a key, for a field of up to 64 bits. */
    public long in(long[] key) {
        return key[word] >>> shift & ones();
    }
}
