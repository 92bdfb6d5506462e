// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * An IP address with the length of its subnet's prefix, e.g. {@code 10.1.0.5/16}.
 *
 * @param address the whole address, host bits included
 * @param prefixLength 0 to 32, or 0 to 128
 */
public record Cidr(InetAddress address, int prefixLength) {

    private static final int IPV6_GROUPS = 8;

    /** Checks the prefix length. */
    public Cidr {
        if (prefixLength < 0 || prefixLength > 8 * address.getAddress().length) {
            throw new IllegalArgumentException("prefix length " + prefixLength + " does not suit " + text(address));
        }
    }

    /** Reads {@code ADDRESS/LENGTH}; no name is ever looked up. */
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        String length = text.substring(slash + 1);
        if (slash < 1 || !length.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("'" + text + "' is not an address with a prefix length");
        }
        return new Cidr(addressOf(text.substring(0, slash)), Integer.parseInt(length));
    }

    /** Reads an address; no name is ever looked up. */
    public static InetAddress addressOf(String text) {
        boolean dottedQuad = text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
        if (!dottedQuad && (!text.contains(":") || text.contains("%") || text.contains("["))) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address");
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not an IP address", e);
        }
    }

    /** Whether the address is of IPv4. */
    public boolean isIpv4() {
        return address instanceof Inet4Address;
    }

    /** An address as everybody else writes it: IPv6 shortened by RFC 5952. */
    public static String text(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[IPV6_GROUPS];
        for (int i = 0; i < IPV6_GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int zerosAt = 0;
        int zeros = 0;
        for (int from = 0; from < IPV6_GROUPS; from++) {
            int to = from;
            while (to < IPV6_GROUPS && groups[to] == 0) {
                to++;
            }
            if (to - from > zeros) {
                zerosAt = from;
                zeros = to - from;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < IPV6_GROUPS; i++) {
            if (zeros > 1 && i == zerosAt) {
                text.append("::");
                i += zeros - 1;
            } else {
                boolean first = text.isEmpty() || text.charAt(text.length() - 1) == ':';
                text.append(first ? "" : ":").append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        return text(address) + "/" + prefixLength;
    }
}
