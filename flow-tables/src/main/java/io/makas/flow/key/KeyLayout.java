// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

/**
 * Where each field lies in a flow key, a row of {@value #WORDS} {@code long} words.
 *
 * <pre>
 *  word  bits 63..0
 *   0    in_port:32 | eth_type:16 | ip_proto:8 | ip_frag:8
 *   1    eth_dst:48                        | vlan_tci:16     outer tag, 0 = none; bit 12 (0x1000) = tag present
 *   2    eth_src:48                        | vlan_tci2:16    inner tag, the same
 *   3    ip_src:32        | ip_dst:32                        IPv4; ARP: arp_spa | arp_tpa
 *   4    tp_src:16 | tp_dst:16 | tcp_flags:16 | ip_tos:8 | ip_ttl:8      ICMP: type | code; ARP: opcode is ip_proto
 *  ---- {@link #IPV4_WORDS}: all that an IPv4 packet without MPLS sets --------------------------------
 *   5,6  ipv6_src:128
 *   7,8  ipv6_dst:128
 *   9    ipv6_label:32    | nd_reserved:32
 *  ---- {@link #IPV6_WORDS}: all that an IPv6 packet sets but for neighbour discovery -----------------
 *  10,11 nd_target:128
 *  12    arp_sha or nd_sll:48              | -:16
 *  13    arp_tha or nd_tll:48              | -:16
 *  14    mpls_lse0:32     | mpls_lse1:32
 *  15    mpls_lse2:32     | -:32
 *  ---- {@link #PACKET_WORDS}: all that comes from the frame ------------------------------------------
 *  16    tun_id:64
 *  17    tun_src:32       | tun_dst:32
 *  18,19 tun_ipv6_src:128
 *  20,21 tun_ipv6_dst:128
 *  22    tun_flags:16 | tun_tos:8 | tun_ttl:8 | recirc_id:32
 *  ---- {@link #RECEIVED_WORDS}: all that is known when the packet enters the pipeline ----------------
 *  23    ct_mark:32       | ct_zone:16 | ct_state:16
 *  24,25 ct_label:128
 *  26    ct_nw_src:32     | ct_nw_dst:32
 *  27    ct_tp_src:16 | ct_tp_dst:16 | ct_nw_proto:8 | -:24
 *  28    metadata:64
 *  29-36 reg0:32 | reg1:32, … reg14 | reg15
 *  37    pkt_mark:32      | conj_id:32
 *  38,39 free
 * </pre>
 *
 * <p>The order is by how often a packet needs a word: a cache of common packets compares and hashes the first
 * {@link #IPV4_WORDS} only. How many words a packet sets is its <em>extent</em>; the words behind it are zero. All values are
 * in host order, as numbers.
 */
public final class KeyLayout {

    /** Words of a key. */
    public static final int WORDS = 40;

    /** Words that an IPv4 packet, tagged or not, sets; also any packet that is not IPv6, ARP, MPLS or tunnelled. */
    public static final int IPV4_WORDS = 5;

    /** Words that an IPv6 packet sets, neighbour discovery excepted. */
    public static final int IPV6_WORDS = 10;

    /** Words that come from the frame and its input port. */
    public static final int PACKET_WORDS = 16;

    /** Words that are known when the packet enters the pipeline; the later ones start as zero. */
    public static final int RECEIVED_WORDS = 23;

    private KeyLayout() {}
}
