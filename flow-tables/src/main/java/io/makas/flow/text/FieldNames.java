// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The names of fields. Some older ones mean another field with each protocol: {@code tp_dst} is a TCP, UDP or SCTP port, or an
 * ICMP code; {@code nw_src} with ARP is the sender's address. Stateless.
 */
final class FieldNames {

    private static final Map<String, List<Field>> BY_NAME = byName();

    private FieldNames() {}

    /** All names that are read. */
    static Iterable<String> all() {
        return BY_NAME.keySet();
    }

    /**
     * The field that a name means, or null if there is none of this name.
     *
     * @param isAllowed whether a field means something in the match at hand; decides between fields of one name
     */
    static Field find(String name, Predicate<Field> isAllowed) {
        List<Field> fields = BY_NAME.get(name);
        if (fields == null) {
            return null;
        }
        for (Field field : fields) {
            if (isAllowed.test(field)) {
                return field;
            }
        }
        return fields.getFirst();
    }

    /** The name that a match is written with. */
    static String inMatch(Field field) {
        return switch (field) {
            case TCP_SRC, UDP_SRC, SCTP_SRC -> "tp_src";
            case TCP_DST, UDP_DST, SCTP_DST -> "tp_dst";
            case ICMPV6_TYPE -> "icmp_type";
            case ICMPV6_CODE -> "icmp_code";
            default -> field.text();
        };
    }

    /** The name that actions are written with: OpenFlow's, where it differs. */
    static String inAction(Field field) {
        return switch (field) {
            case ETH_SRC -> "eth_src";
            case ETH_DST -> "eth_dst";
            case IP_SRC -> "ip_src";
            case IP_DST -> "ip_dst";
            default -> field.text();
        };
    }

    private static Map<String, List<Field>> byName() {
        Map<String, List<Field>> names = new HashMap<>();
        for (Field field : Field.values()) {
            names.put(field.text(), List.of(field));
            for (String alias : field.aliases()) {
                names.put(alias, List.of(field));
            }
        }
        names.put("nw_src", List.of(Field.IP_SRC, Field.ARP_SPA));
        names.put("nw_dst", List.of(Field.IP_DST, Field.ARP_TPA));
        names.put("nw_proto", List.of(Field.IP_PROTO, Field.ARP_OP));
        names.put("icmp_type", List.of(Field.ICMP_TYPE, Field.ICMPV6_TYPE));
        names.put("icmp_code", List.of(Field.ICMP_CODE, Field.ICMPV6_CODE));
        names.put("tp_src", List.of(Field.TCP_SRC, Field.UDP_SRC, Field.SCTP_SRC, Field.ICMP_TYPE, Field.ICMPV6_TYPE));
        names.put("tp_dst", List.of(Field.TCP_DST, Field.UDP_DST, Field.SCTP_DST, Field.ICMP_CODE, Field.ICMPV6_CODE));
        return Map.copyOf(names);
    }
}
