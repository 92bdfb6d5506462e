// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.Umem;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.sys.PacketSocket;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.dataplane.testing.TestPods;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What others do to the interface of an open port: the port says so, and one that shares its memory carries on. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpHostileTest {

    @AutoClose
    private final TestPods pods = new TestPods();

    @AutoClose
    private final XdpMemory memory = XdpMemory.shared();

    private final FrameBatch batch = new FrameBatch();
    private TestPods.Pod red;
    private TestPods.Pod blue;
    private AfXdpPort port;
    private AfXdpPort other;

    @BeforeEach
    void openTwoPorts() throws Exception {
        red = pods.add();
        blue = pods.add();
        port = open("h1");
        other = open("h2");
        port.attach();
        other.attach();
    }

    @AfterEach
    void close() {
        port.detach();
        port.close();
        assertOtherCarriesOn();
        other.detach();
        Umem umem = (Umem) other.pool();
        int held = umem.frames() - umem.available();
        // A queue is given buffers by the burst, so up to a burst is missing.
        int wanted = XdpQueue.FIRST_FILLED / 2;
        assertTrue(held <= wanted && held > wanted - FrameBatch.CAPACITY, held + " buffers are not free");
        other.close();
    }

    @Test
    void shouldSurviveAnInterfaceThatVanishesUnderLoad() throws Exception {
        Thread flood = Thread.ofPlatform().start(() -> {
            try (PacketSocket wire = PacketSocket.open(red.namespace(), "eth0")) {
                while (wire.send(PortContractTest.frame(60, 1))) {
                    Thread.onSpinWait();
                }
            }
        });
        while (port.counters().receivedPackets() < 1_000) {
            turn();
        }

        pods.netlink().deleteLink(red.hostLink().index());
        flood.join();
        for (int i = 0; i < 1_000; i++) {
            turn();
        }

        assertGone();
    }

    @Test
    void shouldSayThatItsInterfaceMovedAway() throws Exception {
        try (TestNamespaces namespaces = new TestNamespaces()) {
            NetNamespace away = namespaces.create();

            pods.netlink().move(red.hostLink().index(), away);

            turn();
            assertGone();
        }
    }

    @Test
    void shouldGoOnUnderANewName() throws Exception {
        pods.netlink().rename(red.hostLink().index(), "renamed");

        assertTrue(port.linkUp());
        assertTrue(port.description().endsWith(", now named renamed"), port.description());
        assertReceives(port, red);
    }

    @Test
    void shouldGoOnWithItsOldMtuAndSaySo() throws Exception {
        for (int mtuBytes : new int[] {9000, 576}) {
            pods.netlink().setMtu(red.hostLink().index(), mtuBytes);
            try (Netlink inPod = Netlink.open(red.namespace())) {
                inPod.setMtu(inPod.require("eth0").index(), mtuBytes);
            }

            assertTrue(
                    port.description()
                            .endsWith(", opened with MTU 1500 and now " + mtuBytes + ": remove and add the port"),
                    port.description());
            assertReceives(port, red);
        }
    }

    @Test
    void shouldCountFramesThatAreTooLongForTheMemoryItHas() throws Exception {
        pods.netlink().setMtu(red.hostLink().index(), 9000);
        try (Netlink inPod = Netlink.open(red.namespace());
                PacketSocket wire = PacketSocket.open(red.namespace(), "eth0")) {
            inPod.setMtu(inPod.require("eth0").index(), 9000);

            assertTrue(wire.send(PortContractTest.frame(5_000, 1)));

            assertEquals(0, port.receive(batch));
            port.armWakeUp();
            assertEquals(1, port.counters().receiveDropped());
        }
        assertReceives(port, red);
    }

    @Test
    @RequiresCommand(value = "ip", debianPackage = "iproute2")
    void shouldKeepItsProgramWhenSomebodySwitchesXdpOff() throws Exception {
        Process off = pods.switchNamespace()
                .call(() -> new ProcessBuilder("ip", "link", "set", "dev", "h1", "xdp", "off")
                        .redirectErrorStream(true)
                        .start());
        off.getInputStream().readAllBytes();
        off.waitFor();

        assertTrue(port.linkUp(), port.description());
        assertReceives(port, red);
    }

    @Test
    @RequiresCommand(value = "setpriv", debianPackage = "util-linux")
    void shouldSayWhichLimitKeepsItFromOpening() throws Exception {
        TestPods.Pod green = pods.add();
        Process process = new ProcessBuilder(List.of(
                        "prlimit",
                        "--memlock=1048576",
                        "setpriv",
                        "--bounding-set=-ipc_lock",
                        ProcessHandle.current().info().command().orElseThrow(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AfXdpCrash.class.getName(),
                        pods.switchNamespace().name(),
                        green.hostLink().name()))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();

        String said = new String(process.getInputStream().readAllBytes());

        assertTrue(said.contains("in frames of 2048 failed: ENOBUFS (105); raise the limit of locked memory"), said);
    }

    private void assertGone() {
        assertFalse(port.linkUp());
        assertTrue(
                port.description()
                        .endsWith(", gone: the interface was deleted or moved to another namespace; remove the port"),
                port.description());
        assertTrue(port.armWakeUp());
    }

    private void assertOtherCarriesOn() {
        assertReceives(other, blue);
    }

    private void assertReceives(AfXdpPort by, TestPods.Pod from) {
        byte[] frame = PortContractTest.frame(500, 5);
        try (PacketSocket wire = PacketSocket.open(from.namespace(), "eth0")) {
            assertTrue(wire.send(frame));
            by.receive(batch);
            assertEquals(1, batch.count);
            by.transmit(batch);
            by.maintain();
            assertArrayEquals(frame, wire.receive());
            by.maintain();
        }
    }

    private void turn() {
        port.receive(batch);
        // To the other port, through the memory that they share.
        other.transmit(batch);
        port.maintain();
        other.maintain();
    }

    private AfXdpPort open(String interfaceName) {
        return pods.switchNamespace()
                .supply(() -> AfXdpPort.open(new PortConfig.AfXdp(interfaceName, interfaceName, 0), memory));
    }
}
