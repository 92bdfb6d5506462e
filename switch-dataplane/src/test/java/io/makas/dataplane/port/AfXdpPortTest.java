// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.sys.Poll;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What the AF_XDP port does beyond the contract of every port: modes, refusals, losses, life and end. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpPortTest {

    @AutoClose
    private final TestPods pods = new TestPods();

    private final FrameBatch batch = new FrameBatch();
    private AfXdpPort port;

    @AfterEach
    void closePort() {
        if (port != null) {
            port.close();
        }
    }

    @Test
    void shouldRunInTheDriverOfAVeth() throws Exception {
        pods.add();

        port = open("h1", 0);

        assertEquals(
                "AF_XDP on h1 (veth), queue 0, native, copied by the kernel (zero-copy refused: the driver cannot)",
                port.description());
        assertTrue(port.linkUp());
        assertEquals(1518, port.maxFrameBytes());
        assertEquals(
                Umem.SMALL_FRAME_BYTES - Umem.TRANSMIT_METADATA_BYTES,
                port.pool().bufferSizeBytes());
    }

    @Test
    void shouldTakeLargerBuffersForALargerMtu() throws Exception {
        pods.add(3000);

        port = open("h1", 0);

        assertEquals(Umem.LARGE_FRAME_BYTES, port.pool().bufferSizeBytes());
        assertEquals(3018, port.maxFrameBytes());
        assertTrue(port.description().contains("native"), port.description());
    }

    @Test
    void shouldFallBackBehindTheDriverAndSayWhy() throws Exception {
        pods.netlink().setMtu(pods.netlink().require("lo").index(), 1500);

        port = open("lo", 0);

        assertEquals(
                "AF_XDP on lo, queue 0, generic (native refused: the driver cannot), copied by the kernel",
                port.description());
    }

    @Test
    void shouldTakeTheModeThatIsAskedForOrNone() throws Exception {
        pods.add();
        port = open(AfXdpMode.GENERIC);
        assertTrue(port.description().contains("generic (asked for), copied by the kernel"), port.description());
        port.close();
        port = open(AfXdpMode.NATIVE);
        assertTrue(port.description().endsWith("native, copied by the kernel"), port.description());
        port.close();

        SysException e = assertThrows(SysException.class, () -> open(AfXdpMode.NATIVE_WITH_ZEROCOPY));

        assertEquals(
                "bind of an AF_XDP socket to h1 queue 0 failed: EOPNOTSUPP (95); mode best-effort would let the kernel copy",
                e.getMessage());
        assertEquals(0, pods.netlink().require("h1").xdpProgramId());
    }

    @Test
    void shouldCarryFramesOfTheWholeMtuInEitherMode() throws Exception {
        for (int mtuBytes : new int[] {1500, 1775, 3000, 3700, 3823, 5000, 9000, -1500, -3700, -9000}) {
            TestPods.Pod pod = pods.add(Math.abs(mtuBytes));
            byte[] frame = PortContractTest.frame(Math.abs(mtuBytes) + 14, mtuBytes);
            AfXdpMode mode = mtuBytes < 0 ? AfXdpMode.GENERIC : AfXdpMode.NATIVE;
            try (AfXdpPort opened = open(pod.hostLink().name(), mode);
                    PacketSocket peer = PacketSocket.open(pod.namespace(), "eth0")) {
                opened.attach();
                assertTrue(peer.send(frame));

                assertEquals(1, opened.receive(batch), opened.description());
                byte[] received = new byte[batch.lengthBytes[0]];
                Memory.copyOut(batch.address[0], received, 0, received.length);
                assertArrayEquals(frame, received);
                opened.transmit(batch);
                assertArrayEquals(frame, peer.receive());
            }
        }
    }

    @Test
    void shouldRefuseAnMtuThatNoBufferHolds() throws Exception {
        pods.add(9001);

        SysException e = assertThrows(SysException.class, () -> open("h1", 0));

        assertEquals(
                "the MTU of h1 is 9001, ports take 9000 at most; set it with 'ip link set dev h1 mtu 9000' at both ends",
                e.getMessage());
    }

    @Test
    void shouldRefuseAnInterfaceOrQueueThatIsNotThere() throws Exception {
        pods.add();

        assertTrue(assertThrows(SysException.class, () -> open("h7", 0))
                .getMessage()
                .contains("h7"));
        assertTrue(assertThrows(SysException.class, () -> open("h1", 1))
                .getMessage()
                .contains("has 1 receive queues"));
    }

    @Test
    void shouldRefuseAnInterfaceWithAnotherProgramByItsName() throws Exception {
        pods.add();
        port = open("h1", 0);

        SysException e = assertThrows(SysException.class, () -> open("h1", 0));

        assertTrue(e.getMessage().contains("another program is there: makas_take_all (id "), e.getMessage());
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsClosed() throws Exception {
        pods.add();
        open("h1", 0).close();
        long filesBefore = files();
        long mappingsBefore = mappings();
        port = open("h1", 0);
        assertTrue(pods.netlink().require("h1").xdpProgramId() > 0);

        port.close();

        assertEquals(0, pods.netlink().require("h1").xdpProgramId());
        assertEquals(filesBefore, files());
        assertEquals(mappingsBefore, mappings());
    }

    @Test
    void shouldLeaveNothingBehindWhenItCannotBeOpened() throws Exception {
        pods.add();
        port = open("h1", 0);
        assertThrows(SysException.class, () -> open("h1", 0));
        long filesBefore = files();
        long mappingsBefore = mappings();

        assertThrows(SysException.class, () -> open("h1", 0));

        assertEquals(filesBefore, files());
        assertEquals(mappingsBefore, mappings());
    }

    @Test
    void shouldOpenAgainAtOnceWhereItWasClosed() throws Exception {
        pods.add();
        for (int i = 0; i < 3; i++) {
            open("h1", 0).close();
        }
    }

    @Test
    void shouldVanishWithAProcessThatIsKilled() throws Exception {
        pods.add();
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AfXdpCrash.class.getName(),
                        pods.switchNamespace().name(),
                        "h1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertEquals(AfXdpCrash.OPENED, process.inputReader().readLine());
        assertTrue(pods.netlink().require("h1").xdpProgramId() > 0);

        process.destroyForcibly().waitFor();

        assertEquals(0, pods.netlink().require("h1").xdpProgramId());
        port = open("h1", 0);
        assertTrue(port.linkUp());
    }

    @Test
    void shouldReportTheLinkDownWithThePeerAndWithoutTheInterface() throws Exception {
        TestPods.Pod pod = pods.add();
        port = open("h1", 0);
        port.attach();
        try (Netlink inPod = Netlink.open(pod.namespace())) {
            int eth0 = inPod.require("eth0").index();
            inPod.setDown(eth0);
            assertFalse(port.linkUp());
            inPod.setUp(eth0);
            assertTrue(port.linkUp());
        }

        pods.netlink().deleteLink(pod.hostLink().index());

        assertFalse(port.linkUp());
        assertEquals(0, port.receive(batch));
        transmitOne();
        port.maintain();
        assertTrue(port.armWakeUp());
    }

    @Test
    void shouldSendAgainAfterTheInterfaceWasDown() throws Exception {
        TestPods.Pod pod = pods.add();
        port = open("h1", 0);
        port.attach();
        try (PacketSocket peer = PacketSocket.open(pod.namespace(), "eth0")) {
            pods.netlink().setDown(pod.hostLink().index());
            transmitOne();
            port.maintain();
            assertEquals(null, peer.receive());

            pods.netlink().setUp(pod.hostLink().index());
            port.maintain();

            assertEquals(60, peer.receive().length);
        }
    }

    @Test
    void shouldCountFramesThatCameFasterThanTheyWerePolled() throws Exception {
        TestPods.Pod pod = pods.add();
        port = open("h1", 0);
        port.attach();
        int sent = XdpQueue.FIRST_FILLED + 500;
        try (PacketSocket peer = PacketSocket.open(pod.namespace(), "eth0")) {
            for (int i = 0; i < sent; i++) {
                assertTrue(peer.send(PortContractTest.frame(60, i)));
            }
        }

        assertFalse(port.armWakeUp(), "frames are waiting");
        int received = 0;
        while (port.receive(batch) > 0) {
            received += batch.count;
            port.pool().release(batch.handle, 0, batch.count);
            batch.clear();
        }

        assertEquals(XdpQueue.FIRST_FILLED, received);
        assertEquals(XdpQueue.FIRST_FILLED, port.counters().receivedPackets());
        assertEquals(500, port.counters().receiveDropped());
        assertEquals(500, port.statistics().fillRingEmpty() + port.statistics().receiveRingFull());
    }

    @Test
    void shouldDropFramesThatTheInterfaceCannotCarry() throws Exception {
        pods.add();
        port = open("h1", 0);
        port.attach();
        int available = ((Umem) port.pool()).available();
        for (int lengthBytes : new int[] {0, 13, 1519}) {
            long handle = port.pool().allocate();
            batch.add(handle, port.pool().bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES, lengthBytes);
        }

        assertEquals(0, port.transmit(batch));

        assertEquals(3, port.counters().transmitDropped());
        assertEquals(available, ((Umem) port.pool()).available());
    }

    @Test
    void shouldWakeWhoeverWaitsForAFrame() throws Exception {
        TestPods.Pod pod = pods.add();
        port = open("h1", 0);
        port.attach();
        try (PacketSocket peer = PacketSocket.open(pod.namespace(), "eth0");
                Poll poll = new Poll(1)) {
            poll.set(0, port.wakeUpFileDescriptor(), Poll.POLLIN);
            assertTrue(port.armWakeUp());
            assertEquals(0, poll.await(0));

            peer.send(PortContractTest.frame(60, 1));

            assertEquals(1, poll.await(5_000));
            assertFalse(port.armWakeUp());
            assertEquals(1, port.receive(batch));
        }
    }

    private AfXdpPort open(String interfaceName, int queue) {
        return pods.switchNamespace().supply(() -> AfXdpPort.open(new PortConfig.AfXdp("p1", interfaceName, queue)));
    }

    private AfXdpPort open(AfXdpMode mode) {
        return open("h1", mode);
    }

    private AfXdpPort open(String interfaceName, AfXdpMode mode) {
        return pods.switchNamespace()
                .supply(() -> AfXdpPort.open(new PortConfig.AfXdp("p1", interfaceName, 0, 0, mode, List.of())));
    }

    private void transmitOne() {
        long handle = port.pool().allocate();
        long address = port.pool().bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(PortContractTest.frame(60, 1), 0, address, 60);
        batch.add(handle, address, 60);
        port.transmit(batch);
    }

    /** Sockets, eBPF objects and others that this process has open. */
    private static long files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(file -> {
                        try {
                            String target = Files.readSymbolicLink(file).toString();
                            return target.startsWith("socket:") || target.startsWith("anon_inode:");
                        } catch (IOException e) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    /** Memory that is shared with AF_XDP sockets. */
    private static long mappings() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/self/maps"));
        return lines.stream().filter(line -> line.contains("socket:")).count();
    }
}
