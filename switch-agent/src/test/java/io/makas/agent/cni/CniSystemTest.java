// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import io.makas.agent.cni.Node.Pod;
import io.makas.cni.Attachment;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.cni.runtime.Container;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers wired for real, by executing the launcher as a runtime does. */
@RequiresRoot
@RequiresCommand(
        value = {"/usr/lib/cni/host-local"},
        debianPackage = "containernetworking-plugins")
@Timeout(60)
class CniSystemTest {

    private Node node;

    @BeforeEach
    void start() throws Exception {
        node = new Node();
        node.flow("priority=0,actions=FLOOD");
    }

    @AfterEach
    void stop() throws Exception {
        node.close();
    }

    @Test
    void shouldLetTwoPodsTalkThroughTheSwitch() throws Exception {
        Pod first = node.attach();
        Pod second = node.attach();

        assertTrue(first.pings(address(second)));
        assertTrue(second.pings(address(first)));
        assertStreams(first, second);
        node.flow("priority=10,icmp,actions=drop");
        assertFalse(first.pings(address(second)));
    }

    @Test
    void shouldDescribeWhatItMade() throws Exception {
        Pod pod = node.pod();

        CniResult result = node.runtime().add(pod.container());

        String hostName = hostName(pod);
        assertEquals(hostName, result.interfaces().get(0).name());
        assertEquals("eth0", result.interfaces().get(1).name());
        assertEquals(pod.namespace().name(), result.interfaces().get(1).sandbox());
        assertEquals("10.244.0.2/24", result.ips().getFirst().address().toString());
        try (Netlink host = Netlink.open();
                Netlink inside = Netlink.open(pod.namespace());
                Ethtool ethtool = Ethtool.open(pod.namespace())) {
            Link hostEnd = host.require(hostName);
            assertEquals(result.interfaces().get(0).mac(), hostEnd.mac().toString());
            assertTrue(hostEnd.alias().endsWith(" makas " + pod.container().attachment() + " port 1"), hostEnd.alias());
            Link podEnd = inside.require("eth0");
            assertEquals(result.interfaces().get(1).mac(), podEnd.mac().toString());
            assertEquals(1_500, podEnd.mtuBytes());
            assertTrue(podEnd.up() && podEnd.carrier());
            assertFalse(ethtool.isOn("eth0", Ethtool.Feature.TX_CHECKSUM));
            assertFalse(ethtool.isOn("eth0", Ethtool.Feature.TCP_SEGMENTATION));
        }
        assertEquals(1, node.datapath().ports().getFirst().number());
        assertEquals(hostName, node.datapath().ports().getFirst().config().name());
    }

    @Test
    void shouldLeaveNothingAfterDeletingTwice() throws Exception {
        Pod pod = node.attach();
        assertEquals(3, node.belongings().size(), node.belongings().toString());

        node.runtime().del(pod.container());
        assertEquals(List.of(), node.belongings());
        node.runtime().del(pod.container());
        node.runtime()
                .del(new Container(
                        pod.container().id(),
                        Path.of(""),
                        "eth0",
                        pod.container().args(),
                        pod.container().capabilities()));

        assertEquals(List.of(), node.belongings());
        try (Netlink inside = Netlink.open(pod.namespace())) {
            assertTrue(inside.link("eth0").isEmpty());
        }
    }

    @Test
    void shouldDeleteAPodWhoseNamespaceIsGone() throws Exception {
        Pod pod = node.attach();
        pod.namespace().close();
        NetNamespace.delete(Path.of(pod.namespace().name()).getFileName().toString());

        node.runtime().del(pod.container());

        assertEquals(List.of(), node.belongings());
    }

    @Test
    void shouldFindInCheckWhatSomebodyChanged() throws Exception {
        plugin("\"routes\": [{\"dst\": \"0.0.0.0/0\"}]");
        Pod pod = node.attach();
        node.runtime().check(pod.container());

        try (Netlink inside = Netlink.open(pod.namespace())) {
            inside.deleteAddress(inside.require("eth0"), InetAddress.ofLiteral(address(pod)), 24);
        }
        CniError error = assertThrows(CniError.class, () -> node.runtime().check(pod.container()));

        assertEquals(CniError.CHECK_FAILED, error.code());
        assertTrue(error.getMessage().contains("eth0 has no address 10.244.0.2/24"), error.getMessage());
        assertTrue(error.getMessage().contains("no route 0.0.0.0/0 via 10.244.0.1"), error.getMessage());
    }

    @Test
    void shouldFindInCheckThatThePortIsGone() throws Exception {
        Pod pod = node.attach();
        node.datapath().removePort(hostName(pod));

        CniError error = assertThrows(CniError.class, () -> node.runtime().check(pod.container()));

        assertEquals("the switch has no port " + hostName(pod), error.getMessage());
    }

    @Test
    void shouldRefuseASecondAddAndKeepTheFirst() throws Exception {
        Pod first = node.attach();
        Pod second = node.attach();
        List<String> before = node.belongings();

        CniError error = assertThrows(CniError.class, () -> node.addOnce(first.container()));

        assertEquals(CniError.ALREADY_EXISTS, error.code());
        assertEquals(before, node.belongings());
        assertTrue(first.pings(address(second)));
    }

    @Test
    void shouldRefuseAnInterfaceNameThatThePodHasAlready() throws Exception {
        Pod pod = node.attach();
        Container other =
                Container.of(pod.container().id() + "x", pod.container().netns(), "eth0");
        List<String> before = node.belongings();

        CniError error = assertThrows(CniError.class, () -> node.runtime().add(other));

        assertEquals(CniError.ALREADY_EXISTS, error.code());
        assertTrue(error.getMessage().contains("eth0"), error.getMessage());
        assertEquals(before, node.belongings());
    }

    @Test
    void shouldUndoEverythingWhenThePortCannotBeOpened() throws Exception {
        node.restartWithRoomFor(1);
        node.attach();
        List<String> before = node.belongings();
        Pod pod = node.pod();

        CniError error = assertThrows(CniError.class, () -> node.addOnce(pod.container()));

        assertEquals(CniError.PORT_FAILED, error.code());
        assertTrue(error.getMessage().contains("all 1 port numbers are taken"), error.getMessage());
        assertEquals(before, node.belongings());
        try (Netlink inside = Netlink.open(pod.namespace())) {
            assertTrue(inside.link("eth0").isEmpty());
        }
    }

    @Test
    void shouldSayThatThePoolIsExhaustedAndLeaveNothingOfTheLastPod() throws Exception {
        plugin("\"ranges\": [[{\"subnet\": \"10.244.9.0/30\"}]]");
        node.attach();
        List<String> before = node.belongings();

        CniError error =
                assertThrows(CniError.class, () -> node.addOnce(node.pod().container()));

        assertTrue(error.getMessage().startsWith("IPAM plugin 'host-local': "), error.getMessage());
        assertTrue(error.getMessage().contains("no IP addresses available"), error.getMessage());
        assertEquals(before, node.belongings());
    }

    @Test
    void shouldRefuseNamespacesThatAreNone() throws Exception {
        for (String netns : List.of("/run/netns/mk-is-not-there", "/proc/self/ns/net", "/etc/hostname", "/")) {
            Container container = Container.of("mkx", Path.of(netns), "eth0");

            CniError error = assertThrows(CniError.class, () -> node.addOnce(container), netns);

            assertEquals(CniError.INVALID_ENVIRONMENT, error.code(), error.getMessage());
            assertTrue(error.getMessage().contains("CNI_NETNS=" + netns), error.getMessage());
        }
        assertEquals(List.of(), node.belongings());
    }

    @Test
    void shouldWireDualStackPods() throws Exception {
        plugin("""
                "ranges": [[{"subnet": "10.244.0.0/24"}], [{"subnet": "fd00:244::/64"}]],
                "routes": [{"dst": "0.0.0.0/0"}, {"dst": "::/0"}]""");
        Pod first = node.attach();
        Pod second = node.attach();

        assertEquals(2, ips(first).size());
        node.runtime().check(first.container());
        assertTrue(first.pings(ips(second).get(0)));
        assertTrue(first.pings(ips(second).get(1)));
    }

    @Test
    void shouldWorkBeforeAnotherPluginOfAChain() throws Exception {
        node.chain(
                "{\"type\": \"tuning\", \"mac\": \"c2:11:22:33:44:55\", \"sysctl\": {\"net.core.somaxconn\": \"500\"}}");
        Pod first = node.attach();
        Pod second = node.attach();

        assertEquals("c2:11:22:33:44:55", mac(first), "the reference plugin has read our result and changed it");
        node.runtime().check(first.container());
        node.runtime().del(first.container());
        node.runtime().del(second.container());
        assertEquals(List.of(), node.belongings());
    }

    @Test
    void shouldServeManyPodsAtOnce() throws Exception {
        int count = 12;
        List<Pod> pods = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pods.add(node.pod());
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<CniResult>> results = new ArrayList<>();
            pods.forEach(pod -> results.add(threads.submit(() -> node.runtime().add(pod.container()))));
            for (Future<CniResult> result : results) {
                assertEquals(1, result.get().ips().size());
            }
            assertEquals(3 * count, node.belongings().size());
            List<Future<?>> ends = new ArrayList<>();
            pods.forEach(pod -> ends.add(threads.submit(() -> {
                node.runtime().del(pod.container());
                return null;
            })));
            for (Future<?> end : ends) {
                end.get();
            }
        }
        assertEquals(List.of(), node.belongings());
    }

    @Test
    void shouldCollectOrphans() throws Exception {
        Pod valid = node.attach();
        Pod orphan = node.attach();
        node.runtime().forget(orphan.container());

        node.runtime().status();
        node.runtime().gc();

        assertTrue(node.belongings().contains("port " + hostName(valid)));
        assertFalse(node.belongings().contains("port " + hostName(orphan)));
        assertFalse(node.belongings().contains("link " + hostName(orphan)));
    }

    @Test
    void shouldAdoptPodsWithTheirPortNumbersAfterARestartOfTheAgent() throws Exception {
        Pod gone = node.attach();
        Pod second = node.attach();
        Pod third = node.attach();
        node.runtime().del(gone.container());

        node.restart();
        // The numbers that they had, though 1 is free now.
        node.flow("in_port=2,actions=output:3");
        node.flow("in_port=3,actions=output:2");

        assertTrue(second.pings(address(third)));
        node.runtime().del(second.container());
        node.runtime().del(third.container());
        assertEquals(List.of(), node.belongings());
    }

    /** Replaces keys of the ipam section. */
    private void plugin(String members) throws CniError {
        JsonParser.parseString("{" + members + "}")
                .getAsJsonObject()
                .entrySet()
                .forEach(each -> node.plugin().getAsJsonObject("ipam").add(each.getKey(), each.getValue()));
        node.configure();
    }

    private List<String> ips(Pod pod) {
        JsonArray ips = node.runtime().result(pod.container()).getAsJsonArray("ips");
        return ips.asList().stream()
                .map(ip -> ip.getAsJsonObject().get("address").getAsString().replaceFirst("/.*", ""))
                .toList();
    }

    private String mac(Pod pod) {
        JsonArray interfaces = node.runtime().result(pod.container()).getAsJsonArray("interfaces");
        return interfaces.get(1).getAsJsonObject().get("mac").getAsString();
    }

    private String address(Pod pod) {
        return ips(pod).getFirst();
    }

    private static String hostName(Pod pod) {
        return PodNames.of(new Attachment(pod.container().id(), "eth0")).hostName();
    }

    /** Sends a megabyte over TCP: with checksums left to hardware, ping works and this hangs. */
    private void assertStreams(Pod from, Pod to) throws Exception {
        byte[] sent = new byte[1 << 20];
        new Random(7).nextBytes(sent);
        try (ServerSocket server = to.namespace().call(() -> new ServerSocket(0));
                Socket client = from.namespace().call(CniSystemTest::boundSocket)) {
            client.connect(new InetSocketAddress(address(to), server.getLocalPort()), 5_000);
            try (Socket accepted = server.accept()) {
                accepted.setSoTimeout(10_000);
                Thread.startVirtualThread(() -> {
                    try {
                        client.getOutputStream().write(sent);
                        client.shutdownOutput();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                });
                InputStream in = accepted.getInputStream();
                assertArrayEquals(sent, in.readAllBytes());
            }
        }
    }

    /** A socket belongs to the namespace in which it is bound. */
    private static Socket boundSocket() throws IOException {
        Socket socket = new Socket();
        socket.bind(null);
        return socket;
    }
}
