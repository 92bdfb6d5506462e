// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.flow.packet.MacAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some traffic of a NIC that the switch takes, while the NIC's host gets what no such entry names. In text, with the names of
 * {@code ovs-ofctl}:
 *
 * <table>
 * <caption>Forms</caption>
 * <tr><td>{@code dl_dst=02:00:00:00:00:01}</td><td>frames to this Ethernet address</td></tr>
 * <tr><td>{@code dl_vlan=100}</td><td>frames with this VLAN ID in the outer tag</td></tr>
 * <tr><td>{@code dl_type=0x88b5}</td><td>frames of this EtherType, behind one tag as well</td></tr>
 * <tr><td>{@code udp_dst=4789}</td><td>UDP to this port, over IPv4 or over IPv6 without extension headers</td></tr>
 * <tr><td>{@code udp_dst=4789,tun_id=7}</td><td>the same, of one VXLAN or Geneve network only</td></tr>
 * </table>
 *
 * <p>A fragment of an IPv4 packet other than its first shows no port: it goes to the host.
 *
 * @param key what the XDP program looks up: a kind in the top byte, the value below
 */
public record AfXdpTraffic(long key) {

    /** Entries of one port at most: {@code TRAFFIC} of {@code xsk_redirect.bpf.c}. */
    public static final int MAX_ENTRIES = 256;

    // The kinds of xsk_redirect.bpf.c.
    private static final int DL_DST = 1;
    private static final int DL_VLAN = 2;
    private static final int DL_TYPE = 3;
    private static final int UDP_DST = 4;
    private static final int TUNNEL = 5;

    private static final int KIND_SHIFT = 56;
    private static final int PORT_SHIFT = 24;
    private static final Pattern TUNNEL_FORM = Pattern.compile("udp_dst=(\\w+),tun_id=(\\w+)");
    private static final Pattern FORM = Pattern.compile("(dl_dst|dl_vlan|dl_type|udp_dst)=([\\w:]+)");

    /**
     * Reads an entry.
     *
     * @throws IllegalArgumentException when it is none, with what is wrong
     */
    public static AfXdpTraffic parse(String text) {
        Matcher tunnel = TUNNEL_FORM.matcher(text);
        if (tunnel.matches()) {
            long port = number(text, tunnel.group(1), 1, 0xffff);
            return of(TUNNEL, port << PORT_SHIFT | number(text, tunnel.group(2), 0, 0xffffff));
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "traffic '" + text + "' is none of dl_dst=MAC, dl_vlan=ID, dl_type=TYPE, "
                            + "udp_dst=PORT, and udp_dst=PORT,tun_id=VNI");
        }
        String value = form.group(2);
        return switch (form.group(1)) {
            case "dl_dst" -> of(DL_DST, mac(text, value));
            case "dl_vlan" -> of(DL_VLAN, number(text, value, 0, 4095));
            case "dl_type" -> of(DL_TYPE, number(text, value, 0x600, 0xffff));
            default -> of(UDP_DST, number(text, value, 1, 0xffff));
        };
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        long value = key & (1L << KIND_SHIFT) - 1;
        return switch ((int) (key >>> KIND_SHIFT)) {
            case DL_DST -> "dl_dst=" + new MacAddress(value);
            case DL_VLAN -> "dl_vlan=" + value;
            case DL_TYPE -> String.format("dl_type=0x%04x", value);
            case UDP_DST -> "udp_dst=" + value;
            default -> "udp_dst=" + (value >>> PORT_SHIFT) + ",tun_id=" + (value & (1 << PORT_SHIFT) - 1);
        };
    }

    private static AfXdpTraffic of(int kind, long value) {
        return new AfXdpTraffic((long) kind << KIND_SHIFT | value);
    }

    private static long mac(String text, String value) {
        try {
            return MacAddress.of(value).bits();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("traffic '" + text + "': " + e.getMessage(), e);
        }
    }

    private static long number(String text, String value, int from, int to) {
        boolean isHexadecimal = value.matches("0x[0-9a-fA-F]{1,8}");
        if (isHexadecimal || value.matches("[0-9]{1,9}")) {
            long number = isHexadecimal ? Long.parseLong(value.substring(2), 16) : Long.parseLong(value);
            if (number >= from && number <= to) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "traffic '" + text + "': '" + value + "' is not a number from " + from + " to " + to);
    }
}
