// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The short words for protocols: {@code tcp} for {@code dl_type=0x0800,nw_proto=6}. Stateless. */
final class Protocols {

    /** No particular {@code ip_proto}. */
    static final int ANY_PROTO = -1;

    /** The word for a frame that begins with an Ethernet header, as every one here does. */
    static final String ETHERNET = "eth";

    /** A short word and what it stands for. */
    record Shorthand(String name, int ethType, int ipProto) {}

    private static final List<Shorthand> ALL = List.of(
            new Shorthand("tcp", 0x0800, 6),
            new Shorthand("udp", 0x0800, 17),
            new Shorthand("icmp", 0x0800, 1),
            new Shorthand("sctp", 0x0800, 132),
            new Shorthand("tcp6", 0x86dd, 6),
            new Shorthand("udp6", 0x86dd, 17),
            new Shorthand("icmp6", 0x86dd, 58),
            new Shorthand("sctp6", 0x86dd, 132),
            new Shorthand("ip", 0x0800, ANY_PROTO),
            new Shorthand("ipv6", 0x86dd, ANY_PROTO),
            new Shorthand("ip6", 0x86dd, ANY_PROTO),
            new Shorthand("ipv4", 0x0800, ANY_PROTO),
            new Shorthand("ip4", 0x0800, ANY_PROTO),
            new Shorthand("arp", 0x0806, ANY_PROTO),
            new Shorthand("rarp", 0x8035, ANY_PROTO),
            new Shorthand("mpls", 0x8847, ANY_PROTO),
            new Shorthand("mplsm", 0x8848, ANY_PROTO));

    private static final Map<String, Shorthand> BY_NAME = byName();

    private Protocols() {}

    /** What a word stands for, or null. */
    static Shorthand named(String name) {
        return BY_NAME.get(name);
    }

    /** The word for an Ethernet type and IP protocol, or null. */
    static Shorthand of(long ethType, long ipProto) {
        for (Shorthand shorthand : ALL) {
            if (shorthand.ethType == ethType && shorthand.ipProto == ipProto) {
                return shorthand;
            }
        }
        return null;
    }

    static List<String> names() {
        List<String> names = new ArrayList<>(BY_NAME.keySet());
        names.add(ETHERNET);
        return names;
    }

    private static Map<String, Shorthand> byName() {
        Map<String, Shorthand> names = new HashMap<>();
        ALL.forEach(shorthand -> names.put(shorthand.name, shorthand));
        return Map.copyOf(names);
    }
}
