// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.packet.IpAddress;
import io.makas.flow.packet.MacAddress;
import java.util.List;

/** How values of a field are written: as numbers, addresses or words. Reads and writes them. */
enum FieldNotation {
    DECIMAL,
    HEX,
    HEX16,
    MAC,
    IPV4,
    IPV6,
    PORT,
    FRAGMENT,
    TCP_FLAGS,
    CT_STATE;

    private static final List<String> TCP_FLAG_NAMES =
            List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "0x200", "0x400", "0x800");
    private static final List<String> CT_STATE_NAMES =
            List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");

    static FieldNotation of(Field field) {
        return switch (field) {
            case ETH_DST, ETH_SRC, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> MAC;
            case IP_SRC, IP_DST, ARP_SPA, ARP_TPA, TUN_SRC, TUN_DST -> IPV4;
            case IPV6_SRC, IPV6_DST, ND_TARGET, TUN_IPV6_SRC, TUN_IPV6_DST -> IPV6;
            case IN_PORT -> PORT;
            case IP_FRAG -> FRAGMENT;
            case TCP_FLAGS -> TCP_FLAGS;
            case CT_STATE -> CT_STATE;
            case ETH_TYPE, VLAN_TCI -> HEX16;
            case IP_PROTO, ARP_OP, VLAN_VID, VLAN_PCP, TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST ->
                DECIMAL;
            case ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE, IP_TOS, IP_DSCP, IP_ECN, IP_TTL -> DECIMAL;
            case MPLS_LABEL, MPLS_TC, MPLS_BOS, MPLS_TTL, CT_ZONE -> DECIMAL;
            default -> HEX;
        };
    }

    /** Reads a value, or a value and a mask behind a slash. */
    static MaskedValue read(Field field, Word word) throws FlowTextException {
        FieldNotation notation = of(field);
        if (notation == FRAGMENT) {
            return fragment(word);
        }
        if (notation == TCP_FLAGS || notation == CT_STATE) {
            List<String> names = notation == TCP_FLAGS ? TCP_FLAG_NAMES : CT_STATE_NAMES;
            if (!word.isEmpty() && !Character.isDigit(word.text().charAt(0))) {
                return flags(field, word, names);
            }
        }
        Word value = word.before('/');
        Word mask = word.after('/');
        MaskedValue exact = notation.value(field, value);
        if (mask == null) {
            return exact;
        }
        MaskedValue masked = notation.masked(field, exact, mask);
        if (masked.hasStrayBits() && (notation == IPV4 || notation == IPV6)) {
            // As everywhere with addresses, 10.0.0.7/24 means 10.0.0.0/24.
            return new MaskedValue(
                    masked.high() & masked.maskHigh(),
                    masked.low() & masked.maskLow(),
                    masked.maskHigh(),
                    masked.maskLow());
        }
        return masked;
    }

    /** Writes a value; a slash and the mask behind it, if some bits do not count. */
    static String text(Field field, MaskedValue value) {
        FieldNotation notation = of(field);
        if (notation == FRAGMENT && fragmentText(value) != null) {
            return fragmentText(value);
        }
        if ((notation == TCP_FLAGS || notation == CT_STATE) && !value.isExact(field)) {
            return flagsText(value, notation == TCP_FLAGS ? TCP_FLAG_NAMES : CT_STATE_NAMES);
        }
        if (value.isExact(field)) {
            return notation.text(field, value.high(), value.low());
        }
        int prefix = prefixLength(field, value);
        if ((notation == IPV4 || notation == IPV6) && prefix >= 0) {
            return notation.text(field, value.high(), value.low()) + "/" + prefix;
        }
        FieldNotation masked = notation == DECIMAL || notation == PORT ? HEX : notation;
        return masked.text(field, value.high(), value.low()) + "/"
                + masked.text(field, value.maskHigh(), value.maskLow());
    }

    private MaskedValue value(Field field, Word word) throws FlowTextException {
        if (word.isEmpty()) {
            throw word.expected("a value of " + field.text());
        }
        try {
            return switch (this) {
                case MAC -> MaskedValue.exact(field, MacAddress.of(word.text()).bits());
                case IPV4 -> MaskedValue.exact(field, IpAddress.ipv4(word.text()) & 0xffff_ffffL);
                case IPV6 -> MaskedValue.exact(IpAddress.ipv6High(word.text()), IpAddress.ipv6Low(word.text()));
                case PORT -> MaskedValue.exact(field, port(word));
                default -> field.widthBits() > 64 ? wide(word) : MaskedValue.exact(field, word.number(field.ones()));
            };
        } catch (IllegalArgumentException e) {
            throw word.error(field.text() + ": " + e.getMessage());
        }
    }

    private MaskedValue masked(Field field, MaskedValue value, Word mask) throws FlowTextException {
        boolean isAddress = this == IPV4 || this == IPV6;
        if (isAddress && mask.text().indexOf(this == IPV4 ? '.' : ':') < 0) {
            int bits = mask.number(field.widthBits());
            return MaskedValue.prefix(field, value.high(), value.low(), bits);
        }
        MaskedValue bits = (this == PORT ? HEX : this).value(field, mask);
        return new MaskedValue(value.high(), value.low(), bits.high(), bits.low());
    }

    private String text(Field field, long high, long low) {
        return switch (this) {
            case MAC -> new MacAddress(low).toString();
            case IPV4 -> IpAddress.text((int) low);
            case IPV6 -> IpAddress.text(high, low);
            case HEX16 -> String.format("0x%04x", low);
            case DECIMAL -> Long.toUnsignedString(low);
            case PORT -> (int) low == ReservedPort.LOCAL.number() ? "LOCAL" : Long.toString(low);
            default ->
                field.widthBits() > 64 && high != 0
                        ? String.format("0x%x%016x", high, low)
                        : "0x" + Long.toHexString(low);
        };
    }

    private static long port(Word word) throws FlowTextException {
        return word.text().equalsIgnoreCase("LOCAL")
                ? ReservedPort.LOCAL.number() & 0xffff_ffffL
                : word.number(0xffff_ffffL);
    }

    private static MaskedValue wide(Word word) throws FlowTextException {
        String text = word.text();
        if (text.startsWith("0x") && text.length() > 18 && text.length() <= 34) {
            int split = text.length() - 16;
            return MaskedValue.exact(
                    new Word("0x" + text.substring(2, split), word.line(), word.column()).number(Word.MAX_UNSIGNED),
                    new Word("0x" + text.substring(split), word.line(), word.column()).number(Word.MAX_UNSIGNED));
        }
        return MaskedValue.exact(0, word.number(Word.MAX_UNSIGNED));
    }

    private static MaskedValue fragment(Word word) throws FlowTextException {
        return switch (word.text()) {
            case "no" -> MaskedValue.masked(0, 3);
            case "yes" -> MaskedValue.masked(1, 1);
            case "first" -> MaskedValue.masked(1, 3);
            case "later" -> MaskedValue.masked(3, 3);
            case "not_later" -> MaskedValue.masked(0, 2);
            default -> throw word.expected("no, yes, first, later or not_later");
        };
    }

    private static String fragmentText(MaskedValue value) {
        return switch ((int) (value.maskLow() << 2 | value.low())) {
            case 0b1100 -> "no";
            case 0b0101 -> "yes";
            case 0b1101 -> "first";
            case 0b1111, 0b1010 -> "later";
            case 0b1000 -> "not_later";
            default -> null;
        };
    }

    private static MaskedValue flags(Field field, Word word, List<String> names) throws FlowTextException {
        long value = 0;
        long mask = 0;
        String text = word.text();
        int at = 0;
        while (at < text.length()) {
            char sign = text.charAt(at);
            if (sign != '+' && sign != '-') {
                throw word.from(at).expected("flags, each behind + (set) or - (not set), such as +" + names.get(1));
            }
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '+' && text.charAt(end) != '-') {
                end++;
            }
            Word name = word.part(at + 1, end);
            int bit = names.indexOf(name.text());
            if (bit < 0) {
                throw name.unknown("flag of " + field.text(), names);
            }
            mask |= 1L << bit;
            value |= sign == '+' ? 1L << bit : 0;
            at = end;
        }
        return MaskedValue.masked(value, mask);
    }

    private static String flagsText(MaskedValue value, List<String> names) {
        if (value.maskLow() >>> names.size() != 0) {
            return "0x" + Long.toHexString(value.low()) + "/0x" + Long.toHexString(value.maskLow());
        }
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < names.size(); bit++) {
            if ((value.maskLow() >>> bit & 1) != 0) {
                text.append((value.low() >>> bit & 1) != 0 ? '+' : '-').append(names.get(bit));
            }
        }
        return text.toString();
    }

    /** The number of leading ones of a mask that has zeros behind them only; -1 for other masks. */
    private static int prefixLength(Field field, MaskedValue value) {
        int bits = field.widthBits() > 64
                ? Long.bitCount(value.maskHigh()) + Long.bitCount(value.maskLow())
                : Long.bitCount(value.maskLow());
        MaskedValue prefix = MaskedValue.prefix(field, -1, -1, bits);
        return prefix.maskHigh() == value.maskHigh() && prefix.maskLow() == value.maskLow() ? bits : -1;
    }
}
