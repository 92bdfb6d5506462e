// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.JsonObject;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What ADD answers (specification, section 5), whatever the version: {@link ResultJson} knows how each version writes it.
 *
 * @param interfaces interfaces made, those of the host included
 * @param ips addresses assigned
 * @param routes routes made in the container
 * @param dns what the container's resolver should use
 */
public record CniResult(List<Interface> interfaces, List<Ip> ips, List<Route> routes, Dns dns) {

    /** Copies the lists. */
    public CniResult {
        interfaces = List.copyOf(interfaces);
        ips = List.copyOf(ips);
        routes = List.copyOf(routes);
    }

    /**
     * A network interface.
     *
     * @param name its name
     * @param mac Ethernet address, or empty
     * @param mtuBytes MTU, or 0 when unknown
     * @param sandbox path of its network namespace, or empty on the host
     * @param socketPath absolute path of its socket (vhost-user), or empty
     * @param pciId its PCI device, or empty
     */
    public record Interface(String name, String mac, int mtuBytes, String sandbox, String socketPath, String pciId) {

        /** A kernel interface. */
        public static Interface of(String name, String mac, int mtuBytes, String sandbox) {
            return new Interface(name, mac, mtuBytes, sandbox, "", "");
        }
    }

    /**
     * An address.
     *
     * @param address with the length of its subnet's prefix
     * @param gateway default gateway of the subnet, or null
     * @param interfaceIndex index into {@link CniResult#interfaces}, or −1
     */
    public record Ip(Cidr address, InetAddress gateway, int interfaceIndex) {

        /** The same address on another interface. */
        public Ip on(int index) {
            return new Ip(address, gateway, index);
        }
    }

    /**
     * A route.
     *
     * @param destination subnet
     * @param gateway next hop, or null: the gateway of an address of the same family
     * @param mtuBytes MTU of the path, or 0
     * @param advertisedMss TCP segment size to advertise, or 0
     * @param priority the lower the better, or 0
     * @param table routing table, or 0 for the main one
     * @param scope 0 global, 253 link, 254 host
     */
    public record Route(
            Cidr destination,
            InetAddress gateway,
            int mtuBytes,
            int advertisedMss,
            int priority,
            int table,
            int scope) {

        /** A route with nothing but a destination and perhaps a gateway. */
        public static Route of(Cidr destination, InetAddress gateway) {
            return new Route(destination, gateway, 0, 0, 0, 0, 0);
        }
    }

    /**
     * Name resolution.
     *
     * @param nameservers addresses, best first
     * @param domain local domain, or empty
     * @param search domains to search, best first
     * @param options options of the resolver
     */
    public record Dns(List<String> nameservers, String domain, List<String> search, List<String> options) {

        /** Nothing said. */
        public static final Dns NONE = new Dns(List.of(), "", List.of(), List.of());

        /** Copies the lists. */
        public Dns {
            nameservers = List.copyOf(nameservers);
            search = List.copyOf(search);
            options = List.copyOf(options);
        }

        /** Whether nothing is said. */
        public boolean isEmpty() {
            return equals(NONE);
        }
    }

    /** A result with nothing in it. */
    public static final CniResult EMPTY = new CniResult(List.of(), List.of(), List.of(), Dns.NONE);

    /**
     * Reads a result of any supported version.
     *
     * @param what whose result it is, for the error
     */
    public static CniResult parse(JsonObject json, String what) throws CniError {
        return ResultJson.parse(json, what);
    }

    /** The result as the version writes it. */
    public JsonObject toJson(CniVersion version) {
        return ResultJson.write(this, version);
    }

    /** This result and what another plugin added after it; the interface numbers of the later are moved up. */
    public CniResult and(CniResult later) {
        List<Ip> allIps = new ArrayList<>(ips);
        for (Ip ip : later.ips) {
            allIps.add(ip.interfaceIndex() < 0 ? ip : ip.on(ip.interfaceIndex() + interfaces.size()));
        }
        return new CniResult(
                Stream.concat(interfaces.stream(), later.interfaces.stream()).toList(),
                allIps,
                Stream.concat(routes.stream(), later.routes.stream()).toList(),
                later.dns.isEmpty() ? dns : later.dns);
    }
}
