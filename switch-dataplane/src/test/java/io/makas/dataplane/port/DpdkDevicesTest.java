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
    void shouldSayHowToGetAPciDevice() {
        SysException e = assertThrows(SysException.class, () -> open("0000:1f:1f.7"));

        assertTrue(e.getMessage().contains("vfio-pci"), e.getMessage());
    }

    @Test
    void shouldRefuseToStartTwiceInDifferentWays() {
        assertThrows(IllegalStateException.class, () -> Eal.start(EalOptions.ofHugepages()));
    }

    private static DpdkPort open(String devargs) {
        return DpdkPort.open(new PortConfig.Dpdk("d1", devargs), pool);
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
