// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.sys.Memory;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every port must do, whatever is behind it. A test of each member of the family extends this and says how to open the port
 * and how to play its peer. The test's thread is the worker.
 */
public abstract class PortContractTest {

    private static final long PATIENCE_NS = 5_000_000_000L;

    /** The other side of the port under test. */
    protected interface Peer extends AutoCloseable {

        /** Sends a frame to the switch. */
        void send(byte[] frame);

        /** The next frame from the switch, or null when there is none yet. */
        byte[] receive();

        /** Goes away for good, as a container or guest does that dies. */
        @Override
        void close();
    }

    private final FrameBatch batch = new FrameBatch();
    private Port port;
    private Peer peer;

    /** Opens the port under test. Its peer is opened next. */
    protected abstract Port openPort() throws Exception;

    /** Opens the other side; when it returns, frames can flow. The port is being polled by {@link #turn} meanwhile. */
    protected abstract Peer openPeer(Port port) throws Exception;

    /** Frames of others (e.g. neighbour discovery of a kernel) that a real peer may send unasked. */
    protected boolean isOurs(byte[] frame) {
        return frame.length >= 14 && (frame[12] & 0xff) == 0x88 && (frame[13] & 0xff) == 0xb5;
    }

    @BeforeEach
    final void open() throws Exception {
        port = openPort();
        port.attach();
        peer = openPeer(port);
    }

    @AfterEach
    final void close() {
        if (peer != null) {
            peer.close();
        }
        if (port != null) {
            port.detach();
            port.close();
        }
    }

    @Test
    void shouldReceiveFramesOfEveryLengthAsTheyWereSent() {
        for (int length : new int[] {60, 61, 64, 127, 128, 590, 1400, 1514}) {
            byte[] sent = frame(length, length);

            peer.send(sent);

            assertArrayEquals(sent, receiveOne(), "frame of " + length + " bytes");
        }
    }

    @Test
    void shouldTransmitFramesOfEveryLengthAsTheyWereGiven() {
        for (int length : new int[] {60, 61, 64, 127, 128, 590, 1400, 1514}) {
            byte[] given = frame(length, length);

            transmit(given);

            assertArrayEquals(given, Arrays.copyOf(peerReceives(), length), "frame of " + length + " bytes");
        }
    }

    @Test
    void shouldKeepTheOrderOfABurst() {
        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            add(frame(100, i));
        }

        port.transmit(batch);

        for (int i = 0; i < FrameBatch.CAPACITY; i++) {
            assertArrayEquals(frame(100, i), Arrays.copyOf(peerReceives(), 100), "frame " + i);
        }
    }

    @Test
    void shouldTransmitAFrameThatWasMadeLongerAndShorterAtItsFront() {
        peer.send(frame(200, 7));
        receiveUntilOurs();
        // As push_vlan does, then pop_vlan twice.
        for (int shift : new int[] {-4, 4, 4}) {
            batch.address[0] += shift;
            batch.lengthBytes[0] -= shift;
        }
        byte[] expected = frame(196, 9);
        Memory.copyIn(expected, 0, batch.address[0], expected.length);

        port.transmit(batch);

        assertArrayEquals(expected, Arrays.copyOf(peerReceives(), expected.length));
    }

    @Test
    void shouldEmptyTheBatchItTransmits() {
        add(frame(60, 1));

        port.transmit(batch);

        assertEquals(0, batch.count);
    }

    @Test
    void shouldCountPacketsAndBytesBothWays() {
        long packetsBefore = port.counters().transmittedPackets();
        long bytesBefore = port.counters().transmittedBytes();
        peer.send(frame(300, 1));
        receiveOne();

        transmit(frame(100, 2));
        peerReceives();

        assertTrue(port.counters().receivedPackets() >= 1);
        assertTrue(port.counters().receivedBytes() >= 300);
        assertEquals(packetsBefore + 1, port.counters().transmittedPackets());
        assertEquals(bytesBefore + 100, port.counters().transmittedBytes());
    }

    @Test
    void shouldGiveBackEveryBufferHoweverManyFramesCross() {
        int rounds = 200;
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < FrameBatch.CAPACITY; i++) {
                add(frame(60, i));
            }
            port.transmit(batch);
            while (peer.receive() != null) {
                // Only room for the next burst is wanted.
            }
            turn();
        }

        transmit(frame(60, 77));

        assertTrue(port.counters().transmittedPackets() > 0);
    }

    @Test
    void shouldDropAndCountWhatAStuckPeerHasNoRoomFor() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (port.counters().transmitDropped() == 0 && System.nanoTime() < deadlineNs) {
            while (batch.hasRoom()) {
                if (!add(frame(60, 1))) {
                    break;
                }
            }
            port.transmit(batch);
            if (!peerCanBeFilled()) {
                return;
            }
        }

        assertTrue(port.counters().transmitDropped() > 0, "nothing was dropped, nothing blocked");
    }

    /** Whether a peer that reads nothing runs out of room; a kernel that queues or drops by itself does not. */
    protected boolean peerCanBeFilled() {
        return true;
    }

    @Test
    void shouldLiveOnWhenThePeerGoesAway() {
        peer.close();
        peer = null;

        for (int i = 0; i < 100; i++) {
            add(frame(60, i));
            port.transmit(batch);
            turn();
        }

        assertEquals(0, batch.count);
        assertNotNull(port.description());
    }

    @Test
    void shouldAllocateNothingPerPacket() {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        byte[] frame = frame(60, 1);
        long allocated = Long.MAX_VALUE;
        // The compiler may be late on a busy machine, so several rounds; what it has compiled allocates in none.
        for (int round = 0; round < 10 && allocated >= 4_096; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20_000; i++) {
                exchange(frame);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }

        assertTrue(allocated < 4_096, allocated + " bytes for 20000 turns");
    }

    private void exchange(byte[] frame) {
        add(frame);
        port.transmit(batch);
        turn();
    }

    /** One turn of a worker that sends nothing on. */
    protected final void turn() {
        port.receive(batch);
        port.pool().release(batch.handle, 0, batch.count);
        batch.clear();
        port.maintain();
    }

    /** A frame of the local experimental EtherType 0x88b5 with bytes from a seed. */
    protected static byte[] frame(int lengthBytes, int seed) {
        byte[] frame = new byte[lengthBytes];
        new Random(seed).nextBytes(frame);
        frame[0] = 2;
        frame[6] = 2;
        return etherType(frame);
    }

    private static byte[] etherType(byte[] frame) {
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    private boolean add(byte[] frame) {
        long handle = port.pool().allocate();
        if (handle == FramePool.NONE) {
            return false;
        }
        long address = port.pool().bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
        return true;
    }

    private void transmit(byte[] frame) {
        assertTrue(add(frame), "no buffer free");
        port.transmit(batch);
    }

    /** The port under test. */
    protected final Port port() {
        return port;
    }

    /** The other side of the port under test. */
    protected final Peer peer() {
        return peer;
    }

    /** Polls the port until it has received a frame of the peer's, which is the answer. */
    protected final byte[] receiveOne() {
        byte[] received = receiveUntilOurs();
        port.pool().release(batch.handle, 0, batch.count);
        batch.clear();
        return received;
    }

    /** Leaves exactly one frame, ours, in the batch. */
    private byte[] receiveUntilOurs() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() < deadlineNs) {
            port.receive(batch);
            for (int i = 0; i < batch.count; i++) {
                byte[] received = new byte[batch.lengthBytes[i]];
                Memory.copyOut(batch.address[i], received, 0, received.length);
                if (isOurs(received)) {
                    keepOnly(i);
                    return received;
                }
            }
            port.pool().release(batch.handle, 0, batch.count);
            batch.clear();
            port.maintain();
        }
        throw new AssertionError("no frame arrived at the port in " + PATIENCE_NS / 1_000_000_000 + " s");
    }

    private void keepOnly(int kept) {
        for (int i = 0; i < batch.count; i++) {
            if (i != kept) {
                port.pool().release(batch.handle, i, 1);
            }
        }
        long handle = batch.handle[kept];
        long address = batch.address[kept];
        int length = batch.lengthBytes[kept];
        batch.clear();
        batch.add(handle, address, length);
    }

    private byte[] peerReceives() {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (System.nanoTime() < deadlineNs) {
            byte[] received = peer.receive();
            if (received != null && isOurs(received)) {
                return received;
            }
            turn();
        }
        throw new AssertionError("no frame arrived at the peer in " + PATIENCE_NS / 1_000_000_000 + " s");
    }
}
