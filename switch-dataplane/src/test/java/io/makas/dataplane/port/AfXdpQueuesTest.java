// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestCommand;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.dataplane.testing.TestPods;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Several queues of one port, and several ports over one frame memory. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
@RequiresCommand(value = "ip", debianPackage = "iproute2")
final class AfXdpQueuesTest {

    private static final int QUEUES = 4;

    @AutoClose
    private final TestNamespaces namespaces = new TestNamespaces();

    @AutoClose
    private final XdpMemory memory = XdpMemory.shared();

    private final NetNamespace here = namespaces.create();
    private final NetNamespace there = namespaces.create();
    private final List<AfXdpPort> ports = new ArrayList<>();
    private final FrameBatch batch = new FrameBatch();

    @AfterEach
    void closePorts() {
        ports.forEach(AfXdpPort::close);
    }

    @Test
    void shouldServeEveryQueueOfAVethWithASocketOfItsOwn() throws Exception {
        addVeth(QUEUES, QUEUES);

        AfXdpPort port = open("h0", 0, 0);

        assertEquals(QUEUES, port.queues().size());
        assertSame(port, port.queues().getFirst());
        assertTrue(port.description().startsWith("AF_XDP on h0 (veth), queues 0 to 3, native"), port.description());
        List<Long> byQueue = floodFromThere(port, 400);
        assertEquals(400, byQueue.stream().mapToLong(Long::longValue).sum());
        assertTrue(byQueue.stream().allMatch(frames -> frames > 0), byQueue.toString());
    }

    @Test
    void shouldSendByEachQueue() throws Exception {
        addVeth(QUEUES, QUEUES);
        AfXdpPort port = open("h0", 0, 0);
        try (PacketSocket peer = PacketSocket.open(there, "eth0")) {
            for (PortQueue queue : port.queues()) {
                queue.attach();
                byte[] frame = PortContractTest.frame(100, ports.size());
                put(queue, frame);

                assertEquals(1, queue.transmit(batch));

                assertArrayEquals(frame, peer.receive());
                assertEquals(1, queue.counters().transmittedPackets());
            }
        }
    }

    @Test
    void shouldRefuseQueuesThatAreNotThereOrWouldLoseFrames() throws Exception {
        addVeth(2, 1);

        assertEquals(
                "interface h0 has 2 receive queues, counted from 0; queues 0 to 2 were asked for",
                assertThrows(SysException.class, () -> open("h0", 0, 3)).getMessage());
        assertEquals(
                "interface h0 has 2 receive queues, counted from 0; queue 7 was asked for",
                assertThrows(SysException.class, () -> open("h0", 7, 0)).getMessage());
        assertTrue(assertThrows(SysException.class, () -> open("h0", 0, 1))
                .getMessage()
                .startsWith("veth h0 has 2 receive queues and the port is to serve 1: frames of the others would be"));
        assertTrue(assertThrows(SysException.class, () -> open("h0", 0, 0))
                .getMessage()
                .startsWith("interface h0 has 1 transmit queues, and queue 1 needs one of its own"));
    }

    @Test
    void shouldPassAFrameBetweenPortsOfOneMemoryWithoutACopy() throws Exception {
        try (TestPods pods = new TestPods()) {
            TestPods.Pod red = pods.add();
            TestPods.Pod blue = pods.add();
            AfXdpPort redPort = openOf(pods, "h1");
            AfXdpPort bluePort = openOf(pods, "h2");
            redPort.attach();
            bluePort.attach();
            assertSame(redPort.pool(), bluePort.pool());
            byte[] frame = PortContractTest.frame(700, 1);
            try (PacketSocket from = PacketSocket.open(red.namespace(), "eth0");
                    PacketSocket to = PacketSocket.open(blue.namespace(), "eth0")) {
                from.send(frame);
                redPort.receive(batch);
                assertEquals(1, batch.count);

                bluePort.transmit(batch);
                bluePort.maintain();

                assertArrayEquals(frame, to.receive());
            }
        }
    }

    @Test
    void shouldFindTheBuffersOfAPortThatWasClosedAndCarryOn() throws Exception {
        try (TestPods pods = new TestPods()) {
            TestPods.Pod red = pods.add();
            pods.add();
            AfXdpPort stays = openOf(pods, "h1");
            stays.attach();
            Umem umem = (Umem) stays.pool();
            int availableBefore = umem.available();
            for (int i = 0; i < 20; i++) {
                try (AfXdpPort goes = openOf(pods, "h2")) {
                    goes.attach();
                    put(goes, PortContractTest.frame(60, i));
                    goes.transmit(batch);
                    goes.detach();
                }
                ports.removeLast();
            }

            assertEquals(availableBefore, umem.available());
            try (PacketSocket from = PacketSocket.open(red.namespace(), "eth0")) {
                from.send(PortContractTest.frame(60, 1));
                assertEquals(1, stays.receive(batch));
            }
        }
    }

    @Test
    void shouldGiveEachQueueAMemoryOfItsOwnWhereThereAreSeveralWorkers() throws Exception {
        addVeth(QUEUES, QUEUES);
        try (XdpMemory apart = XdpMemory.apart()) {
            AfXdpPort port = here.supply(() -> AfXdpPort.open(
                    new PortConfig.AfXdp("p", "h0", 0, QUEUES, AfXdpMode.BEST_EFFORT, List.of()), apart));
            ports.add(port);

            assertEquals(
                    QUEUES,
                    port.queues().stream().map(PortQueue::pool).distinct().count());
        }
    }

    /** Sends UDP of many flows, which the kernel spreads. Returns how many frames each queue received. */
    private List<Long> floodFromThere(AfXdpPort port, int frames) {
        port.queues().forEach(PortQueue::attach);
        try (PacketSocket peer = PacketSocket.open(there, "eth0")) {
            for (int i = 0; i < frames; i++) {
                assertTrue(peer.send(udp(i)));
                for (PortQueue queue : port.queues()) {
                    queue.receive(batch);
                    queue.pool().release(batch.handle, 0, batch.count);
                    batch.clear();
                }
            }
        }
        return port.queues().stream()
                .map(queue -> queue.counters().receivedPackets())
                .toList();
    }

    private static byte[] udp(int flow) {
        ByteBuffer frame = ByteBuffer.wrap(PortContractTest.frame(60, flow));
        frame.putShort(12, (short) 0x0800)
                .put(14, (byte) 0x45)
                .putShort(16, (short) 46)
                .putShort(20, (short) 0);
        frame.put(23, (byte) 17).putInt(26, 0x0a000001).putInt(30, 0x0a000002);
        return frame.putShort(34, (short) flow).array();
    }

    private void put(PortQueue queue, byte[] frame) {
        long handle = queue.pool().allocate();
        long address = queue.pool().bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
    }

    private AfXdpPort open(String interfaceName, int queue, int queues) {
        AfXdpPort port = here.supply(() -> AfXdpPort.open(
                new PortConfig.AfXdp("p", interfaceName, queue, queues, AfXdpMode.BEST_EFFORT, List.of()), memory));
        ports.add(port);
        return port;
    }

    private AfXdpPort openOf(TestPods pods, String interfaceName) {
        AfXdpPort port = pods.switchNamespace()
                .supply(() -> AfXdpPort.open(new PortConfig.AfXdp(interfaceName, interfaceName, 0), memory));
        ports.add(port);
        return port;
    }

    /** A veth with several queues on this side, and as many on the other. */
    private void addVeth(int receiveQueues, int transmitQueues) throws Exception {
        for (NetNamespace namespace : List.of(here, there)) {
            // No neighbour discovery, which would disturb counts.
            namespace.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv6/conf/all/disable_ipv6"), "1"));
        }
        String name = there.name();
        TestCommand.runIn(
                here,
                "ip link add h0 numrxqueues %d numtxqueues %d type veth peer name eth0 netns %s numrxqueues %d numtxqueues %d"
                        .formatted(
                                receiveQueues,
                                transmitQueues,
                                name.substring(name.lastIndexOf('/') + 1),
                                transmitQueues,
                                receiveQueues)
                        .split(" "));
        try (Netlink inHere = Netlink.open(here);
                Netlink inThere = Netlink.open(there)) {
            inHere.setUp(inHere.require("h0").index());
            inThere.setUp(inThere.require("eth0").index());
        }
    }
}
