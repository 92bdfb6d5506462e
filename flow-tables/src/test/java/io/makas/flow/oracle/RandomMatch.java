// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.key.Field;
import io.makas.flow.packet.IpAddress;
import io.makas.flow.packet.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A random match, as text, that packets with a given key meet; one in some nearly. For one match. */
final class RandomMatch {

    private final Random random;
    private final long[] key;
    private final List<String> items = new ArrayList<>();

    /** What the match promises, for actions to rely on. */
    boolean hasTag;

    boolean isIp;
    boolean isIpv4;
    boolean isIpv6;
    boolean isArp;
    boolean isMpls;
    String transport = "";
    int neighbourType;

    RandomMatch(Random random, long[] key) {
        this.random = random;
        this.key = key;
    }

    /** The items, with commas between and at the end; empty for every packet. */
    String make() {
        maybe(3, "in_port", Field.IN_PORT);
        link();
        if (once(4)) {
            int mask = 1 + random.nextInt(7);
            items.add("metadata=" + hex(random.nextInt(4) & mask) + "/" + hex(mask));
        }
        if (once(6)) {
            items.add("reg" + random.nextInt(2) + "=" + random.nextInt(3));
        }
        if (!once(4)) {
            network();
        }
        return items.isEmpty() ? "" : String.join(",", items) + ",";
    }

    private void link() {
        if (once(4)) {
            items.add("dl_src=" + mac(Field.ETH_SRC.in(key)));
        }
        switch (random.nextInt(8)) {
            case 0 -> items.add("dl_dst=" + mac(Field.ETH_DST.in(key)));
            case 1 -> items.add("dl_dst=" + masked(Field.ETH_DST.in(key), 0x0100_0000_0000L));
            case 2 -> items.add("eth_dst=" + masked(Field.ETH_DST.in(key), random.nextInt(4)));
            default -> {
                // Any.
            }
        }
        int tci = (int) Field.VLAN_TCI.in(key);
        switch (random.nextInt(10)) {
            case 0, 1 -> {
                items.add(tci == 0 ? "vlan_tci=0x0000" : "dl_vlan=" + (tci & 0xfff));
                hasTag = tci != 0;
                if (hasTag && once(2)) {
                    items.add("dl_vlan_pcp=" + (tci >> 13));
                }
            }
            case 2 -> {
                items.add("vlan_tci=0x1000/0x1000");
                hasTag = true;
            }
            case 3 -> {
                if (tci != 0) {
                    items.add("vlan_vid=" + hex(tci & 0x1fff & 0x1001) + "/0x1001");
                    hasTag = true;
                }
            }
            default -> {
                // Tagged or not.
            }
        }
    }

    private void network() {
        int type = (int) Field.ETH_TYPE.in(key);
        isIpv4 = type == 0x0800;
        isIpv6 = type == 0x86dd;
        isIp = isIpv4 || isIpv6;
        isArp = type == 0x0806;
        isMpls = type == 0x8847;
        if (isIp) {
            ip();
        } else if (isArp) {
            items.add("arp");
            maybe(3, "arp_op", Field.ARP_OP);
            address(3, "arp_spa", Field.ARP_SPA);
            address(3, "arp_tpa", Field.ARP_TPA);
            link(4, "arp_sha", Field.ARP_SHA);
            link(4, "arp_tha", Field.ARP_THA);
        } else if (isMpls) {
            items.add("mpls");
            maybe(2, "mpls_label", Field.MPLS_LABEL);
            maybe(4, "mpls_tc", Field.MPLS_TC);
            maybe(3, "mpls_bos", Field.MPLS_BOS);
            maybe(4, "mpls_ttl", Field.MPLS_TTL);
        } else {
            items.add("dl_type=" + hex(type));
        }
    }

    private void ip() {
        int protocol = (int) Field.IP_PROTO.in(key);
        transport = once(3)
                ? ""
                : switch (protocol) {
                    case 6 -> "tcp";
                    case 17 -> "udp";
                    case 132 -> "sctp";
                    case 1 -> isIpv4 ? "icmp" : "";
                    case 58 -> isIpv6 ? "icmp6" : "";
                    default -> "";
                };
        boolean needsSuffix = isIpv6 && !transport.isEmpty() && protocol != 58;
        items.add(transport.isEmpty() ? isIpv4 ? "ip" : "ipv6" : needsSuffix ? transport + "6" : transport);
        if (isIpv4) {
            address(3, "nw_src", Field.IP_SRC);
            address(3, "nw_dst", Field.IP_DST);
        } else {
            address6(3, "ipv6_src", Field.IPV6_SRC);
            address6(3, "ipv6_dst", Field.IPV6_DST);
            maybe(6, "ipv6_label", Field.IPV6_LABEL);
        }
        maybe(8, "ip_dscp", Field.IP_DSCP);
        maybe(8, "nw_ecn", Field.IP_ECN);
        maybe(8, "nw_ttl", Field.IP_TTL);
        if (once(6)) {
            // Open vSwitch refuses ports of later fragments.
            List<String> fragments = transport.isEmpty()
                    ? List.of("no", "yes", "first", "later", "not_later")
                    : List.of("no", "first", "not_later");
            items.add("ip_frag=" + fragments.get(random.nextInt(fragments.size())));
        }
        transport();
    }

    private void transport() {
        switch (transport) {
            case "tcp", "udp", "sctp" -> {
                port("src", Field.TCP_SRC);
                port("dst", Field.TCP_DST);
                if (transport.equals("tcp") && once(5)) {
                    int flags = (int) Field.TCP_FLAGS.in(key);
                    int mask = 1 + random.nextInt(0x3f);
                    items.add("tcp_flags=" + hex(flags & mask) + "/" + hex(mask));
                }
            }
            case "icmp" -> {
                maybe(2, "icmp_type", Field.ICMP_TYPE);
                maybe(3, "icmp_code", Field.ICMP_CODE);
            }
            case "icmp6" -> neighbour();
            default -> {
                // No header of its own, or any.
            }
        }
    }

    private void neighbour() {
        int type = (int) Field.ICMPV6_TYPE.in(key);
        if (once(3)) {
            return;
        }
        items.add("icmp_type=" + type);
        if (type == 135 || type == 136) {
            neighbourType = type;
            items.add("icmp_code=0");
            address6(2, "nd_target", Field.ND_TARGET);
            link(2, type == 135 ? "nd_sll" : "nd_tll", type == 135 ? Field.ND_SLL : Field.ND_TLL);
        }
    }

    private void port(String end, Field field) {
        if (once(3)) {
            int mask = once(4) ? 0xffff << random.nextInt(9) & 0xffff : 0xffff;
            String name = once(2) ? "tp_" + end : transport + "_" + end;
            long value = field.in(key) & mask;
            items.add(name + "=" + (mask == 0xffff ? value + "" : hex(value) + "/" + hex(mask)));
        }
    }

    private void maybe(int n, String name, Field field) {
        if (once(n)) {
            items.add(name + "=" + near(field.in(key), field.ones()));
        }
    }

    private void link(int n, String name, Field field) {
        if (once(n)) {
            items.add(name + "=" + mac(field.in(key)));
        }
    }

    private void address(int n, String name, Field field) {
        if (once(n)) {
            int bits = once(2) ? 32 : 8 + random.nextInt(25);
            int address = (int) near(field.in(key), 3) & (int) (-1L << 32 - bits);
            items.add(name + "=" + IpAddress.text(address) + (bits == 32 ? "" : "/" + bits));
        }
    }

    private void address6(int n, String name, Field field) {
        if (once(n)) {
            long high = key[field.word()];
            long low = near(key[field.word() + 1], 3);
            if (once(2)) {
                items.add(name + "=" + IpAddress.text(high, low));
            } else {
                int bits = 64 + random.nextInt(64);
                long mask = bits == 64 ? 0 : -1L << 128 - bits;
                items.add(name + "=" + IpAddress.text(high, low & mask) + "/" + bits);
            }
        }
    }

    /** Mostly the value; one in eight another one that differs in the low bits. */
    private long near(long value, long ones) {
        return once(8) ? (value ^ 1 + random.nextInt(3)) & Math.max(ones, 0) | value & ~ones : value;
    }

    private String mac(long bits) {
        return new MacAddress(once(8) ? bits ^ 1 : bits).toString();
    }

    private static String masked(long bits, long mask) {
        return new MacAddress(bits & mask) + "/" + new MacAddress(mask);
    }

    private boolean once(int n) {
        return random.nextInt(n) == 0;
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
