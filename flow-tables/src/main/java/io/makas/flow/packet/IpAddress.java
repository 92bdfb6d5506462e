// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * IP addresses as numbers and as text, for the control side: IPv4 is an {@code int}, IPv6 two {@code long}s.
 *
 * <p>Reads literals only, never asks a name server. Writes IPv6 in the form of RFC 5952.
 */
public final class IpAddress {

    private IpAddress() {}

    /**
     * Reads an IPv4 address.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static int ipv4(String text) {
        // Java also reads "10.1" and "1", which nobody means here.
        if (text.chars().filter(c -> c == '.').count() != 3 || !(literal(text) instanceof Inet4Address address)) {
            throw new IllegalArgumentException("'" + text + "' is no IPv4 address such as 10.244.0.7");
        }
        return ByteBuffer.wrap(address.getAddress()).getInt();
    }

    /**
     * Reads an IPv6 address, and gives its high half.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static long ipv6High(String text) {
        return ByteBuffer.wrap(ipv6(text)).getLong();
    }

    /**
     * Reads an IPv6 address, and gives its low half.
     *
     * @throws IllegalArgumentException if the text is not one
     */
    public static long ipv6Low(String text) {
        return ByteBuffer.wrap(ipv6(text)).getLong(8);
    }

    /** An IPv4 address as text. */
    public static String text(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xff) + "." + (address >>> 8 & 0xff) + "." + (address & 0xff);
    }

    /** An IPv6 address as text: lower case, the longest row of two or more zero groups left out (RFC 5952 §4). */
    public static String text(long high, long low) {
        if (high == 0 && low >>> 32 == 0xffff) {
            return "::ffff:" + text((int) low);
        }
        int[] groups = new int[8];
        for (int at = 0; at < 8; at++) {
            groups[at] = (int) ((at < 4 ? high : low) >>> 16 * (3 - at % 4)) & 0xffff;
        }
        int gap = 0;
        int gapLength = 1;
        for (int start = 0; start < 8; start++) {
            int end = start;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - start > gapLength) {
                gap = start;
                gapLength = end - start;
            }
        }
        return gapLength == 1 ? join(groups, 0, 8) : join(groups, 0, gap) + "::" + join(groups, gap + gapLength, 8);
    }

    private static String join(int[] groups, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int at = from; at < to; at++) {
            text.append(at == from ? "" : ":").append(Integer.toHexString(groups[at]));
        }
        return text.toString();
    }

    private static byte[] ipv6(String text) {
        if (!text.contains(":")) {
            throw new IllegalArgumentException("'" + text + "' is no IPv6 address such as fd00::7");
        }
        InetAddress address = literal(text);
        if (address instanceof Inet6Address ipv6 && ipv6.getScopeId() == 0) {
            return ipv6.getAddress();
        }
        if (address instanceof Inet4Address ipv4) {
            // Java turns ::ffff:10.0.0.1 into the IPv4 address.
            return ByteBuffer.allocate(16)
                    .putInt(8, 0xffff)
                    .put(12, ipv4.getAddress())
                    .array();
        }
        throw new IllegalArgumentException("'" + text + "' is no IPv6 address such as fd00::7");
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
