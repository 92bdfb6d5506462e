// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** Writes matches as {@code ovs-ofctl dump-flows} does. Stateless. */
final class MatchWriter {

    /** The fields that are written before the protocol, in order. */
    private static final List<Field> FIRST = List.of(
            Field.PKT_MARK,
            Field.RECIRC_ID,
            Field.CONJ_ID,
            Field.CT_STATE,
            Field.CT_ZONE,
            Field.CT_MARK,
            Field.CT_LABEL);

    /** The fields that are written after the protocol, in order. */
    private static final List<Field> THEN = then();

    private static final long VID_AND_PRESENT = 0x1fff;

    private MatchWriter() {}

    /** The items of a match, without a comma at either end; empty for every packet. */
    static String text(Match match) {
        long[] value = match.valueWords();
        long[] mask = match.mask().toWords();
        long[] rest = mask.clone();
        List<String> items = new ArrayList<>();
        writeFields(items, FIRST, value, mask, rest);
        writeProtocol(items, value, mask, rest);
        writeFields(items, THEN, value, mask, rest);
        for (int word = 0; word < KeyLayout.WORDS; word++) {
            // Bits that no field of such a packet has: only in megaflows.
            if (rest[word] != 0) {
                items.add(String.format("key[%d]=0x%x/0x%x", word, value[word] & rest[word], rest[word]));
            }
        }
        return String.join(",", items);
    }

    private static void writeFields(List<String> items, List<Field> fields, long[] value, long[] mask, long[] rest) {
        for (Field field : fields) {
            if (field == Field.VLAN_TCI) {
                writeVlan(items, value, mask, rest);
                continue;
            }
            boolean isWide = field.widthBits() > 64;
            if (rest[field.word()] == 0 && !(isWide && rest[field.word() + 1] != 0)) {
                continue;
            }
            MaskedValue bits = MaskedValue.of(field, value, rest);
            if (!bits.isEmpty() && field.prerequisite().isMet(value, mask)) {
                items.add(item(field, bits));
                clear(field, rest);
            }
        }
    }

    private static String item(Field field, MaskedValue bits) {
        if (field == Field.IP_DSCP && bits.isExact(field)) {
            return "nw_tos=" + (bits.low() << 2);
        }
        if (field == Field.IPV6_LABEL && bits.isExact(field)) {
            return String.format("ipv6_label=0x%05x", bits.low());
        }
        return FieldNames.inMatch(field) + "=" + FieldNotation.text(field, bits);
    }

    private static void writeProtocol(List<String> items, long[] value, long[] mask, long[] rest) {
        if (Field.ETH_TYPE.in(mask) != Field.ETH_TYPE.ones()) {
            return;
        }
        long type = Field.ETH_TYPE.in(value);
        boolean hasProto = Field.IP_PROTO.in(mask) == Field.IP_PROTO.ones();
        Protocols.Shorthand both = hasProto ? Protocols.of(type, Field.IP_PROTO.in(value)) : null;
        Protocols.Shorthand one = both != null ? both : Protocols.of(type, Protocols.ANY_PROTO);
        if (one != null) {
            items.add(one.name());
            clear(Field.ETH_TYPE, rest);
        }
        if (both != null) {
            clear(Field.IP_PROTO, rest);
        }
    }

    private static void writeVlan(List<String> items, long[] value, long[] mask, long[] rest) {
        long tci = Field.VLAN_TCI.in(value) & Field.VLAN_TCI.in(mask);
        long bits = Field.VLAN_TCI.in(mask);
        if (bits == 0) {
            return;
        }
        boolean isTagged = (tci & Match.VLAN_PRESENT) != 0;
        boolean hasVid = (bits & VID_AND_PRESENT) == VID_AND_PRESENT;
        boolean hasPcp = Field.VLAN_PCP.in(mask) == Field.VLAN_PCP.ones();
        boolean hasPresentOnly = (bits & VID_AND_PRESENT) == Match.VLAN_PRESENT;
        boolean isVidAndPcp = isTagged && (hasVid || hasPresentOnly && hasPcp) && (hasPcp || bits == VID_AND_PRESENT);
        if (isVidAndPcp) {
            if (hasVid) {
                items.add("dl_vlan=" + (tci & VID_AND_PRESENT - Match.VLAN_PRESENT));
            }
            if (hasPcp) {
                items.add("dl_vlan_pcp=" + Field.VLAN_PCP.in(value));
            }
        } else {
            items.add("vlan_tci=" + FieldNotation.text(Field.VLAN_TCI, MaskedValue.masked(tci, bits)));
        }
        clear(Field.VLAN_TCI, rest);
    }

    private static void clear(Field field, long[] rest) {
        if (field.widthBits() > 64) {
            rest[field.word()] = 0;
            rest[field.word() + 1] = 0;
        } else {
            rest[field.word()] &= ~field.wordMask();
        }
    }

    private static List<Field> then() {
        List<Field> order = new ArrayList<>();
        for (Field field : Field.values()) {
            if (field.name().startsWith("REG")) {
                order.add(field);
            }
        }
        for (Field field : Field.values()) {
            if (field.name().startsWith("TUN_")) {
                order.add(field);
            }
        }
        order.addAll(List.of(Field.METADATA, Field.IN_PORT, Field.VLAN_TCI));
        order.addAll(List.of(Field.ETH_SRC, Field.ETH_DST, Field.ETH_TYPE));
        order.addAll(List.of(Field.IPV6_SRC, Field.IPV6_DST, Field.IPV6_LABEL));
        order.addAll(List.of(Field.ARP_SPA, Field.ARP_TPA, Field.IP_SRC, Field.IP_DST));
        order.addAll(List.of(Field.ARP_OP, Field.IP_PROTO, Field.ARP_SHA, Field.ARP_THA));
        order.addAll(List.of(Field.IP_DSCP, Field.IP_ECN, Field.IP_TTL));
        order.addAll(List.of(Field.MPLS_LABEL, Field.MPLS_TC, Field.MPLS_TTL, Field.MPLS_BOS, Field.IP_FRAG));
        order.addAll(List.of(Field.ICMP_TYPE, Field.ICMP_CODE, Field.ICMPV6_TYPE, Field.ICMPV6_CODE));
        order.addAll(List.of(Field.ND_TARGET, Field.ND_SLL, Field.ND_TLL, Field.ND_RESERVED));
        EnumSet<Field> rest = EnumSet.allOf(Field.class);
        rest.removeAll(order);
        rest.removeAll(FIRST);
        rest.removeIf(Field::isView);
        rest.removeAll(List.of(Field.VLAN_VID, Field.VLAN_PCP));
        order.addAll(rest);
        return List.copyOf(order);
    }
}
