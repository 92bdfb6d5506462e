// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Poll;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresLibrary;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the port does beyond the contract of all ports: guests that come, sleep, misbehave and are killed. */
@RequiresHugepages(freeMib = 128)
@RequiresLibrary(
        value = {"librte_vhost.so", "librte_net_virtio.so"},
        debianPackage = "dpdk-dev")
@Timeout(value = 90, unit = TimeUnit.SECONDS)
final class VhostUserPortTest {

    private static final int LONG_FRAME_BYTES = 9018;

    private static MbufPool switchPool;
    private static MbufPool guestPool;
    private static int guests;

    private final FrameBatch batch = new FrameBatch();

    @TempDir
    private Path directory;

    @BeforeAll
    static void startDpdk() {
        Eal.start(EalOptions.ofHugepages());
        switchPool = new MbufPool("switch", 2047, MbufPool.USUAL_FRAME_BYTES);
        guestPool = new MbufPool("guest", 1023, LONG_FRAME_BYTES);
    }

    @AfterAll
    static void freePools() {
        switchPool.close();
        guestPool.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldComeBackByItselfWhenTheGuestIsKilledAndStartedAgain(PortConfig.VhostRole role) {
        boolean guestListens = role == PortConfig.VhostRole.CLIENT;
        try (VhostUserPort port = open("a", role)) {
            port.attach();
            assertFalse(port.linkUp());
            for (int life = 1; life <= 3; life++) {
                try (GuestProcess guest = GuestProcess.start(socket("a"), guestListens)) {
                    Await.until("guest " + life + " is there", port::linkUp);

                    assertArrayEquals(PortContractTest.frame(100, life), echo(port, life));

                    guest.kill();
                    Await.until("guest " + life + " has gone", () -> !port.linkUp());
                }
                assertTrue(port.description().contains("no guest"), port.description());
                long dropped = port.counters().transmitDropped();
                transmit(port, PortContractTest.frame(60, 1));
                assertEquals(dropped + 1, port.counters().transmitDropped());
            }
            port.detach();
        }
    }

    @Test
    void shouldServeOtherGuestsWhileOneIsKilledInFullTraffic() {
        try (VhostUserPort dying = open("a", PortConfig.VhostRole.CLIENT);
                VhostUserPort living = open("b", PortConfig.VhostRole.CLIENT);
                GuestProcess _ = GuestProcess.start(socket("b"), true);
                TrafficThread traffic = new TrafficThread(dying, living)) {
            Await.until("the living guest is there", living::linkUp);
            for (int life = 0; life < 4; life++) {
                GuestProcess guest = GuestProcess.start(socket("a"), true);
                long before = dying.counters().receivedPackets();
                Await.until("traffic flows", () -> dying.counters().receivedPackets() > before + 10_000);
                guest.kill();
                Await.until("the killed guest has gone", () -> !dying.linkUp());
            }

            long before = living.counters().receivedPackets();
            Await.until("the living guest answers", () -> living.counters().receivedPackets() > before + 10_000);
            traffic.rethrow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {",packed_vq=0", ",packed_vq=1"})
    void shouldWakeAnIdleWorkerForAFrameAndForAGuest(String rings) {
        try (VhostUserPort port = open("a", PortConfig.VhostRole.SERVER);
                Poll poll = new Poll(1)) {
            port.attach();
            poll.set(0, port.wakeUpFileDescriptor(), Poll.POLLIN);
            assertTrue(port.armWakeUp());
            assertEquals(0, poll.await(0), "woken by nothing");

            EthernetPeer guest = guest("a", rings);
            assertEquals(1, poll.await(5_000), "not woken by a guest");
            Await.until("the link is up", port::linkUp);

            for (int i = 0; i < 3; i++) {
                receiveAll(port);
                assertTrue(port.armWakeUp());
                assertEquals(0, poll.await(0), "woken by nothing");
                guest.send(PortContractTest.frame(60, i));
                assertEquals(1, poll.await(5_000), "not woken by frame " + i);
                assertEquals(1, receiveAll(port));
            }

            guest.send(PortContractTest.frame(60, 9));
            assertFalse(port.armWakeUp(), "fell asleep with a frame waiting");
            assertEquals(1, receiveAll(port), "lost the frame that kept it awake");

            guest.close();
            port.detach();
        }
    }

    @Test
    void shouldRefuseAFrameThatIsLongerThanABufferAndSaySo() {
        try (VhostUserPort port = open("a", PortConfig.VhostRole.SERVER)) {
            port.attach();
            EthernetPeer guest = guest("a", "");
            Await.until("the link is up", port::linkUp);
            int available = switchPool.mempool().available();

            guest.send(PortContractTest.frame(MbufPool.USUAL_FRAME_BYTES + 1, 1));
            guest.send(PortContractTest.frame(LONG_FRAME_BYTES, 2));
            guest.send(PortContractTest.frame(MbufPool.USUAL_FRAME_BYTES, 3));
            guest.send(PortContractTest.frame(14, 4));

            Await.until("all have been seen", () -> {
                receiveAll(port);
                return port.counters().receivedPackets() + port.counters().receiveDropped() == 4;
            });
            assertEquals(2, port.counters().receiveDropped());
            // The guest's port pads what is shorter than Ethernet allows.
            assertEquals(MbufPool.USUAL_FRAME_BYTES + 60, port.counters().receivedBytes());
            assertTrue(switchPool.mempool().available() >= available - 2 * FrameBatch.CAPACITY, "buffers were lost");
            assertTrue(port.description().contains("2 frames too long"), port.description());
            guest.close();
            port.detach();
        }
    }

    @Test
    void shouldTakeOverASocketThatAKilledSwitchLeftBehind() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket("a")));
            SysException inUse =
                    Assertions.assertThrows(SysException.class, () -> open("a", PortConfig.VhostRole.SERVER));
            assertTrue(inUse.getMessage().contains("another process listens"), inUse.getMessage());
        }

        try (VhostUserPort port = open("a", PortConfig.VhostRole.SERVER)) {
            assertTrue(port.description().contains("server at"), port.description());
        }
        assertFalse(Files.exists(socket("a")), "the socket outlived the port");
    }

    @Test
    void shouldRefuseASecondPortOnTheSameSocket() {
        try (VhostUserPort _ = open("a", PortConfig.VhostRole.CLIENT)) {
            SysException e = Assertions.assertThrows(SysException.class, () -> open("a", PortConfig.VhostRole.CLIENT));

            assertTrue(e.getMessage().contains("another vhost-user port"), e.getMessage());
        }
    }

    private VhostUserPort open(String socket, PortConfig.VhostRole role) {
        return VhostUserPort.open(new PortConfig.VhostUser("v-" + socket, socket(socket), role), switchPool);
    }

    private Path socket(String name) {
        return directory.resolve(name);
    }

    private EthernetPeer guest(String socket, String options) {
        String devargs = "net_virtio_user" + guests++ + ",path=" + socket(socket) + ",mac=02:00:00:00:00:01" + options;
        return new EthernetPeer(devargs, guestPool);
    }

    private void transmit(Port port, byte[] frame) {
        long handle = switchPool.allocate();
        long address = switchPool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
        port.transmit(batch);
    }

    private byte[] echo(Port port, int seed) {
        Await.until("the guest answers", () -> {
            // A guest is there before it has room for frames.
            transmit(port, PortContractTest.frame(100, seed));
            return port.receive(batch) > 0;
        });
        byte[] answer = new byte[batch.lengthBytes[0]];
        Memory.copyOut(batch.address[0], answer, 0, answer.length);
        switchPool.release(batch.handle, 0, batch.count);
        batch.clear();
        return answer;
    }

    private int receiveAll(Port port) {
        int received = 0;
        while (port.receive(batch) > 0) {
            received += batch.count;
            switchPool.release(batch.handle, 0, batch.count);
            batch.clear();
        }
        return received;
    }

    /** A worker that sends bursts to all ports and drops what comes back. */
    private static final class TrafficThread implements AutoCloseable {

        private final Thread thread;
        private volatile boolean stopping;
        private volatile Throwable failure;

        TrafficThread(Port... ports) {
            thread = Thread.ofPlatform().name("traffic").start(() -> {
                try {
                    run(ports);
                } catch (Throwable t) {
                    failure = t;
                }
            });
        }

        private void run(Port... ports) {
            FrameBatch batch = new FrameBatch();
            byte[] frame = PortContractTest.frame(60, 1);
            for (Port port : ports) {
                port.attach();
            }
            while (!stopping) {
                for (Port port : ports) {
                    while (batch.hasRoom()) {
                        long handle = switchPool.allocate();
                        long address = switchPool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
                        Memory.copyIn(frame, 0, address, frame.length);
                        batch.add(handle, address, frame.length);
                    }
                    port.transmit(batch);
                    port.receive(batch);
                    switchPool.release(batch.handle, 0, batch.count);
                    batch.clear();
                }
            }
            for (Port port : ports) {
                port.detach();
            }
        }

        void rethrow() {
            if (failure != null) {
                throw new AssertionError("the worker failed", failure);
            }
        }

        @Override
        public void close() {
            stopping = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            rethrow();
        }
    }
}
