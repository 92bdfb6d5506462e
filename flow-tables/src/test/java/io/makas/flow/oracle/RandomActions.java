// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static io.makas.flow.oracle.RandomMatch.hex;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random actions, as text, that packets of a match can follow. For one flow or one bucket. */
final class RandomActions {

    private static final int TABLES = 6;

    private final Random random;
    private final RandomPackets packets;
    private final RandomMatch match;
    private final int groups;

    private boolean hasTag;

    RandomActions(Random random, RandomPackets packets, RandomMatch match, int groups) {
        this.random = random;
        this.packets = packets;
        this.match = match;
        this.groups = groups;
        hasTag = match.hasTag;
    }

    /** The actions and instructions of a flow in a table. */
    String instructions(int table) {
        List<String> items = new ArrayList<>(list(random.nextInt(5)));
        if (once(7)) {
            items.add("clear_actions");
        }
        if (once(3)) {
            hasTag = match.hasTag;
            List<String> write = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                write.add(change());
            }
            if (!once(4)) {
                write.add(random.nextInt(3) == 0 && groups > 0 ? group() : output());
            }
            items.add("write_actions(" + String.join(",", write) + ")");
        }
        if (once(4)) {
            int mask = 1 + random.nextInt(7);
            items.add("write_metadata:" + hex(random.nextInt(4) & mask) + "/" + hex(mask));
        }
        if (table < TABLES - 1 && once(2)) {
            items.add("goto_table:" + (table + 1 + random.nextInt(TABLES - 1 - table)));
        }
        return items.isEmpty() ? "drop" : String.join(",", items);
    }

    /** A table of a flow; the earlier ones are the likelier. */
    static int table(Random random) {
        return random.nextInt(1 + random.nextInt(TABLES));
    }

    private List<String> list(int count) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 -> output();
                        case 3 -> once(2) ? resubmit() : register();
                        case 4 -> groups > 0 && once(2) ? group() : change();
                        default -> change();
                    });
        }
        return items;
    }

    /** The actions of a bucket. */
    String bucket() {
        List<String> items = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            items.add(change());
        }
        items.add(output());
        return String.join(",", items);
    }

    private String group() {
        return "group:" + (1 + random.nextInt(groups));
    }

    private String output() {
        return switch (random.nextInt(12)) {
            case 0 -> "in_port";
            case 1 -> "all";
            case 2 -> "flood";
            case 3 -> once(2) ? "controller" : "controller:" + (14 + random.nextInt(60));
            default -> once(2) ? "output:" + port() : "" + port();
        };
    }

    private int port() {
        return once(10) ? 9 : 1 + random.nextInt(4);
    }

    private String resubmit() {
        String port = "";
        return "resubmit(" + port + "," + random.nextInt(TABLES) + ")";
    }

    private String register() {
        return switch (random.nextInt(3)) {
            case 0 -> "set_field:" + random.nextInt(3) + "->reg" + random.nextInt(2);
            case 1 -> "load:" + random.nextInt(3) + "->reg" + random.nextInt(2) + "[0..1]";
            default -> "set_field:" + hex(random.nextInt(4)) + "->metadata";
        };
    }

    private String change() {
        switch (random.nextInt(10)) {
            case 0 -> {
                hasTag = true;
                return once(3) ? "push_vlan:0x88a8" : "push_vlan:0x8100";
            }
            case 1, 2 -> {
                if (hasTag) {
                    return tag();
                }
            }
            case 3, 4, 5, 6 -> {
                if (match.isIp) {
                    return ip();
                }
                if (match.isArp) {
                    return arp();
                }
            }
            default -> {
                // An address.
            }
        }
        return switch (random.nextInt(4)) {
            case 0 -> "set_field:" + packets.mac() + "->eth_src";
            case 1 -> "set_field:00:00:00:00:00:01/00:00:00:00:00:03->eth_dst";
            case 2 -> "mod_dl_dst:" + packets.mac();
            default -> "mod_dl_src:" + packets.mac();
        };
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

    private String arp() {
        return switch (random.nextInt(4)) {
            case 0 -> "set_field:" + (1 + random.nextInt(2)) + "->arp_op";
            case 1 -> "set_field:" + packets.ipv4() + "->arp_spa";
            case 2 -> "set_field:" + packets.ipv4() + "->arp_tpa";
            default -> "set_field:" + packets.mac() + "->arp_sha";
        };
    }

    private String ip() {
        if (once(2) && !match.transport.isEmpty()) {
            return transport();
        }
        return switch (random.nextInt(6)) {
            case 0, 1 -> "dec_ttl";
            case 2 -> "set_field:" + random.nextInt(64) + "->ip_dscp";
            case 3 -> "set_field:" + random.nextInt(4) + "->nw_ecn";
            case 4 -> once(2) ? "mod_nw_ttl:" + (1 + random.nextInt(3)) : "set_field:7->nw_ttl";
            default ->
                match.isIpv4
                        ? once(2)
                                ? "set_field:" + packets.ipv4() + "->" + (once(2) ? "ip_src" : "ip_dst")
                                : "mod_nw_" + (once(2) ? "src:" : "dst:") + packets.ipv4()
                        : once(4)
                                ? "set_field:" + hex(random.nextInt(4)) + "->ipv6_label"
                                : "set_field:" + packets.ipv6() + "->" + (once(2) ? "ipv6_src" : "ipv6_dst");
        };
    }

    private String transport() {
        String end = once(2) ? "src" : "dst";
        return switch (match.transport) {
            case "tcp", "udp", "sctp" -> "set_field:" + packets.port() + "->" + match.transport + "_" + end;
            case "icmp" -> "set_field:" + random.nextInt(3) + "->icmp_" + (once(2) ? "type" : "code");
            default ->
                match.neighbourType == 0
                        ? "dec_ttl"
                        : once(2)
                                ? "set_field:" + packets.ipv6() + "->nd_target"
                                : "set_field:" + packets.mac() + (match.neighbourType == 135 ? "->nd_sll" : "->nd_tll");
        };
    }

    private boolean once(int n) {
        return random.nextInt(n) == 0;
    }
}
