// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import io.makas.cni.Cidr;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import java.net.InetAddress;
import java.util.List;

/** What the routes of a result mean for a pod. */
final class PodRoutes {

    private PodRoutes() {}

    /** The next hop: the route's own, else the gateway of the first address of its family that has one, else null. */
    static InetAddress gateway(CniResult.Route route, List<CniResult.Ip> ips) {
        if (route.gateway() != null) {
            return route.gateway();
        }
        return ips.stream()
                .filter(ip -> ip.address().isIpv4() == route.destination().isIpv4() && ip.gateway() != null)
                .map(CniResult.Ip::gateway)
                .findFirst()
                .orElse(null);
    }

    /** Whether one of the addresses is on a subnet with the gateway. */
    static boolean isReached(InetAddress gateway, List<CniResult.Ip> ips) {
        return ips.stream().anyMatch(ip -> contains(ip.address(), gateway));
    }

    /** Refuses what cannot be set yet, by key and value, before anything is made of it. */
    static void refuseUnsupported(List<CniResult.Route> routes) throws CniError {
        for (CniResult.Route route : routes) {
            refuse(route, "mtu", route.mtuBytes());
            refuse(route, "advmss", route.advertisedMss());
            refuse(route, "priority", route.priority());
            refuse(route, "table", route.table());
            refuse(route, "scope", route.scope());
        }
    }

    private static boolean contains(Cidr subnet, InetAddress address) {
        byte[] a = subnet.address().getAddress();
        byte[] b = address.getAddress();
        if (a.length != b.length) {
            return false;
        }
        for (int bit = 0; bit < subnet.prefixLength(); bit++) {
            int mask = 0x80 >> (bit & 7);
            if (((a[bit >> 3] ^ b[bit >> 3]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static void refuse(CniResult.Route route, String key, int value) throws CniError {
        if (value != 0) {
            throw new CniError(
                    CniError.INVALID_CONFIG,
                    "route " + route.destination() + " asks for \"" + key + "\": " + value
                            + ", which is not supported");
        }
    }
}
