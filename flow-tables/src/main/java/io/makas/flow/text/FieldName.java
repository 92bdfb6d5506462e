// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import java.util.List;
import java.util.function.Predicate;

/**
 * A name of a field. Some older ones mean another field with each protocol: {@code tp_dst} is a TCP, UDP or SCTP port, or an
 * ICMP code; {@code nw_src} with ARP is the sender's address.
 *
 * @param fields the fields that it can mean, the usual one first
 * @param kind how values stand for the field's
 * @param widthBits how many bits {@code NAME[]} are; fewer than the field has where Open vSwitch knows fewer
 */
record FieldName(List<Field> fields, Kind kind, int widthBits) {

    /** How values behind a name stand for the field's. */
    enum Kind {
        /** As they are. */
        PLAIN,
        /** A VLAN id of a tag that is there, 0xffff for no tag: {@code dl_vlan}. */
        VLAN_ID,
        /** The whole type-of-service byte, of which two bits are those of ECN and do not count: {@code nw_tos}. */
        TYPE_OF_SERVICE
    }

    /**
     * The field that is meant.
     *
     * @param isAllowed whether a field means something in the match at hand; decides between fields of one name
     */
    Field field(Predicate<Field> isAllowed) {
        if (fields.size() > 1) {
            for (Field field : fields) {
                if (isAllowed.test(field)) {
                    return field;
                }
            }
        }
        return fields.getFirst();
    }

    /** When a match reads it: what says which headers there are is read before what they hold. */
    int order() {
        return switch (fields.getFirst()) {
            case ETH_TYPE -> 0;
            case IP_PROTO -> 1;
            case ICMP_TYPE, ICMPV6_TYPE -> 2;
            default -> 3;
        };
    }
}
