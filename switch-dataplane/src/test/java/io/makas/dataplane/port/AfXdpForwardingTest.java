// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Ethtool;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.testing.RequiresLibrary;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestPods;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Layers;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two pods talk through two AF_XDP ports and a loop that passes every frame on to the other side. */
@RequiresRoot
@RequiresLibrary(value = "libbpf.so.1", debianPackage = "libbpf1")
final class AfXdpForwardingTest {

    private static final int TIMEOUT_MS = 5_000;

    @AutoClose
    private final TestPods pods = new TestPods();

    private TestPods.Pod red;
    private TestPods.Pod blue;
    private AfXdpPort redPort;
    private AfXdpPort bluePort;
    private Thread worker;
    private volatile boolean stopped;

    @BeforeEach
    void joinTwoPods() throws Exception {
        red = pods.add();
        blue = pods.add();
        redPort = pods.switchNamespace().supply(() -> AfXdpPort.open(new PortConfig.AfXdp("red", "h1", 0)));
        bluePort = pods.switchNamespace().supply(() -> AfXdpPort.open(new PortConfig.AfXdp("blue", "h2", 0)));
        worker = Thread.ofPlatform().name("worker").start(this::forward);
    }

    @AfterEach
    void stop() throws Exception {
        stopWorker();
        redPort.close();
        bluePort.close();
    }

    @Test
    void shouldCarryPingsBothWays() throws Exception {
        assertTrue(red.call(() -> blue.address().isReachable(TIMEOUT_MS)));
        assertTrue(blue.call(() -> red.address().isReachable(TIMEOUT_MS)));
    }

    @Test
    void shouldCarryDatagramsBothWays() throws Exception {
        try (DatagramSocket here = red.call(() -> new DatagramSocket(7777));
                DatagramSocket there = blue.call(() -> new DatagramSocket(7777))) {
            here.setSoTimeout(TIMEOUT_MS);
            there.setSoTimeout(TIMEOUT_MS);
            for (int lengthBytes : new int[] {1, 64, 1472}) {
                byte[] question = bytes(lengthBytes);
                here.send(new DatagramPacket(question, lengthBytes, blue.address(), 7777));
                DatagramPacket asked = new DatagramPacket(new byte[2000], 2000);
                there.receive(asked);
                there.send(new DatagramPacket(asked.getData(), asked.getLength(), red.address(), 7777));
                DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
                here.receive(answer);

                assertArrayEquals(question, java.util.Arrays.copyOf(answer.getData(), answer.getLength()));
            }
        }
    }

    @Test
    void shouldCarryTcpWhole() throws Exception {
        int sizeBytes = 20_000_000;
        byte[] sent = bytes(sizeBytes);
        try (ServerSocket server = blue.call(() -> new ServerSocket(7778));
                Socket client = red.call(() -> {
                    Socket socket = new Socket();
                    socket.connect(new InetSocketAddress(blue.address(), 7778), TIMEOUT_MS);
                    return socket;
                })) {
            FutureTask<byte[]> digest = new FutureTask<>(() -> {
                try (Socket accepted = server.accept()) {
                    return digest(accepted.getInputStream().readAllBytes());
                }
            });
            Thread.ofPlatform().start(digest);

            client.getOutputStream().write(sent);
            client.shutdownOutput();

            assertArrayEquals(digest(sent), digest.get());
        }
    }

    @Test
    void shouldCarryTcpOfAPodThatLeavesChecksumsToOthersAndSaySo() throws Exception {
        try (Ethtool ethtool = Ethtool.open(red.namespace())) {
            ethtool.set("eth0", Ethtool.Feature.TX_CHECKSUM, true);
        }
        assertFalse(redPort.description().contains("checksums"), redPort.description());

        shouldCarryTcpWhole();

        assertTrue(redPort.description().endsWith(", the other end leaves checksums to others"), redPort.description());
        assertEquals(Offload.CHECKSUM, bluePort.offloads());
        assertFalse(bluePort.description().contains("checksums"), bluePort.description());
    }

    @Test
    void shouldCountEveryFrameOnBothSides() throws Exception {
        int questions = 200;
        try (DatagramSocket here = red.call(() -> new DatagramSocket(7777));
                DatagramSocket there = blue.call(() -> new DatagramSocket(7777))) {
            here.setSoTimeout(TIMEOUT_MS);
            there.setSoTimeout(TIMEOUT_MS);
            for (int i = 0; i < questions; i++) {
                here.send(new DatagramPacket(new byte[100], 100, blue.address(), 7777));
                there.receive(new DatagramPacket(new byte[100], 100));
            }
        }
        stopWorker();

        PortCounters in = redPort.counters();
        PortCounters out = bluePort.counters();
        assertEquals(in.receivedPackets(), out.transmittedPackets());
        assertEquals(in.receivedBytes(), out.transmittedBytes());
        assertEquals(out.receivedPackets(), in.transmittedPackets());
        assertEquals(0, in.receiveDropped() + in.transmitDropped() + out.receiveDropped() + out.transmitDropped());
        // Each question is a frame of 142 bytes; beside them there are one or two of ARP each way.
        long arp = in.receivedPackets() - questions;
        assertTrue(arp >= 1 && arp <= 2, arp + " frames of ARP");
        assertEquals(142L * questions + 42 * arp, in.receivedBytes());
    }

    private void stopWorker() throws InterruptedException {
        stopped = true;
        worker.join();
    }

    private void forward() {
        FrameBatch in = new FrameBatch();
        FrameBatch out = new FrameBatch();
        redPort.attach();
        bluePort.attach();
        while (!stopped) {
            pass(redPort, in, bluePort, out);
            pass(bluePort, in, redPort, out);
            redPort.maintain();
            bluePort.maintain();
        }
        redPort.detach();
        bluePort.detach();
    }

    private static void pass(Port from, FrameBatch in, Port to, FrameBatch out) {
        if (from.receive(in) == 0) {
            return;
        }
        for (int i = 0; i < in.count; i++) {
            long handle = to.pool().allocate();
            if (handle != FramePool.NONE) {
                long address = to.pool().bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
                Memory.copy(in.address[i], address, in.lengthBytes[i]);
                out.add(handle, address, in.lengthBytes[i], settled(in, i));
            }
        }
        from.pool().release(in.handle, 0, in.count);
        in.clear();
        to.transmit(out);
    }

    private static byte[] bytes(int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new Random(sizeBytes).nextBytes(bytes);
        return bytes;
    }

    private static byte[] digest(byte[] of) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(of);
    }

    /** As the fast path says it: where exactly the checksum is that was left undone. */
    private static long settled(FrameBatch in, int i) {
        if (in.offload[i] == Offload.NONE) {
            return Offload.NONE;
        }
        long layers = Layers.locate(Memory.ALL, in.address[i], in.lengthBytes[i]);
        int position = Layers.protocol(layers) == IpProtocol.TCP ? 16 : 6;
        return Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, Layers.transport(layers), position);
    }
}
