// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Random flows in all the words that {@code ovs-ofctl} has for them: names of fields, notations of numbers, forms of actions.
 * The same seed gives the same ones. For one thread.
 */
final class RandomTexts {

    private static final int MAX_DEPTH = 3;

    private final Random random;
    private String protocol = "";
    private boolean isIp;
    private boolean isIpv6;

    RandomTexts(long seed) {
        random = new Random(seed);
    }

    /** A flow to add; with at most two tags at a time, which is what ovs-ofctl takes. */
    String flow() {
        List<String> items = new ArrayList<>(match());
        add(items, 3, () -> "table=" + below(200));
        add(items, 2, () -> "priority=" + below(65_536));
        add(items, 4, () -> "cookie=" + number(64));
        add(items, 5, () -> "idle_timeout=" + below(65_536));
        add(items, 5, () -> "hard_timeout=" + below(65_536));
        add(
                items,
                6,
                () -> one("send_flow_rem", "check_overlap", "reset_counts", "no_packet_counts", "no_byte_counts"));
        add(items, 9, () -> one("duration=1.5s", "n_packets=3", "n_bytes=7", "idle_age=3", "eth"));
        Collections.shuffle(items, random);
        return String.join(one(",", ", ", " "), items)
                + one(",", " ", ", ")
                + one("actions=", "action=")
                + instructions();
    }

    /** What stands behind {@code actions=}, for packets of the last match. */
    String instructions() {
        List<String> items = new ArrayList<>();
        add(items, 9, () -> "meter:" + (1 + below(9)));
        items.addAll(actions(below(5), 0));
        add(items, 9, () -> "clear_actions");
        add(items, 5, () -> "write_actions(" + String.join(",", writtenActions()) + ")");
        add(items, 5, () -> "write_metadata:" + masked(64));
        add(items, 5, () -> "goto_table:" + (200 + below(54)));
        return items.isEmpty() ? "drop" : String.join(one(",", ", "), items);
    }

    private List<String> match() {
        List<String> items = new ArrayList<>();
        protocol = one("", "", "ip", "tcp", "udp", "icmp", "sctp", "ipv6", "tcp6", "udp6", "icmp6", "arp", "mpls");
        isIpv6 = protocol.endsWith("6");
        isIp = !List.of("", "arp", "mpls").contains(protocol);
        if (!protocol.isEmpty()) {
            items.add(protocol);
        }
        add(items, 2, () -> "in_port=" + one("1", "LOCAL", "65534", "local", "7"));
        add(items, 6, () -> one("dl_src", "eth_src") + "=" + maskedMac());
        add(items, 6, () -> one("dl_dst", "eth_dst") + "=" + maskedMac());
        add(items, 5, () -> one("metadata=" + masked(64), "OXM_OF_METADATA[3..5]=" + below(8)));
        add(items, 4, () -> register() + "=" + masked(32));
        add(items, 6, () -> "xreg" + (4 + below(4)) + "=" + masked(64));
        add(items, 8, () -> "NXM_NX_REG3[" + one("0..7]=" + below(256), "31]=1", "]=" + number(32)));
        add(items, 8, () -> "tun_id=" + masked(64));
        add(items, 12, () -> one("tun_src=", "tun_dst=") + maskedIpv4());
        add(items, 12, () -> "tun_ipv6_dst=" + maskedIpv6());
        add(items, 12, () -> "tun_flags=" + one("+oam", "-oam", "oam"));
        add(items, 9, () -> "pkt_mark=" + masked(32));
        add(items, 9, () -> "conj_id=" + number(32));
        add(items, 9, () -> "ct_state=" + one("+trk+est", "-new+rel", "trk|est", "0x21/0x21", "+inv"));
        add(items, 9, () -> "ct_zone=" + number(16));
        add(items, 9, () -> "ct_mark=" + masked(32));
        add(items, 9, () -> "ct_label=" + masked(128));
        if (once(3)) {
            items.addAll(vlan());
        }
        if (isIp) {
            ip(items);
        }
        upperLayers(items);
        return items;
    }

    private List<String> vlan() {
        return switch (below(6)) {
            case 0 -> List.of("dl_vlan=0xffff");
            case 1 -> List.of("dl_vlan=" + below(4096), "dl_vlan_pcp=" + below(8));
            case 2 -> List.of("vlan_tci=" + one("0", "0x1000/0x1000", "0x1123", "0x1005/0x1fff", "0x3000/0xf000"));
            case 3 -> List.of("vlan_vid=" + one("0", "0x1000/0x1000", "0x1007"));
            case 4 -> List.of("dl_vlan_pcp=" + below(8));
            default -> List.of("NXM_OF_VLAN_TCI[0..12]=" + (4096 + below(4096)));
        };
    }

    private void ip(List<String> items) {
        if (isIpv6) {
            add(items, 2, () -> "ipv6_src=" + maskedIpv6());
            add(items, 2, () -> "ipv6_dst=" + maskedIpv6());
            add(items, 4, () -> "ipv6_label=" + masked(20));
        } else {
            add(items, 2, () -> one("nw_src", "ip_src") + "=" + maskedIpv4());
            add(items, 2, () -> one("nw_dst", "ip_dst") + "=" + maskedIpv4());
        }
        add(items, 4, () -> one("nw_tos=" + 4 * below(64), "ip_dscp=" + below(64)));
        add(items, 4, () -> one("nw_ecn=", "ip_ecn=") + below(4));
        add(items, 4, () -> "nw_ttl=" + number(8));
        add(items, 4, () -> one("nw_frag=", "ip_frag=") + fragment());
        if (protocol.equals("ip") || protocol.equals("ipv6")) {
            add(items, 3, () -> one("nw_proto=", "ip_proto=") + one("47", "0x32", "89"));
        }
    }

    private void upperLayers(List<String> items) {
        switch (protocol) {
            case "tcp", "tcp6" -> {
                add(items, 2, () -> one("tp_src=", "tcp_src=") + masked(16));
                add(items, 2, () -> one("tp_dst=", "tcp_dst=") + masked(16));
                add(items, 3, () -> "tcp_flags=" + one("+syn-ack", "syn|ack", "0x12/0x12", "0x10", "+ns+[200]", "0"));
            }
            case "udp", "udp6" -> {
                add(items, 2, () -> one("tp_src=", "udp_src=") + masked(16));
                add(items, 2, () -> one("tp_dst=", "udp_dst=") + masked(16));
            }
            case "sctp" -> add(items, 2, () -> one("tp_dst=", "sctp_dst=") + masked(16));
            case "icmp" -> {
                add(items, 2, () -> "icmp_type=" + number(8));
                add(items, 2, () -> "icmp_code=" + number(8));
            }
            case "icmp6" -> {
                boolean isSolicitation = once(2);
                items.add(one("icmp_type=", "icmpv6_type=") + (isSolicitation ? 135 : 136));
                items.add(one("icmp_code=", "icmpv6_code=") + "0");
                add(items, 2, () -> "nd_target=" + maskedIpv6());
                add(items, 2, () -> (isSolicitation ? "nd_sll=" : "nd_tll=") + maskedMac());
            }
            case "arp" -> {
                add(items, 2, () -> one("arp_op=", "nw_proto=") + below(3));
                add(items, 2, () -> one("arp_spa=", "nw_src=") + maskedIpv4());
                add(items, 2, () -> one("arp_tpa=", "nw_dst=") + maskedIpv4());
                add(items, 3, () -> "arp_sha=" + maskedMac());
                add(items, 3, () -> "arp_tha=" + maskedMac());
            }
            case "mpls" -> {
                add(items, 2, () -> "mpls_label=" + number(20));
                add(items, 2, () -> "mpls_tc=" + below(8));
                add(items, 2, () -> "mpls_bos=" + below(2));
            }
            default -> {
                // Nothing lies above.
            }
        }
    }

    private List<String> actions(int count, int depth) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(
                    switch (below(6)) {
                        case 0 -> output();
                        case 1 -> change();
                        case 2 -> bits();
                        case 3 -> special(depth);
                        default -> header();
                    });
        }
        return items;
    }

    private List<String> writtenActions() {
        List<String> items = new ArrayList<>();
        for (int i = 1 + below(3); i > 0; i--) {
            items.add(one(
                    "output:" + port(),
                    "set_queue:3",
                    "group:5",
                    "set_field:5->reg1",
                    "set_field:" + mac() + "->eth_dst"));
        }
        return items;
    }

    private String output() {
        return switch (below(11)) {
            case 0 -> one("LOCAL", "in_port", "all", "FLOOD", "normal", "NORMAL");
            case 1 -> Integer.toString(1 + below(20));
            case 2 -> "output:" + one("NXM_NX_REG", "reg") + below(16) + one("[]", "[0..15]");
            case 3 -> "output(port=" + one("3", "LOCAL", "in_port") + ",max_len=" + (14 + below(1000)) + ")";
            case 4 -> one("controller", "CONTROLLER:65535", "controller:" + below(65_536));
            case 5 ->
                "controller(max_len=" + below(65_536) + ",reason=" + one("action", "no_match", "invalid_ttl")
                        + one("", ",id=7", ",userdata=01.02.ff", ",userdata=0a0b") + ")";
            case 6 -> one("enqueue:1:2", "enqueue(3,4)", "enqueue:LOCAL:7");
            case 7 ->
                one(
                        "resubmit:" + (1 + below(9)),
                        "resubmit(," + below(250) + ")",
                        "resubmit(3,5)",
                        "resubmit(LOCAL,7)");
            case 8 -> "group:" + number(31);
            default -> "output:" + port();
        };
    }

    private String header() {
        return switch (below(11)) {
            case 0 -> "mod_dl_src:" + mac();
            case 1 -> "mod_vlan_vid:" + below(4096);
            case 2 -> "mod_vlan_pcp:" + below(8);
            case 3 -> one("push_vlan:0x8100,pop_vlan", "push_vlan:0x88a8,strip_vlan");
            case 4 -> "push_vlan:0x8100,set_vlan_vid:" + below(4096) + ",set_vlan_pcp:" + below(8) + ",pop_vlan";
            case 5 -> isIp ? one("dec_ttl", "dec_ttl(1,2)") : "set_tunnel:" + number(32);
            case 6 -> "set_tunnel64:" + number(64);
            case 7 -> protocol.equals("mpls") ? "dec_mpls_ttl,set_mpls_ttl:7,set_mpls_label:9,set_mpls_tc:3" : "exit";
            case 8 -> one("set_queue:", "set_queue:4,set_queue:") + number(31);
            case 9 -> "pop_queue";
            default -> protocol.equals("mpls") ? "pop_mpls:0x8847" : "mod_dl_dst:" + mac();
        };
    }

    private String change() {
        if (isIp && once(2)) {
            return one(
                    isIpv6 ? "set_field:" + ipv6() + "->ipv6_dst" : "mod_nw_src:" + ipv4(),
                    isIpv6 ? "set_field:" + maskedIpv6() + "->ipv6_src" : "set_field:" + maskedIpv4() + "->ip_dst",
                    "mod_nw_tos:" + 4 * below(64),
                    "mod_nw_ttl:" + number(8),
                    "set_field:3->nw_ecn",
                    "set_field:46->ip_dscp");
        }
        return switch (protocol) {
            case "tcp", "tcp6", "udp", "udp6" -> one("mod_tp_src:", "mod_tp_dst:") + number(16);
            case "arp" -> one("set_field:2->arp_op", "load:2->NXM_OF_ARP_OP[]", "set_field:" + mac() + "->arp_sha");
            default ->
                one(
                        "set_field:" + masked(32) + "->" + register(),
                        "set_field:" + masked(64) + "->metadata",
                        "set_field:" + masked(128) + "->xxreg1",
                        "set_field:" + maskedMac() + "->eth_src",
                        "set_field:" + number(64) + "->tun_id",
                        "set_field:" + number(32) + "->pkt_mark");
        };
    }

    private String bits() {
        return switch (below(8)) {
            case 0 -> "load:" + below(16) + "->NXM_NX_REG" + below(16) + "[4..7]";
            case 1 -> "load:" + number(64) + "->OXM_OF_METADATA[]";
            case 2 -> "load:1->NXM_NX_XXREG0[" + below(128) + "]";
            case 3 -> "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]";
            case 4 -> "move:reg1[0..15]->OXM_OF_METADATA[" + one("0..15]", "8..23]", "48..63]");
            case 5 -> "move:NXM_OF_IN_PORT[]->NXM_NX_REG2[0..15]";
            case 6 -> one("push:NXM_NX_REG1[3..9],pop:reg2[1..7]", "push:reg1,pop:reg1[]");
            default -> "load:" + number(32) + "->" + register() + "[]";
        };
    }

    private String special(int depth) {
        return switch (below(9)) {
            case 0 -> depth < MAX_DEPTH ? "clone(" + String.join(",", actions(1 + below(3), depth + 1)) + ")" : "exit";
            case 1 -> learn();
            case 2 -> "note:" + one("01.02.03.04.05.06", "0102030405060708090a0b0c0d0e");
            case 3 ->
                "sample(probability=" + (1 + below(65_535)) + one("", ",collector_set_id=4", ",sampling_port=3")
                        + ",obs_domain_id=" + number(32) + ",obs_point_id=" + number(32) + ")";
            case 4 -> "check_pkt_larger(" + below(65_536) + ")->" + register() + "[" + below(32) + "]";
            case 5 ->
                "multipath(" + hash() + "," + below(65_536) + ","
                        + one("modulo_n", "hrw", "hash_threshold", "iter_hash") + one(",", ", ") + (1 + below(16)) + ","
                        + below(65_536) + ",NXM_NX_REG0[0..3])";
            case 6 ->
                "bundle(" + hash() + "," + below(65_536) + "," + one("hrw", "active_backup") + ",ofport,"
                        + one("members", "slaves") + ":1,2," + one("3", "LOCAL") + ")";
            case 7 -> "bundle_load(" + hash() + ",0,hrw,ofport,NXM_NX_REG0[0..15],members:4,5)";
            default ->
                protocol.equals("tcp")
                        ? one("fin_timeout(idle_timeout=5,hard_timeout=6)", "fin_timeout(idle_timeout=5)")
                        : "exit";
        };
    }

    private String learn() {
        List<String> items = new ArrayList<>();
        add(items, 1, () -> "table=" + (1 + below(200)));
        add(items, 3, () -> "priority=" + below(65_536));
        add(items, 3, () -> one("idle_timeout=5", "hard_timeout=6", "fin_idle_timeout=7", "fin_hard_timeout=8"));
        add(items, 3, () -> one("cookie=0x1234", "send_flow_rem", "delete_learned", "limit=7"));
        add(items, 5, () -> "result_dst=NXM_NX_REG7[3]");
        add(items, 2, () -> one("NXM_OF_VLAN_TCI[0..11]", "NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[]", "eth_src", "in_port"));
        add(items, 3, () -> one("NXM_NX_REG1[0..3]=5", "reg2=7", "reg3=reg4[]", "NXM_NX_REG5[8..15]"));
        add(
                items,
                4,
                () -> one("eth_type=0x800,ip_dst=" + ipv4(), "eth_type=0x800,nw_proto=6,tcp_dst=80", "in_port=3"));
        add(items, 2, () -> one("load:NXM_OF_IN_PORT[]->NXM_NX_REG0[0..15]", "load:0x5->NXM_NX_REG1[4..7]"));
        add(items, 2, () -> one("output:NXM_OF_IN_PORT[]", "output:reg0[0..15]"));
        return "learn(" + String.join(one(",", ", "), items) + ")";
    }

    private String fragment() {
        // Later fragments have no upper layers, of which ovs-ofctl would complain.
        boolean hasUpperLayers = !protocol.equals("ip") && !protocol.equals("ipv6");
        return one("no", "yes", "first", "not_later", hasUpperLayers ? "no" : "later");
    }

    private String hash() {
        return one(
                "eth_src", "symmetric_l4", "symmetric_l3l4", "symmetric_l3l4+udp", "nw_src", "nw_dst", "symmetric_l3");
    }

    private String register() {
        return "reg" + below(3);
    }

    private String port() {
        return one(Integer.toString(1 + below(1000)), "LOCAL", "in_port", "65528", "4294967294");
    }

    private String masked(int bits) {
        if (once(2)) {
            return number(bits);
        }
        BigInteger mask = new BigInteger(bits, random);
        return "0x" + new BigInteger(bits, random).and(mask).toString(16) + "/0x" + mask.toString(16);
    }

    private String number(int bits) {
        BigInteger value = new BigInteger(once(2) ? bits : Math.min(bits, 5), random);
        boolean isHex = bits > 64 || once(2);
        return isHex ? "0x" + value.toString(16) : value.toString();
    }

    private String mac() {
        return String.format("%02x:%02x:00:0a:%02X:07", 2 * below(128), below(256), below(256));
    }

    private String maskedMac() {
        return once(3) ? "01:00:0a:00:00:00/01:00:ff:00:00:00" : mac();
    }

    private String ipv4() {
        return "10." + below(256) + ".0." + below(256);
    }

    private String maskedIpv4() {
        return ipv4() + one("", "", "/" + below(33), "/255.255.0.255", "/255.0.0.0");
    }

    private String ipv6() {
        return one("fd00::", "2001:db8:0:1::", "::ffff:10.0.0.", "fe80::1:0:0:") + (1 + below(99));
    }

    private String maskedIpv6() {
        return ipv6() + one("", "", "/" + below(129), "/ffff::ff");
    }

    private void add(List<String> items, int n, Supplier<String> item) {
        if (once(n)) {
            items.add(item.get());
        }
    }

    private String one(String... words) {
        return words[random.nextInt(words.length)];
    }

    private boolean once(int n) {
        return random.nextInt(n) == 0;
    }

    private int below(int bound) {
        return random.nextInt(bound);
    }
}
