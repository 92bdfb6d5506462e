// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A namespace for the switch and any number of pods, each joined to it by a veth pair: what the CNI plugin makes of a node, for
 * one test. IPv6 is off, so that no neighbour discovery disturbs a count.
 *
 * <p>Pod {@code n}, from 1, has {@code eth0} with the address {@code 10.5.0.n/24} and no transmit checksum offload; the switch's
 * end is {@code hn}.
 */
public final class TestPods implements AutoCloseable {

    /**
     * One pod.
     *
     * @param namespace its namespace
     * @param address its IPv4 address
     * @param hostLink the switch's end of its veth
     */
    public record Pod(NetNamespace namespace, InetAddress address, Link hostLink) {

        /** Runs code inside the pod. Sockets that it opens may be used outside afterwards. */
        public <T> T call(Callable<T> code) throws Exception {
            return namespace.call(code);
        }
    }

    private final TestNamespaces namespaces = new TestNamespaces();
    private final NetNamespace switchNamespace = namespaces.create();
    private final Netlink netlink = Netlink.open(switchNamespace);
    private int count;

    /** Makes the switch's namespace. */
    public TestPods() {
        withoutIpv6(switchNamespace);
    }

    /** The switch's namespace. */
    public NetNamespace switchNamespace() {
        return switchNamespace;
    }

    /** Interfaces of the switch's namespace. */
    public Netlink netlink() {
        return netlink;
    }

    /** Adds a pod whose link has an MTU of 1500. */
    public Pod add() throws Exception {
        return add(1500);
    }

    /** Adds a pod. */
    public Pod add(int mtuBytes) throws Exception {
        count++;
        NetNamespace namespace = namespaces.create();
        withoutIpv6(namespace);
        Link end = netlink.createVeth("h" + count, "eth0", namespace, mtuBytes, null);
        // This end first: the one that is switched on last can send at once, the other within a second.
        netlink.setUp(end.index());
        InetAddress address = address(count);
        try (Netlink inside = Netlink.open(namespace);
                Ethtool ethtool = Ethtool.open(namespace)) {
            Link eth0 = inside.require("eth0");
            ethtool.set("eth0", Ethtool.Feature.TX_CHECKSUM, false);
            inside.addAddress(eth0, address, 24);
            inside.setUp(eth0.index());
        }
        return new Pod(namespace, address, end);
    }

    @Override
    public void close() {
        netlink.close();
        namespaces.close();
    }

    private static void withoutIpv6(NetNamespace namespace) {
        namespace.supply(() -> {
            try {
                return Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static InetAddress address(int pod) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 5, 0, (byte) pod});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
