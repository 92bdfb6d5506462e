// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Interfaces, addresses and routes of one network namespace: what {@code ip link}, {@code ip address} and {@code ip route}
 * do, by rtnetlink.
 *
 * <p>The object is bound to the namespace in which it was opened ({@link #open(NetNamespace)}) and is then used from any
 * thread, one request at a time. Owner: the one who opened it.
 *
 * <p>Every method that changes something throws {@link SysException} with the kernel's own words when the kernel refuses.
 */
public final class Netlink implements AutoCloseable {

    /** Longest name of an interface: {@code IFNAMSIZ} of {@code linux/if.h} less its end mark. */
    public static final int MAX_NAME_LENGTH = 15;

    private final NetlinkSocket socket = new NetlinkSocket();

    private Netlink() {}

    /** Opens it for the namespace of the calling thread. */
    public static Netlink open() {
        return new Netlink();
    }

    /** Opens it for another namespace. */
    public static Netlink open(NetNamespace namespace) {
        return namespace.supply(Netlink::new);
    }

    /**
     * Makes a veth pair with one queue each way, the first end in this namespace and the second in another, both switched
     * off.
     *
     * @param hostName name of the end in this namespace
     * @param peerName name of the other end
     * @param peerNamespace where the other end goes
     * @param mtuBytes largest layer 3 packet, of both ends
     * @param peerMac Ethernet address of the other end, or null for a random one
     * @return the end in this namespace
     */
    public Link createVeth(
            String hostName, String peerName, NetNamespace peerNamespace, int mtuBytes, MacAddress peerMac) {
        checkName(hostName);
        checkName(peerName);
        socket.request(
                LinkMessages.createVeth(hostName, peerName, peerNamespace.fileDescriptor(), mtuBytes, peerMac),
                "creation of veth pair " + hostName + " and " + peerName + " in " + peerNamespace,
                errno -> switch (errno) {
                    case Errno.EEXIST -> "one of the two names is taken in its namespace";
                    case Errno.EOPNOTSUPP -> "the kernel module veth is missing";
                    case Errno.EPERM -> "it needs CAP_NET_ADMIN in both namespaces";
                    case Errno.EINVAL -> "an MTU is of 68 to 65535 bytes, " + mtuBytes + " was asked for";
                    default -> "";
                });
        return require(hostName);
    }

    /** Deletes an interface, and with a veth its peer. Returns false when it was gone already. */
    public boolean deleteLink(int index) {
        return changed(LinkMessages.delete(index), "deletion of interface " + index);
    }

    /** The interface of that name, if there is one. */
    public Optional<Link> link(String name) {
        checkName(name);
        return one(LinkMessages.get(name), "query of interface " + name);
    }

    /** The interface of that number, if there is one. */
    public Optional<Link> link(int index) {
        return one(LinkMessages.get(index), "query of interface " + index);
    }

    /** The interface of that name. Throws when there is none. */
    public Link require(String name) {
        return link(name)
                .orElseThrow(() -> new SysException(
                        "there is no interface '" + name + "' in this network namespace; see 'ip link'"));
    }

    /** All interfaces of the namespace. */
    public List<Link> links() {
        return socket.query(LinkMessages.getAll(), "query of all interfaces", LinkMessages::read);
    }

    /**
     * Switches an interface on. Of a veth, the end that is switched on last can send at once; the kernel may take a second to
     * wake the other end's queue, and drops what it sends until then. So switch on the pod's end last.
     */
    public void setUp(int index) {
        change(LinkMessages.setUp(index, true), "switching interface " + index + " on");
    }

    /** Switches an interface off. */
    public void setDown(int index) {
        change(LinkMessages.setUp(index, false), "switching interface " + index + " off");
    }

    /** Sets the largest layer 3 packet of an interface. */
    public void setMtu(int index, int mtuBytes) {
        change(LinkMessages.setMtu(index, mtuBytes), "setting MTU " + mtuBytes + " of interface " + index);
    }

    /** Sets the Ethernet address of an interface. */
    public void setMac(int index, MacAddress mac) {
        change(LinkMessages.setMac(index, mac), "setting address " + mac + " of interface " + index);
    }

    /** Notes something about an interface, up to 255 bytes, which {@code ip link} shows. */
    public void setAlias(int index, String alias) {
        change(
                LinkMessages.setAlias(index, alias.getBytes(StandardCharsets.UTF_8)),
                "noting '" + alias + "' on interface " + index);
    }

    /** Renames an interface. Older kernels than 6.2 want it switched off. */
    public void rename(int index, String name) {
        checkName(name);
        change(LinkMessages.rename(index, name), "renaming interface " + index + " to " + name);
    }

    /** Moves an interface to another namespace, where it arrives switched off and without addresses. */
    public void move(int index, NetNamespace namespace) {
        change(
                LinkMessages.moveTo(index, namespace.fileDescriptor()),
                "moving interface " + index + " to " + namespace);
    }

    /** Adds an address. An IPv6 one is usable at once, without duplicate address detection. */
    public void addAddress(Link link, InetAddress address, int prefixBits) {
        LinkAddress added = new LinkAddress(link.index(), address, prefixBits);
        change(AddressMessages.addAddress(added), "adding address " + added + " to " + link.name());
    }

    /** Removes an address. Returns false when it was not there. */
    public boolean deleteAddress(Link link, InetAddress address, int prefixBits) {
        LinkAddress removed = new LinkAddress(link.index(), address, prefixBits);
        return changed(AddressMessages.deleteAddress(removed), "removing address " + removed + " of " + link.name());
    }

    /** The addresses of an interface, IPv4 and IPv6, link-local ones included. */
    public List<LinkAddress> addresses(Link link) {
        return socket
                .query(AddressMessages.getAddresses(), "query of all addresses", AddressMessages::readAddress)
                .stream()
                .filter(address -> address.linkIndex() == link.index())
                .toList();
    }

    /** Adds a route to the main table. */
    public void addRoute(Route route) {
        change(AddressMessages.addRoute(route), "adding route " + route);
    }

    /** Removes a route. Returns false when it was not there. */
    public boolean deleteRoute(Route route) {
        return changed(AddressMessages.deleteRoute(route), "removing route " + route);
    }

    /** The routes of the main table that have one next hop. */
    public List<Route> routes() {
        return socket.query(AddressMessages.getRoutes(), "query of all routes", AddressMessages::readRoute).stream()
                .filter(Objects::nonNull)
                .toList();
    }

    /** Sets a neighbour for ever (no ARP, no neighbour discovery), replacing what was known of the address. */
    public void addNeighbor(Link link, InetAddress address, MacAddress mac) {
        change(
                AddressMessages.addNeighbor(link.index(), address, mac),
                "adding neighbour " + address.getHostAddress() + " at " + mac + " on " + link.name());
    }

    @Override
    public void close() {
        socket.close();
    }

    private Optional<Link> one(NetlinkMessage message, String what) {
        try {
            return socket.query(message, what, LinkMessages::read).stream().findFirst();
        } catch (SysException e) {
            if (e.errno() == Errno.ENODEV) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void change(NetlinkMessage message, String what) {
        socket.request(message, what, errno -> switch (errno) {
            case Errno.EPERM -> "it needs CAP_NET_ADMIN: run as root";
            case Errno.EEXIST -> "it is there already";
            case Errno.ENODEV -> "the interface is gone";
            case Errno.ENETUNREACH -> "the gateway is not on a network of this interface";
            default -> "";
        });
    }

    private boolean changed(NetlinkMessage message, String what) {
        try {
            change(message, what);
            return true;
        } catch (SysException e) {
            if (e.errno() == Errno.ENODEV || e.errno() == Errno.EADDRNOTAVAIL || e.errno() == Errno.ESRCH) {
                return false;
            }
            throw e;
        }
    }

    private static void checkName(String name) {
        if (!name.matches("[^\\s/:]{1," + MAX_NAME_LENGTH + "}") || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' is no name of an interface: 1 to " + MAX_NAME_LENGTH
                    + " characters without spaces, '/' and ':'");
        }
    }
}
