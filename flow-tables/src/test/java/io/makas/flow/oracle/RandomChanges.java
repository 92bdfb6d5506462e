// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static io.makas.flow.oracle.RandomMatch.hex;

import java.util.Random;

/** Random changes of packets, as text, one after the other on what the changes before have left. For one list of actions. */
final class RandomChanges {

    private final Random random;
    private final RandomPackets packets;

    // What is known of the packet.
    private boolean hasTag;
    private boolean isIpv4;
    private boolean isIpv6;
    private boolean isArp;
    private boolean isMpls;
    private String transport;
    private final int neighbourType;

    RandomChanges(Random random, RandomPackets packets, RandomMatch match) {
        this.random = random;
        this.packets = packets;
        hasTag = match.hasTag;
        isIpv4 = match.isIpv4;
        isIpv6 = match.isIpv6;
        isArp = match.isArp;
        isMpls = match.isMpls;
        transport = match.transport;
        neighbourType = match.neighbourType;
    }

    /** The next change. */
    String next() {
        return switch (random.nextInt(12)) {
            case 0 -> {
                hasTag = true;
                yield once(3) ? "push_vlan:0x88a8" : "push_vlan:0x8100";
            }
            case 1, 2 -> hasTag ? tag() : address();
            case 3, 4 -> isMpls ? mpls() : once(4) ? pushMpls() : upper();
            case 5, 6, 7 -> upper();
            default -> address();
        };
    }

    private String address() {
        return switch (random.nextInt(4)) {
            case 0 -> "set_field:" + packets.mac() + "->eth_src";
            case 1 -> "set_field:00:00:00:00:00:01/00:00:00:00:00:03->eth_dst";
            case 2 -> "mod_dl_dst:" + packets.mac();
            default -> "mod_dl_src:" + packets.mac();
        };
    }

    private String upper() {
        return isIpv4 || isIpv6 ? ip() : isArp ? arp() : address();
    }

    private String tag() {
        return switch (random.nextInt(4)) {
            case 0 -> {
                hasTag = false;
                yield once(2) ? "pop_vlan" : "strip_vlan";
            }
            case 1 -> "set_field:" + (0x1000 | 1 + random.nextInt(3)) + "->vlan_vid";
            case 2 -> "set_field:" + random.nextInt(3) + "->vlan_pcp";
            default -> "mod_vlan_vid:" + (1 + random.nextInt(3));
        };
    }

    private String mpls() {
        return switch (random.nextInt(6)) {
            case 0 -> pushMpls();
            case 1 -> "dec_mpls_ttl";
            case 2 -> "set_field:" + (16 + random.nextInt(3)) + "->mpls_label";
            case 3 -> "set_field:" + random.nextInt(3) + "->mpls_tc";
            case 4 -> "set_mpls_ttl:" + (1 + random.nextInt(3));
            default -> {
                boolean hasMore = once(3);
                isMpls = hasMore;
                isIpv4 = !hasMore;
                yield hasMore ? "pop_mpls:0x8847" : "pop_mpls:0x0800";
            }
        };
    }

    private String pushMpls() {
        isMpls = true;
        isIpv4 = false;
        isIpv6 = false;
        isArp = false;
        transport = "";
        return "push_mpls:0x8847";
    }

    private String arp() {
        return switch (random.nextInt(4)) {
            case 0 -> "set_field:" + (1 + random.nextInt(2)) + "->arp_op";
            case 1 -> "set_field:" + packets.ipv4() + "->arp_spa";
            case 2 -> "set_field:" + packets.ipv4() + "->arp_tpa";
            default -> "set_field:" + packets.mac() + "->arp_sha";
        };
    }

    private String ip() {
        if (once(2) && !transport.isEmpty()) {
            return transport();
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> "dec_ttl";
            case 2 -> "set_field:" + random.nextInt(64) + "->ip_dscp";
            case 3 -> "set_field:" + random.nextInt(4) + "->nw_ecn";
            case 4 -> once(2) ? "mod_nw_ttl:" + (1 + random.nextInt(3)) : "set_field:7->nw_ttl";
            default -> isIpv4 ? ipv4() : ipv6();
        };
    }

    private String ipv4() {
        return once(2)
                ? "set_field:" + packets.ipv4() + "->" + (once(2) ? "ip_src" : "ip_dst")
                : "mod_nw_" + (once(2) ? "src:" : "dst:") + packets.ipv4();
    }

    private String ipv6() {
        return once(4)
                ? "set_field:" + hex(random.nextInt(4)) + "->ipv6_label"
                : "set_field:" + packets.ipv6() + "->" + (once(2) ? "ipv6_src" : "ipv6_dst");
    }

    private String transport() {
        String end = once(2) ? "src" : "dst";
        return switch (transport) {
            case "tcp", "udp", "sctp" -> "set_field:" + packets.port() + "->" + transport + "_" + end;
            case "icmp" -> "set_field:" + random.nextInt(3) + "->icmp_" + (once(2) ? "type" : "code");
            default -> neighbourType == 0 ? "dec_ttl" : neighbour();
        };
    }

    private String neighbour() {
        return once(2)
                ? "set_field:" + packets.ipv6() + "->nd_target"
                : "set_field:" + packets.mac() + (neighbourType == 135 ? "->nd_sll" : "->nd_tll");
    }

    private boolean once(int n) {
        return random.nextInt(n) == 0;
    }
}
