// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.packet.IpAddress;
import io.makas.flow.packet.MacAddress;

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
    FLAGS;

    static FieldNotation of(Field field) {
        return switch (field) {
            case ETH_DST, ETH_SRC, ARP_SHA, ARP_THA, ND_SLL, ND_TLL -> MAC;
            case IP_SRC, IP_DST, ARP_SPA, ARP_TPA, TUN_SRC, TUN_DST -> IPV4;
            case IPV6_SRC, IPV6_DST, ND_TARGET, TUN_IPV6_SRC, TUN_IPV6_DST -> IPV6;
            case IN_PORT -> PORT;
            case IP_FRAG -> FRAGMENT;
            case TCP_FLAGS, CT_STATE, TUN_FLAGS -> FLAGS;
            case ETH_TYPE, VLAN_TCI -> HEX16;
            case IP_PROTO, ARP_OP, VLAN_VID, VLAN_PCP, TCP_SRC, TCP_DST, UDP_SRC, UDP_DST, SCTP_SRC, SCTP_DST ->
                DECIMAL;
            case ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE, IP_TOS, IP_DSCP, IP_ECN, IP_TTL -> DECIMAL;
            case MPLS_LABEL, MPLS_TC, MPLS_BOS, MPLS_TTL, CT_ZONE -> DECIMAL;
            case TUN_TOS, TUN_TTL, ND_RESERVED, CONJ_ID -> DECIMAL;
            default -> HEX;
        };
    }

    /** Reads a value, or a value and a mask behind a slash; an asterisk is any value. */
    static MaskedValue read(Field field, Word word) throws FlowTextException {
        FieldNotation notation = of(field);
        if (word.is("*")) {
            return MaskedValue.masked(0, 0);
        }
        if (notation == FRAGMENT && FragmentNotation.isName(word)) {
            return FragmentNotation.read(word);
        }
        if (notation == FLAGS && FlagNotation.isNames(word)) {
            return FlagNotation.read(field, word);
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
        if (notation == FRAGMENT) {
            return FragmentNotation.text(value);
        }
        if (notation == FLAGS) {
            return FlagNotation.text(field, value);
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

    /** Reads a number of up to 128 bits; hexadecimal, if it has more than 64. */
    static MaskedValue wide(Word word) throws FlowTextException {
        String text = word.text();
        if (text.length() > 18 && (text.startsWith("0x") || text.startsWith("0X"))) {
            int split = text.length() - 16;
            int first = 2;
            while (first < split && text.charAt(first) == '0') {
                first++;
            }
            boolean isHex = split - first <= 16;
            for (int at = first; isHex && at < text.length(); at++) {
                isHex = text.charAt(at) < 0x80 && Character.digit(text.charAt(at), 16) >= 0;
            }
            if (!isHex) {
                throw word.expected("a number of up to 128 bits");
            }
            return MaskedValue.exact(
                    first == split ? 0 : Long.parseUnsignedLong(text, first, split, 16),
                    Long.parseUnsignedLong(text, split, text.length(), 16));
        }
        return MaskedValue.exact(0, word.number(Word.MAX_UNSIGNED));
    }

    /** Reads bits of a field that are meant as such: a number or an address. */
    static MaskedValue readBits(Field field, Word word) throws FlowTextException {
        MaskedValue bits = bitsOf(field).value(field, word);
        return new MaskedValue(bits.high(), bits.low(), bits.high(), bits.low());
    }

    /** Writes the mask of a value as {@link #readBits} reads it. */
    static String bitsText(Field field, MaskedValue value) {
        return bitsOf(field).text(field, value.maskHigh(), value.maskLow());
    }

    private static FieldNotation bitsOf(Field field) {
        return switch (of(field)) {
            case MAC -> MAC;
            case IPV4 -> IPV4;
            case IPV6 -> IPV6;
            case DECIMAL, HEX, HEX16, PORT, FRAGMENT, FLAGS -> HEX;
        };
    }

    private MaskedValue value(Field field, Word word) throws FlowTextException {
        if (word.isEmpty()) {
            throw word.expected("a value of " + field.text());
        }
        try {
            return switch (this) {
                case MAC -> MaskedValue.exact(field, mac(word.text()));
                case IPV4 -> MaskedValue.exact(field, ipv4(word.text()));
                case IPV6 -> MaskedValue.exact(IpAddress.ipv6High(word.text()), IpAddress.ipv6Low(word.text()));
                case PORT -> MaskedValue.exact(field, PortNotation.read(word) & 0xffff_ffffL);
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
            case PORT -> PortNotation.text((int) low);
            default ->
                field.widthBits() > 64 && high != 0
                        ? String.format("0x%x%016x", high, low)
                        : "0x" + Long.toHexString(low);
        };
    }

    /** Six groups of one or two hexadecimal digits. */
    private static long mac(String text) {
        long bits = 0;
        int groups = 0;
        int digits = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit >= 0 && digits < 2) {
                bits = digits == 0 ? bits << 8 | digit : bits & ~0xffL | (bits & 0xf) << 4 | digit;
                digits++;
            } else if (c == ':' && digits > 0 && groups < 5) {
                groups++;
                digits = 0;
            } else {
                return MacAddress.of(text).bits();
            }
        }
        return groups == 5 && digits > 0 ? bits : MacAddress.of(text).bits();
    }

    /** Four decimal numbers, the usual way; what is not that is asked of {@link IpAddress}. */
    private static long ipv4(String text) {
        long bits = 0;
        int value = 0;
        int groups = 0;
        int digits = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9' && digits < 3) {
                value = value * 10 + c - '0';
                digits++;
            } else if (c == '.' && digits > 0 && value < 256 && groups < 3) {
                bits = bits << 8 | value;
                value = 0;
                digits = 0;
                groups++;
            } else {
                return IpAddress.ipv4(text) & 0xffff_ffffL;
            }
        }
        boolean isWhole = groups == 3 && digits > 0 && value < 256;
        return isWhole ? bits << 8 | value : IpAddress.ipv4(text) & 0xffff_ffffL;
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
