// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;

/**
 * A route of the main table.
 *
 * @param destination where to
 * @param prefixBits length of the destination's prefix; 0 is the default route
 * @param gateway next hop, or null when the destination is on the link itself
 * @param linkIndex interface to leave by
 * @param scope how far the destination is
 * @param onLink whether to believe that the gateway is on the link although no address says so, e.g. 169.254.1.1
 */
public record Route(
        InetAddress destination, int prefixBits, InetAddress gateway, int linkIndex, Scope scope, boolean onLink) {

    /** How far away a destination is: {@code rt_scope_t} of {@code linux/rtnetlink.h}. */
    public enum Scope {
        /** Anywhere: {@code RT_SCOPE_UNIVERSE}. */
        UNIVERSE(0),
        /** On the attached link: {@code RT_SCOPE_LINK}. */
        LINK(253),
        /** This host: {@code RT_SCOPE_HOST}. */
        HOST(254);

        private final int value;

        Scope(int value) {
            this.value = value;
        }

        int value() {
            return value;
        }

        static Scope of(int value) {
            return value >= HOST.value ? HOST : value == LINK.value ? LINK : UNIVERSE;
        }
    }

    /** Checks what the kernel would refuse without a reason. */
    public Route {
        Objects.requireNonNull(scope, "scope");
        int bits = 8 * destination.getAddress().length;
        if (prefixBits < 0 || prefixBits > bits) {
            throw new IllegalArgumentException(
                    "prefix " + prefixBits + " of " + destination.getHostAddress() + " is not of 0 to " + bits);
        }
        if (gateway != null && gateway.getClass() != destination.getClass()) {
            throw new IllegalArgumentException("destination " + destination.getHostAddress() + " and gateway "
                    + gateway.getHostAddress() + " are not of one family");
        }
    }

    /** A route to a network on the link itself. */
    public static Route onLink(InetAddress destination, int prefixBits, int linkIndex) {
        return new Route(destination, prefixBits, null, linkIndex, Scope.LINK, false);
    }

    /** A route to a network behind a gateway. */
    public static Route via(InetAddress destination, int prefixBits, InetAddress gateway, int linkIndex) {
        return new Route(destination, prefixBits, gateway, linkIndex, Scope.UNIVERSE, false);
    }

    /** The default route of the gateway's family. */
    public static Route defaultVia(InetAddress gateway, int linkIndex) {
        try {
            InetAddress any = InetAddress.getByAddress(new byte[gateway instanceof Inet6Address ? 16 : 4]);
            return via(any, 0, gateway, linkIndex);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    /** The same route, believed without an address on the gateway's network. */
    public Route believed() {
        return new Route(destination, prefixBits, gateway, linkIndex, scope, true);
    }

    @Override
    public String toString() {
        return destination.getHostAddress() + "/" + prefixBits
                + (gateway == null ? "" : " via " + gateway.getHostAddress()) + " on link " + linkIndex
                + " scope " + scope.name().toLowerCase(java.util.Locale.ROOT);
    }
}
