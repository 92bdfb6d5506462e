// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortQueue;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.text.FlowText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole data path on DPDK devices that lead into network namespaces: several queues, long frames, devices that go. */
@RequiresRoot
@RequiresLibrary(value = "librte_ethdev.so", debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DatapathDpdkTest {

    private static final long PATIENCE_NS = 10_000_000_000L;
    private static final DpdkConfig DPDK = new DpdkConfig(false, 256, 8_191, List.of());

    @AutoClose
    private final TestNamespaces namespaces = new TestNamespaces();

    private final Datapath datapath = Datapath.open(new DatapathConfig(
            DatapathConfig.DEFAULT.workers(),
            DatapathConfig.DEFAULT.limits(),
            DatapathConfig.DEFAULT.maxFlows(),
            DPDK));
    private NetNamespace host;
    private NetNamespace peer;

    @BeforeEach
    void makeNamespaces() throws Exception {
        host = quiet();
        peer = quiet();
    }

    @AfterEach
    void close() {
        datapath.close();
    }

    @Test
    void shouldSpreadFlowsOverTheQueuesOfPacketSockets() throws Exception {
        addVeth("h1", "p1", 1_500);
        add("d1", "net_af_packet0,iface=h1,qpairs=2", 2, 0, 1);
        add("d2", "net_null0,no-rx=1", 1, 0, 2);
        edit("in_port=1,actions=output:2");

        send("p1", 64);

        await("64 frames", () -> received("d1") >= 64);
        assertEquals(2, usedQueues("d1"));
    }

    @Test
    void shouldSpreadFlowsOverTheQueuesOfATapAndSendBack() throws Exception {
        add("d1", "net_tap0,iface=t1", 2, 0, 1);
        edit("in_port=1,actions=in_port");
        try (PacketSocket socket = PacketSocket.open(host, "t1")) {
            for (int flow = 0; flow < 64; flow++) {
                assertTrue(socket.send(frame(flow, 60)));
            }
            for (int flow = 0; flow < 64; flow++) {
                byte[] back = awaitFrame(socket);
                assertEquals(60, back.length);
            }
        }
        assertTrue(usedQueues("d1") >= 1);
        assertEquals(64, received("d1"));
    }

    @Test
    void shouldCarryJumboFramesBetweenDevicesOfOneMtuAndRefuseThemToAnother(@TempDir Path directory) throws Exception {
        byte[] jumbo = frame(1, 9_014);
        Path from = directory.resolve("from.pcap");
        Path to = directory.resolve("to.pcap");
        Files.write(from, capture(jumbo));
        edit("in_port=1,actions=output:2,output:3");
        add("d2", "net_pcap1,tx_pcap=" + to + "", 1, 9_000, 2);
        add("d3", "net_null0,no-rx=1", 1, 0, 3);

        add("d1", "net_pcap0,rx_pcap=" + from + "", 1, 9_000, 1);

        await("the drop", () -> datapath.drops().getOrDefault(DropReason.FRAME_TOO_LONG, 0L) == 1);
        datapath.removePort("d2");
        byte[] written = Files.readAllBytes(to);
        assertArrayEquals(jumbo, Arrays.copyOfRange(written, written.length - jumbo.length, written.length));
    }

    /** A capture file with one frame. */
    private static byte[] capture(byte[] frame) {
        return ByteBuffer.allocate(40 + frame.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(1)
                .putLong(0)
                .putInt(frame.length)
                .putInt(frame.length)
                .put(frame)
                .array();
    }

    @Test
    void shouldTakeOnlyThePortDownWhoseInterfaceIsDeletedUnderLoad() throws Exception {
        Link end = addVeth("h1", "p1", 1_500);
        add("d1", "net_af_packet0,iface=h1,qpairs=2", 2, 0, 1);
        datapath.addPort(new PortConfig.Memory("m2"), 2);
        datapath.addPort(new PortConfig.Memory("m3"), 3);
        edit("in_port=2,actions=output:1,output:3");
        assertTrue(linkUp("d1"));

        for (int i = 0; i < 2_000; i++) {
            crosses(i);
            if (i == 500) {
                try (Netlink netlink = Netlink.open(host)) {
                    netlink.deleteLink(end.index());
                }
            }
            if (i == 1_000) {
                await("the port is down", () -> !linkUp("d1"));
            }
        }

        String description = info("d1").description();
        assertTrue(description.contains("its network interface h1 was deleted"), description);
        assertTrue(datapath.port("d1").deviceStatistics().isEmpty());
        assertTrue(info("d1").transmitDropped() > 0);
        // Its name and number are free again, and so is the device.
        datapath.removePort("d1");
        addVeth("h1", "p1", 1_500);
        add("d1", "net_af_packet0,iface=h1,qpairs=2", 2, 0, 1);
        assertTrue(linkUp("d1"));
        crosses(2_001);
    }

    @Test
    void shouldRefuseAPortWithoutBuffersForItAndForwardOn() throws Exception {
        datapath.addPort(new PortConfig.Memory("m2"), 2);
        datapath.addPort(new PortConfig.Memory("m3"), 3);
        edit("in_port=2,actions=output:3");

        PortException refused = assertThrows(
                PortException.class,
                () -> datapath.addPort(new PortConfig.Dpdk("d1", "net_null0", 8, 4_096, 0, Optional.empty()), 1));

        assertEquals(PortException.Kind.UNAVAILABLE, refused.kind());
        assertTrue(refused.getMessage().startsWith("port 'd1': device 'net_null0'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("dpdk.mbufs"), refused.getMessage());
        crosses(1);
    }

    /** A frame of m2 reaches m3. */
    private void crosses(int flow) throws Exception {
        byte[] sent = frame(flow, 60);
        assertTrue(((MemoryPort) datapath.port("m2")).inject(sent));
        MemoryPort to = (MemoryPort) datapath.port("m3");
        byte[][] got = new byte[1][];
        await("frame " + flow, () -> (got[0] = to.collect()) != null);
        assertArrayEquals(sent, got[0]);
    }

    private NetNamespace quiet() throws Exception {
        NetNamespace namespace = namespaces.create();
        namespace.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1"));
        return namespace;
    }

    private Link addVeth(String inHost, String inPeer, int mtuBytes) {
        try (Netlink netlink = Netlink.open(host);
                Netlink other = Netlink.open(peer)) {
            Link end = netlink.createVeth(inHost, inPeer, peer, mtuBytes, null);
            netlink.setUp(end.index());
            other.setUp(other.require(inPeer).index());
            return end;
        }
    }

    private void add(String name, String devargs, int queues, int mtuBytes, int number) throws Exception {
        var config = new PortConfig.Dpdk(name, devargs, queues, 0, mtuBytes, Optional.empty());
        host.call(() -> datapath.addPort(config, number));
    }

    private void edit(String flow) throws Exception {
        datapath.edit(List.of(FlowText.parse(flow)));
    }

    private void send(String interfaceName, int flows) {
        try (PacketSocket socket = PacketSocket.open(peer, interfaceName)) {
            for (int flow = 0; flow < flows; flow++) {
                assertTrue(socket.send(frame(flow, 60)));
            }
        }
    }

    private static byte[] frame(int flow, int lengthBytes) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1_024 + flow, 9_999)
                .payload(new byte[lengthBytes - 42])
                .build();
    }

    private PortInfo info(String name) {
        return datapath.ports().stream()
                .filter(port -> port.config().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private boolean linkUp(String name) {
        return info(name).linkUp();
    }

    private long received(String name) {
        return info(name).receivedPackets();
    }

    private long usedQueues(String name) throws Exception {
        return datapath.port(name).queues().stream()
                .map(PortQueue::counters)
                .filter(counters -> counters.receivedPackets() > 0)
                .count();
    }

    private static byte[] awaitFrame(PacketSocket socket) {
        byte[][] got = new byte[1][];
        await("a frame", () -> (got[0] = socket.receive()) != null);
        return got[0];
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            assertFalse(System.nanoTime() > deadlineNs, "waited in vain for " + what);
            LockSupport.parkNanos(100_000);
        }
    }
}
