// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.IpAddress;
import io.makas.flow.packet.MacAddress;
import io.makas.flow.packet.Mpls;
import io.makas.flow.packet.Vlan;

/**
 * Writes the operations of an {@link ActionProgram} for people, in the form of Open vSwitch's "Datapath actions":
 * {@code push_vlan(vid=10,pcp=0),set(ipv4(dst=10.0.0.2)),set(tcp(dst=80)),3}. Stateless.
 */
final class Disassembler {

    private static final Field[] FIELDS = Field.values();

    private Disassembler() {}

    static String text(int[] code) {
        return text(code, 0, code.length);
    }

    private static String text(int[] code, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int at = from; at < to; at += ActionProgram.lengthAt(code, at)) {
            text.append(at == from ? "" : ",").append(operation(code, at));
        }
        return text.toString();
    }

    private static String operation(int[] code, int at) {
        return switch (code[at]) {
            case ActionProgram.OP_OUTPUT, ActionProgram.OP_OUTPUT_LAST -> Integer.toUnsignedString(code[at + 1]);
            case ActionProgram.OP_SET_FIELD, ActionProgram.OP_SET_FIELD_128 -> setField(code, at);
            case ActionProgram.OP_PUSH_VLAN -> pushVlan(code[at + 1], code[at + 2]);
            case ActionProgram.OP_POP_VLAN -> "pop_vlan";
            case ActionProgram.OP_DEC_TTL -> "dec_ttl";
            case ActionProgram.OP_CONTROLLER -> "controller(max_len=" + code[at + 1] + ",context=" + code[at + 2] + ")";
            case ActionProgram.OP_CLONE -> "clone(" + text(code, at + 2, at + 2 + code[at + 1]) + ")";
            case ActionProgram.OP_OUTPUT_TRUNCATED ->
                "trunc(" + code[at + 2] + ")," + Integer.toUnsignedString(code[at + 1]);
            case ActionProgram.OP_SET_QUEUE ->
                "set_queue("
                        + (code[at + 1] == ActionProgram.NO_QUEUE ? "default" : Integer.toUnsignedString(code[at + 1]))
                        + ")";
            case ActionProgram.OP_PUSH_MPLS -> pushMpls(code[at + 1], code[at + 2]);
            case ActionProgram.OP_POP_MPLS -> String.format("pop_mpls(eth_type=0x%x)", code[at + 1]);
            case ActionProgram.OP_DEC_MPLS_TTL -> "dec_mpls_ttl";
            case ActionProgram.OP_COPY_TTL_OUT -> "copy_ttl_out";
            case ActionProgram.OP_COPY_TTL_IN -> "copy_ttl_in";
            case ActionProgram.OP_METER -> "meter(" + code[at + 1] + ")";
            case ActionProgram.OP_SAMPLE -> "sample(" + code[at + 1] + ")";
            case ActionProgram.OP_RECIRCULATE -> recirculate(code[at + 1]);
            case ActionProgram.OP_RECIRCULATE_BY_LENGTH ->
                "check_pkt_len(size=" + code[at + 1] + ",gt(" + recirculate(code[at + 2]) + "),le("
                        + recirculate(code[at + 3]) + "))";
            default -> throw new IllegalArgumentException("no operation " + code[at] + " at " + at);
        };
    }

    private static String recirculate(int id) {
        return "recirc(0x" + Integer.toHexString(id) + ")";
    }

    private static String pushMpls(int type, int entry) {
        return String.format(
                "push_mpls(label=%d,tc=%d,ttl=%d,bos=%d,eth_type=0x%x)",
                entry >>> Mpls.LABEL_SHIFT,
                entry >>> Mpls.TRAFFIC_CLASS_SHIFT & 7,
                entry & Mpls.TTL_MASK,
                (entry & Mpls.BOTTOM_OF_STACK) == 0 ? 0 : 1,
                type);
    }

    private static String pushVlan(int tpid, int tci) {
        String type = tpid == Ethernet.TYPE_VLAN ? "" : String.format("tpid=0x%04x,", tpid);
        return "push_vlan(" + type + "vid=" + (tci & Vlan.VID_MASK) + ",pcp=" + (tci >>> Vlan.PCP_SHIFT) + ")";
    }

    private static String setField(int[] code, int at) {
        Field field = FIELDS[code[at + 1]];
        int longs = code[at] == ActionProgram.OP_SET_FIELD_128 ? 2 : 1;
        long high = join(code, at + 2);
        long low = join(code, at + 2 * longs);
        long maskHigh = join(code, at + 2 + 2 * longs);
        long maskLow = join(code, at + 4 * longs);
        boolean whole = longs == 2 ? (maskHigh & maskLow) == -1L : maskLow == field.ones();
        String value = number(field, high, low) + (whole ? "" : "/" + mask(field, maskHigh, maskLow));
        String place = place(field);
        return "set(" + place + "=" + value + (place.contains("(") ? "))" : ")");
    }

    /** Header and field, without the closing bracket. */
    private static String place(Field field) {
        return switch (field) {
            case ETH_DST -> "eth(dst";
            case ETH_SRC -> "eth(src";
            case VLAN_TCI -> "vlan(tci";
            case VLAN_VID -> "vlan(vid";
            case VLAN_PCP -> "vlan(pcp";
            case IP_SRC -> "ipv4(src";
            case IP_DST -> "ipv4(dst";
            case IP_TOS -> "ip(tos";
            case IP_DSCP -> "ip(dscp";
            case IP_ECN -> "ip(ecn";
            case IP_TTL -> "ip(ttl";
            case IPV6_SRC -> "ipv6(src";
            case IPV6_DST -> "ipv6(dst";
            case IPV6_LABEL -> "ipv6(label";
            case ARP_OP -> "arp(op";
            case ARP_SPA -> "arp(sip";
            case ARP_TPA -> "arp(tip";
            case ARP_SHA -> "arp(sha";
            case ARP_THA -> "arp(tha";
            case TCP_SRC -> "tcp(src";
            case TCP_DST -> "tcp(dst";
            case UDP_SRC -> "udp(src";
            case UDP_DST -> "udp(dst";
            case SCTP_SRC -> "sctp(src";
            case SCTP_DST -> "sctp(dst";
            case ICMP_TYPE -> "icmp(type";
            case ICMP_CODE -> "icmp(code";
            case ICMPV6_TYPE -> "icmpv6(type";
            case ICMPV6_CODE -> "icmpv6(code";
            case ND_RESERVED -> "nd(reserved";
            case ND_TARGET -> "nd(target";
            case ND_SLL -> "nd(sll";
            case ND_TLL -> "nd(tll";
            case MPLS_LABEL -> "mpls(label";
            case MPLS_TC -> "mpls(tc";
            case MPLS_BOS -> "mpls(bos";
            case MPLS_TTL -> "mpls(ttl";
            default -> field.text();
        };
    }

    private static String number(Field field, long high, long low) {
        return switch (field) {
            case IPV6_LABEL, IP_TOS, VLAN_TCI, ND_RESERVED -> "0x" + Long.toHexString(low);
            case VLAN_VID -> Long.toString(low & Vlan.VID_MASK);
            default -> isAddress(field) ? address(field, high, low) : Long.toUnsignedString(low);
        };
    }

    private static String mask(Field field, long high, long low) {
        return isAddress(field) ? address(field, high, low) : "0x" + Long.toHexString(low);
    }

    private static boolean isAddress(Field field) {
        return switch (field) {
            case IP_SRC, IP_DST, ARP_SPA, ARP_TPA -> true;
            default -> field.widthBits() == 48 || field.widthBits() == 128;
        };
    }

    private static String address(Field field, long high, long low) {
        return switch (field.widthBits()) {
            case 32 -> IpAddress.text((int) low);
            case 48 -> new MacAddress(low).toString();
            default -> IpAddress.text(high, low);
        };
    }

    private static long join(int[] code, int at) {
        return (long) code[at] << 32 | code[at + 1] & 0xffff_ffffL;
    }
}
