// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Devices without another end, which need neither root nor hugepages, and what is said of devices that cannot be opened. */
@RequiresLibrary(value = "librte_ethdev.so", debianPackage = "dpdk-dev")
final class DpdkDevicesTest {

    private static MbufPool pool;

    private final FrameBatch batch = new FrameBatch();

    @BeforeAll
    static void startDpdk() {
        Eal.start(EalOptions.withoutHugepages());
        pool = new MbufPool("test", 4095, MbufPool.USUAL_FRAME_BYTES);
    }

    @AfterAll
    static void freePool() {
        pool.close();
    }

    @Test
    void shouldReceiveFromARingWhatItSentThere() {
        try (DpdkPort port = open("net_ring0")) {
            port.attach();
            byte[] sent = PortContractTest.frame(90, 5);
            add(sent);

            assertEquals(1, port.transmit(batch));
            assertEquals(1, port.receive(batch));

            assertArrayEquals(sent, bytes(0));
            pool.release(batch.handle, 0, batch.count);
            batch.clear();
            port.detach();
        }
    }

    @Test
    void shouldCopyOneCaptureFileToAnother(@TempDir Path directory) throws IOException {
        byte[] first = PortContractTest.frame(60, 1);
        byte[] second = PortContractTest.frame(1514, 2);
        Path from = directory.resolve("from.pcap");
        Path to = directory.resolve("to.pcap");
        Files.write(from, capture(first, second));
        try (DpdkPort port = open("net_pcap0,rx_pcap=" + from + ",tx_pcap=" + to)) {
            port.attach();
            assertEquals(2, port.receive(batch));
            assertArrayEquals(first, bytes(0));
            assertArrayEquals(second, bytes(1));

            assertEquals(2, port.transmit(batch));
            port.detach();
        }

        byte[] written = Files.readAllBytes(to);
        assertEquals(Files.size(from), written.length);
        assertArrayEquals(
                second, java.util.Arrays.copyOfRange(written, written.length - second.length, written.length));
    }

    @Test
    void shouldKeepNoBufferOfWhatItSent() {
        try (DpdkPort port = open("net_null0")) {
            port.attach();
            int available = pool.mempool().available();
            for (int round = 0; round < 1_000; round++) {
                port.receive(batch);
                port.transmit(batch);
            }

            assertEquals(32_000, port.counters().transmittedPackets());
            assertTrue(pool.mempool().available() >= available - 2 * FrameBatch.CAPACITY, "buffers were lost");
            port.detach();
        }
    }

    @Test
    void shouldOpenADeviceAgainAfterItWasClosed() {
        for (int life = 0; life < 3; life++) {
            try (DpdkPort port = open("net_null7")) {
                assertTrue(port.linkUp());
                assertTrue(port.description().contains("driver net_null"), port.description());
            }
        }
    }

    @Test
    void shouldSayWhatItsDriverSaidWhenADeviceCannotBeOpened() {
        SysException e = assertThrows(SysException.class, () -> open("net_pcap9,rx_pcap=/nonexistent/file"));

        assertTrue(e.getMessage().contains("rte_dev_probe of 'net_pcap9,rx_pcap=/nonexistent/file'"), e.getMessage());
        assertTrue(e.getMessage().contains("No such file or directory"), e.getMessage());
    }

    @Test
    void shouldSayWhichPciDevicesThereAreWhenOneIsNot() {
        SysException e = assertThrows(SysException.class, () -> open("0000:1f:1f.7"));

        assertTrue(e.getMessage().contains("there is no PCI device 0000:1f:1f.7"), e.getMessage());
    }

    @Test
    void shouldRefuseTwoPortsOnOneDeviceAndLeaveTheFirstAlone() {
        try (DpdkPort first = open("net_null3")) {
            SysException e = assertThrows(SysException.class, () -> open("net_null3,size=128"));

            assertTrue(e.getMessage().contains("another port uses this device already"), e.getMessage());
            assertTrue(first.linkUp());
        }
    }

    @Test
    void shouldRefuseOptionsThatADriverDoesNotKnowAndLiveOn() {
        for (String garbage : List.of(
                "net_null4,nonsense=1",
                "net_null4,size=",
                "net_null4,size=a,size=b",
                "net_nodriver0",
                "net_tap9,iface=a/b/c",
                "net_af_packet9,iface=no-such-if",
                "net_af_packet9,iface=lo,qpairs=0",
                "net_af_packet9,,,,===",
                "net_pcap9,rx_pcap=",
                "net_ring9,nodeaction=%s%s%n")) {
            SysException e =
                    assertThrows(SysException.class, () -> open(garbage).close(), garbage);

            assertTrue(e.getMessage().contains("'" + garbage + "'"), e.getMessage());
        }
        try (DpdkPort port = open("net_null4")) {
            assertTrue(port.linkUp());
        }
    }

    @Test
    void shouldSayHowManyQueuesADeviceHasWhenMoreAreAskedFor() {
        String refusal = refusal("net_pcap8,tx_iface=lo", 5, 0, 0);

        assertTrue(refusal.contains("not the 5 asked for"), refusal);
    }

    @Test
    void shouldSayWhichMtuADeviceTakes() {
        String refusal = refusal("net_af_packet8,iface=lo,framesz=2048,blocksz=4096", 1, 0, 9_000);

        assertTrue(refusal.contains("not 9000"), refusal);
    }

    @Test
    void shouldSayHowManyBuffersAreLackingForItsQueues() {
        String refusal = refusal("net_null5", 4, 4_096, 0);

        assertTrue(refusal.contains("with 16384 frame buffers, and "), refusal);
        assertTrue(refusal.contains("dpdk.mbufs"), refusal);
    }

    @Test
    void shouldFillAShortFrameUpWithZeros() {
        try (DpdkPort port = open("net_ring1")) {
            port.attach();
            for (int length : new int[] {14, 20, 59}) {
                byte[] sent = PortContractTest.frame(length, length);
                add(sent);
                // As popping headers off a long frame does: the frame begins near its buffer's end.
                long end = pool.bufferAddress(batch.handle[0]) + pool.bufferSizeBytes();
                Memory.copyIn(sent, 0, end - length, length);
                batch.address[0] = end - length;

                port.transmit(batch);
                port.receive(batch);

                assertArrayEquals(java.util.Arrays.copyOf(sent, 60), bytes(0));
                pool.release(batch.handle, 0, batch.count);
                batch.clear();
            }
            port.detach();
        }
    }

    @Test
    void shouldTellWhatTheDeviceCounts() {
        try (DpdkPort port = open("net_null6,size=100")) {
            port.attach();
            port.receive(batch);
            port.transmit(batch);

            assertEquals(32L, port.deviceStatistics().get("rx_good_packets"), port.deviceStatistics()::toString);
            assertEquals(32L, port.deviceStatistics().get("tx_q0_packets"), port.deviceStatistics()::toString);
            port.detach();
        }
    }

    @Test
    void shouldReceiveAndTransmitOnEveryQueue() {
        var config = new PortConfig.Dpdk("d1", "net_null2", 4, 0, 0, Optional.empty());
        try (DpdkPort port = DpdkPort.open(config, pool)) {
            assertEquals(4, port.queues().size());
            assertTrue(port.queues().getFirst() == port);
            for (PortQueue queue : port.queues()) {
                queue.attach();
                assertEquals(32, queue.receive(batch));
                assertEquals(32, queue.transmit(batch));
                assertEquals(32, queue.counters().transmittedPackets());
                queue.detach();
            }
        }
    }

    @Test
    void shouldRefuseToStartTwiceInDifferentWays() {
        assertThrows(IllegalStateException.class, () -> Eal.start(EalOptions.ofHugepages()));
    }

    private static DpdkPort open(String devargs) {
        return DpdkPort.open(new PortConfig.Dpdk("d1", devargs), pool);
    }

    private static String refusal(String devargs, int queues, int descriptors, int mtuBytes) {
        var config = new PortConfig.Dpdk("d1", devargs, queues, descriptors, mtuBytes, Optional.empty());
        return assertThrows(
                        SysException.class, () -> DpdkPort.open(config, pool).close())
                .getMessage();
    }

    private void add(byte[] frame) {
        long handle = pool.allocate();
        long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
    }

    private byte[] bytes(int index) {
        byte[] frame = new byte[batch.lengthBytes[index]];
        Memory.copyOut(batch.address[index], frame, 0, frame.length);
        return frame;
    }

    /** A capture file: magic number, version 2.4, longest frame, Ethernet; before each frame its time and length. */
    private static byte[] capture(byte[]... frames) {
        ByteBuffer file = ByteBuffer.allocate(8_192).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xa1b2c3d4)
                .putShort((short) 2)
                .putShort((short) 4)
                .putLong(0)
                .putInt(65_535)
                .putInt(1);
        for (byte[] frame : frames) {
            file.putLong(0).putInt(frame.length).putInt(frame.length).put(frame);
        }
        return java.util.Arrays.copyOf(file.array(), file.position());
    }
}
