// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import io.makas.flow.text.FieldName.Kind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of fields: those of {@code ovs-ofctl} and those of OXM and NXM (ovs-fields(7)). Stateless. */
final class FieldNames {

    /** Matchable fields of Open vSwitch that Makas does not have, to say so. */
    private static final Set<String> UNSUPPORTED = Set.of(
            "actset_output",
            "ct_ipv6_dst",
            "ct_ipv6_src",
            "ct_nw_dst",
            "ct_nw_proto",
            "ct_nw_src",
            "ct_tp_dst",
            "ct_tp_src",
            "dp_hash",
            "nd_options_type",
            "nsh_flags",
            "nsh_mdtype",
            "nsh_np",
            "nsh_si",
            "nsh_spi",
            "nsh_ttl",
            "packet_type",
            "skb_priority",
            "tun_erspan_dir",
            "tun_erspan_hwid",
            "tun_erspan_idx",
            "tun_erspan_ver",
            "tun_gbp_flags",
            "tun_gbp_id",
            "tun_gtpu_flags",
            "tun_gtpu_msgtype");

    /** The OXM or NXM name that Open vSwitch writes in front of bits. */
    private static final Map<Field, String> OXM = new EnumMap<>(Field.class);

    private static final Map<String, FieldName> BY_NAME = byName();

    private FieldNames() {}

    /** All names that are read. */
    static Set<String> all() {
        return BY_NAME.keySet();
    }

    /** What a name means, or null if there is none. */
    static FieldName find(String name) {
        FieldName found = BY_NAME.get(name);
        // OXM has names for masked fields.
        return found == null && name.endsWith("_W") ? BY_NAME.get(name.substring(0, name.length() - 2)) : found;
    }

    /** Refuses a name that is none. */
    static FlowTextException unknown(Word name, Set<String> known) {
        boolean isKnownElsewhere =
                UNSUPPORTED.contains(name.text()) || name.text().startsWith("tun_metadata");
        return isKnownElsewhere
                ? name.error("field " + name.text() + " is not supported")
                : name.isEmpty() ? name.expected("a field") : name.unknown("field", known);
    }

    /** The name that a match is written with. */
    static String inMatch(Field field) {
        return switch (field) {
            case TCP_SRC, UDP_SRC, SCTP_SRC -> "tp_src";
            case TCP_DST, UDP_DST, SCTP_DST -> "tp_dst";
            case ICMPV6_TYPE -> "icmp_type";
            case ICMPV6_CODE -> "icmp_code";
            case IP_FRAG -> "nw_frag";
            default -> field.text();
        };
    }

    /** The name that actions are written with: OpenFlow's, where it differs. */
    static String inAction(Field field) {
        return switch (field) {
            case ETH_TYPE -> "eth_type";
            case ETH_SRC -> "eth_src";
            case ETH_DST -> "eth_dst";
            case IP_SRC -> "ip_src";
            case IP_DST -> "ip_dst";
            default -> field.text();
        };
    }

    /** The name in front of bits: OXM's or NXM's. */
    static String oxm(Field field) {
        return OXM.getOrDefault(field, field.text());
    }

    /** How many bits {@code NAME[]} are, with the name of {@link #oxm}. */
    static int oxmWidthBits(Field field) {
        return switch (field) {
            case IN_PORT -> 16;
            case VLAN_VID -> 12;
            case TUN_FLAGS -> 1;
            default -> field.widthBits();
        };
    }

    private static Map<String, FieldName> byName() {
        Map<String, FieldName> names = new HashMap<>();
        for (Field field : Field.values()) {
            add(names, field, field.text());
            add(names, field, field.aliases());
        }
        addRegisters(names);
        addOxm(names);
        addShared(names, "nw_src", Field.IP_SRC, Field.ARP_SPA);
        addShared(names, "nw_dst", Field.IP_DST, Field.ARP_TPA);
        addShared(names, "nw_proto", Field.IP_PROTO, Field.ARP_OP);
        addShared(names, "icmp_type", Field.ICMP_TYPE, Field.ICMPV6_TYPE);
        addShared(names, "icmp_code", Field.ICMP_CODE, Field.ICMPV6_CODE);
        addShared(names, "tp_src", Field.TCP_SRC, Field.UDP_SRC, Field.SCTP_SRC, Field.ICMP_TYPE, Field.ICMPV6_TYPE);
        addShared(names, "tp_dst", Field.TCP_DST, Field.UDP_DST, Field.SCTP_DST, Field.ICMP_CODE, Field.ICMPV6_CODE);
        names.put("nw_frag", names.get("ip_frag"));
        names.put("dl_vlan", new FieldName(List.of(Field.VLAN_VID), Kind.VLAN_ID, 12));
        FieldName tos = new FieldName(List.of(Field.IP_TOS), Kind.TYPE_OF_SERVICE, 8);
        names.put("nw_tos", tos);
        names.put("NXM_OF_IP_TOS", tos);
        FieldName port = new FieldName(List.of(Field.IN_PORT), Kind.PLAIN, 32);
        names.put("in_port_oxm", port);
        names.put("OXM_OF_IN_PORT", port);
        return Map.copyOf(names);
    }

    private static void addRegisters(Map<String, FieldName> names) {
        for (int i = 0; i < 16; i++) {
            add(names, Field.valueOf("REG" + i), "NXM_NX_REG" + i);
            if (i < 8) {
                add(names, Field.valueOf("XREG" + i), "OXM_OF_PKT_REG" + i);
            }
            if (i < 4) {
                add(names, Field.valueOf("XXREG" + i), "NXM_NX_XXREG" + i);
            }
        }
    }

    private static void addOxm(Map<String, FieldName> names) {
        add(names, Field.IN_PORT, "NXM_OF_IN_PORT");
        add(names, Field.ETH_TYPE, "NXM_OF_ETH_TYPE", "OXM_OF_ETH_TYPE");
        add(names, Field.ETH_SRC, "NXM_OF_ETH_SRC", "OXM_OF_ETH_SRC");
        add(names, Field.ETH_DST, "NXM_OF_ETH_DST", "OXM_OF_ETH_DST");
        add(names, Field.VLAN_TCI, "NXM_OF_VLAN_TCI");
        add(names, Field.VLAN_VID, "OXM_OF_VLAN_VID");
        add(names, Field.VLAN_PCP, "OXM_OF_VLAN_PCP");
        add(names, Field.MPLS_LABEL, "OXM_OF_MPLS_LABEL");
        add(names, Field.MPLS_TC, "OXM_OF_MPLS_TC");
        add(names, Field.MPLS_BOS, "OXM_OF_MPLS_BOS");
        add(names, Field.MPLS_TTL, "NXM_NX_MPLS_TTL");
        add(names, Field.IP_PROTO, "NXM_OF_IP_PROTO", "OXM_OF_IP_PROTO");
        add(names, Field.IP_FRAG, "NXM_NX_IP_FRAG");
        add(names, Field.IP_SRC, "NXM_OF_IP_SRC", "OXM_OF_IPV4_SRC");
        add(names, Field.IP_DST, "NXM_OF_IP_DST", "OXM_OF_IPV4_DST");
        add(names, Field.IP_DSCP, "OXM_OF_IP_DSCP");
        add(names, Field.IP_ECN, "NXM_NX_IP_ECN", "OXM_OF_IP_ECN");
        add(names, Field.IP_TTL, "NXM_NX_IP_TTL");
        add(names, Field.IPV6_SRC, "NXM_NX_IPV6_SRC", "OXM_OF_IPV6_SRC");
        add(names, Field.IPV6_DST, "NXM_NX_IPV6_DST", "OXM_OF_IPV6_DST");
        add(names, Field.IPV6_LABEL, "NXM_NX_IPV6_LABEL", "OXM_OF_IPV6_FLABEL");
        add(names, Field.ARP_OP, "NXM_OF_ARP_OP", "OXM_OF_ARP_OP");
        add(names, Field.ARP_SPA, "NXM_OF_ARP_SPA", "OXM_OF_ARP_SPA");
        add(names, Field.ARP_TPA, "NXM_OF_ARP_TPA", "OXM_OF_ARP_TPA");
        add(names, Field.ARP_SHA, "NXM_NX_ARP_SHA", "OXM_OF_ARP_SHA");
        add(names, Field.ARP_THA, "NXM_NX_ARP_THA", "OXM_OF_ARP_THA");
        add(names, Field.TCP_SRC, "NXM_OF_TCP_SRC", "OXM_OF_TCP_SRC");
        add(names, Field.TCP_DST, "NXM_OF_TCP_DST", "OXM_OF_TCP_DST");
        add(names, Field.TCP_FLAGS, "NXM_NX_TCP_FLAGS", "ONFOXM_ET_TCP_FLAGS");
        add(names, Field.UDP_SRC, "NXM_OF_UDP_SRC", "OXM_OF_UDP_SRC");
        add(names, Field.UDP_DST, "NXM_OF_UDP_DST", "OXM_OF_UDP_DST");
        add(names, Field.SCTP_SRC, "OXM_OF_SCTP_SRC");
        add(names, Field.SCTP_DST, "OXM_OF_SCTP_DST");
        add(names, Field.ICMP_TYPE, "NXM_OF_ICMP_TYPE", "OXM_OF_ICMPV4_TYPE");
        add(names, Field.ICMP_CODE, "NXM_OF_ICMP_CODE", "OXM_OF_ICMPV4_CODE");
        add(names, Field.ICMPV6_TYPE, "NXM_NX_ICMPV6_TYPE", "OXM_OF_ICMPV6_TYPE");
        add(names, Field.ICMPV6_CODE, "NXM_NX_ICMPV6_CODE", "OXM_OF_ICMPV6_CODE");
        add(names, Field.ND_TARGET, "NXM_NX_ND_TARGET", "OXM_OF_IPV6_ND_TARGET");
        add(names, Field.ND_SLL, "NXM_NX_ND_SLL", "OXM_OF_IPV6_ND_SLL");
        add(names, Field.ND_TLL, "NXM_NX_ND_TLL", "OXM_OF_IPV6_ND_TLL");
        add(names, Field.ND_RESERVED, "ERICOXM_OF_ICMPV6_ND_RESERVED");
        add(names, Field.TUN_ID, "NXM_NX_TUN_ID", "OXM_OF_TUNNEL_ID");
        add(names, Field.TUN_SRC, "NXM_NX_TUN_IPV4_SRC");
        add(names, Field.TUN_DST, "NXM_NX_TUN_IPV4_DST");
        add(names, Field.TUN_IPV6_SRC, "NXM_NX_TUN_IPV6_SRC");
        add(names, Field.TUN_IPV6_DST, "NXM_NX_TUN_IPV6_DST");
        add(names, Field.TUN_FLAGS, "NXM_NX_TUN_FLAGS");
        add(names, Field.RECIRC_ID, "NXM_NX_RECIRC_ID");
        add(names, Field.CT_STATE, "NXM_NX_CT_STATE");
        add(names, Field.CT_ZONE, "NXM_NX_CT_ZONE");
        add(names, Field.CT_MARK, "NXM_NX_CT_MARK");
        add(names, Field.CT_LABEL, "NXM_NX_CT_LABEL");
        add(names, Field.METADATA, "OXM_OF_METADATA");
        add(names, Field.PKT_MARK, "NXM_NX_PKT_MARK");
        add(names, Field.CONJ_ID, "NXM_NX_CONJ_ID");
    }

    private static void add(Map<String, FieldName> names, Field field, String... all) {
        for (String name : all) {
            names.put(name, new FieldName(List.of(field), Kind.PLAIN, oxmWidthBits(field)));
            if (name.contains("_OF_") || name.contains("_NX_") || name.contains("_ET_")) {
                OXM.putIfAbsent(field, name);
            }
        }
    }

    private static void addShared(Map<String, FieldName> names, String name, Field... fields) {
        names.put(name, new FieldName(List.of(fields), Kind.PLAIN, fields[0].widthBits()));
    }
}
