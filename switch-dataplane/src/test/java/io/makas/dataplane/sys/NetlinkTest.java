// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.flow.packet.MacAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
final class NetlinkTest {

    private static final MacAddress MAC = MacAddress.of("02:00:0a:f4:00:07");

    private final TestNamespaces namespaces = new TestNamespaces();
    private NetNamespace hostNamespace;
    private NetNamespace podNamespace;
    private Netlink host;
    private Netlink pod;

    @BeforeEach
    void openBothNamespaces() {
        hostNamespace = namespaces.create();
        podNamespace = namespaces.create();
        host = Netlink.open(hostNamespace);
        pod = Netlink.open(podNamespace);
    }

    @AfterEach
    void removeNamespaces() {
        host.close();
        pod.close();
        namespaces.close();
    }

    @Test
    void shouldMoveVethPeerIntoNamespace() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1450, MAC);

        Link peer = pod.require("eth0");
        assertEquals("veth", end.kind());
        assertEquals(1450, end.mtuBytes());
        assertEquals(peer.index(), end.peerIndex());
        assertTrue(end.peerNamespaceId() >= 0, "the peer is in another namespace");
        assertEquals(MAC, peer.mac());
        assertEquals(1450, peer.mtuBytes());
        assertFalse(peer.up());
    }

    @Test
    void shouldReportCarrierOnceBothEndsAreUp() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);
        host.setUp(end.index());
        assertFalse(host.require("h0").carrier());

        pod.setUp(pod.require("eth0").index());

        assertTrue(host.require("h0").up());
        assertTrue(host.require("h0").carrier());
    }

    @Test
    void shouldDeleteBothEndsAndNotMindALinkThatIsGone() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);

        assertTrue(host.deleteLink(end.index()));

        assertFalse(host.deleteLink(end.index()));
        assertEquals(Optional.empty(), host.link("h0"));
        assertEquals(Optional.empty(), pod.link("eth0"));
    }

    @Test
    void shouldSayWhyAVethCannotBeMade() {
        host.createVeth("h0", "eth0", podNamespace, 1500, null);

        SysException taken =
                assertThrows(SysException.class, () -> host.createVeth("h0", "eth1", podNamespace, 1500, null));
        SysException tooLarge =
                assertThrows(SysException.class, () -> host.createVeth("h1", "eth1", podNamespace, 70_000, null));

        assertEquals(Errno.EEXIST, taken.errno());
        assertTrue(taken.getMessage().contains("h0"), taken.getMessage());
        assertTrue(tooLarge.getMessage().contains("70000"), tooLarge.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> host.createVeth("sixteen-letters-", "eth1", podNamespace, 1500, null));
    }

    @Test
    void shouldQuoteTheKernelsOwnWords() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);

        SysException e = assertThrows(SysException.class, () -> host.setMtu(end.index(), 70_000));

        assertTrue(e.getMessage().contains("the kernel says: mtu greater than device maximum"), e.getMessage());
    }

    @Test
    void shouldChangeNameAddressAndMtu() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);

        host.rename(end.index(), "h9");
        host.setMac(end.index(), MAC);
        host.setMtu(end.index(), 1400);

        Link changed = host.link(end.index()).orElseThrow();
        assertEquals("h9", changed.name());
        assertEquals(MAC, changed.mac());
        assertEquals(1400, changed.mtuBytes());
    }

    @Test
    void shouldMoveALinkToAnotherNamespace() {
        Link end = host.createVeth("h0", "h1", hostNamespace, 1500, null);

        host.move(end.index(), podNamespace);

        assertEquals(Optional.empty(), host.link("h0"));
        assertEquals("veth", pod.require("h0").kind());
    }

    @Test
    void shouldAddAndRemoveAddressesOfBothFamilies() throws Exception {
        Link eth0 = podLink();
        InetAddress four = InetAddress.getByName("10.244.0.7");
        InetAddress six = InetAddress.getByName("fd00:244::7");

        pod.addAddress(eth0, four, 24);
        pod.addAddress(eth0, six, 64);

        List<LinkAddress> addresses = pod.addresses(eth0);
        assertTrue(addresses.contains(new LinkAddress(eth0.index(), four, 24)), addresses.toString());
        assertTrue(addresses.contains(new LinkAddress(eth0.index(), six, 64)), addresses.toString());
        assertTrue(pod.deleteAddress(eth0, four, 24));
        assertFalse(pod.deleteAddress(eth0, four, 24));
    }

    @Test
    void shouldRouteByAGatewayThatNoAddressCovers() throws Exception {
        Link eth0 = podLink();
        pod.addAddress(eth0, InetAddress.getByName("10.244.0.7"), 32);
        InetAddress gateway = InetAddress.getByName("169.254.1.1");
        Route believed = Route.defaultVia(gateway, eth0.index()).believed();

        SysException e = assertThrows(SysException.class, () -> pod.addRoute(Route.defaultVia(gateway, eth0.index())));
        pod.addRoute(believed);

        assertEquals(Errno.ENETUNREACH, e.errno());
        assertTrue(pod.routes().contains(believed), pod.routes().toString());
        assertTrue(pod.deleteRoute(believed));
        assertFalse(pod.deleteRoute(believed));
    }

    @Test
    void shouldRouteByAGatewayOnTheLink() throws Exception {
        Link eth0 = podLink();
        InetAddress gateway = InetAddress.getByName("169.254.1.1");
        Route onLink = Route.onLink(gateway, 32, eth0.index());
        Route everywhere = Route.defaultVia(gateway, eth0.index());

        pod.addRoute(onLink);
        pod.addRoute(everywhere);
        pod.addNeighbor(eth0, gateway, MAC);

        assertTrue(
                pod.routes().containsAll(List.of(onLink, everywhere)),
                pod.routes().toString());
    }

    @Test
    void shouldTellWhatHappensToALink() {
        try (LinkMonitor monitor = LinkMonitor.open(hostNamespace)) {
            Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);
            host.setUp(end.index());
            host.deleteLink(end.index());
            List<LinkMonitor.Event> events = new ArrayList<>();

            monitor.take(events::add);

            assertTrue(
                    events.stream().anyMatch(e -> e instanceof LinkMonitor.Event.Changed(Link link) && link.up()),
                    events.toString());
            assertInstanceOf(LinkMonitor.Event.Removed.class, events.getLast());
        }
    }

    @Test
    void shouldServeManyThreadsWithOneSocket() throws Exception {
        host.createVeth("h0", "eth0", podNamespace, 1500, null);
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        assertEquals("h0", host.require("h0").name());
                        assertEquals(2, host.links().size());
                    }
                } catch (Throwable failure) {
                    failures.add(failure);
                }
            }));
        }

        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(List.of(), failures);
    }

    private Link podLink() {
        Link end = host.createVeth("h0", "eth0", podNamespace, 1500, null);
        host.setUp(end.index());
        Link eth0 = pod.require("eth0");
        pod.setUp(eth0.index());
        return eth0;
    }
}
