// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.UnixStream;
import io.makas.dataplane.vhost.VhostConnection;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A virtio-net device of one queue pair with its driver: it shares its memory with the switch behind a vhost-user socket, and
 * sends and receives by rings that it polls.
 *
 * <p>Thread: made and closed by the one that measures; used by the generating one in between. Owner: the one who made it.
 */
public final class GuestDevice implements AutoCloseable {

    /** Ring on which the switch receives: {@code transmitq1} of VIRTIO 1.2 section 5.1.2. */
    static final int TRANSMIT_RING = 1;

    /** Ring on which the switch sends: {@code receiveq1}. */
    static final int RECEIVE_RING = 0;

    private static final long WANTED = VirtioFeatures.VERSION_1
            | VirtioFeatures.IN_ORDER
            | VirtioFeatures.MRG_RXBUF
            | VirtioFeatures.PROTOCOL_FEATURES;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long STEP_MS = 20;

    /** The ring that it sends by. */
    final GuestRing transmit;

    /** The ring that it receives by. */
    final GuestRing receive;

    /** What of {@link #receive} was taken so far, modulo 2^16. */
    int receivedIndex;

    private final GuestMemory memory;
    private final EventFd transmitKick = new EventFd();
    private final EventFd receiveKick = new EventFd();
    private final EventFd call = new EventFd();
    private VhostConnection connection;
    private long features;

    /**
     * Makes a device that no switch knows yet.
     *
     * @param ringSize entries of each ring, a power of two from 64 to 32,768
     * @param frameBytes length of the frames that it sends
     */
    public GuestDevice(int ringSize, int frameBytes) {
        checkRingSize(ringSize);
        memory = GuestMemory.of(2 * GuestRing.bytes(ringSize));
        transmit = GuestRing.toSend(memory, ringSize, frameBytes);
        receive = GuestRing.toReceive(memory, ringSize);
    }

    /**
     * Sees that rings can have this size.
     *
     * @throws IllegalArgumentException if not
     */
    public static void checkRingSize(int ringSize) {
        if (Integer.bitCount(ringSize) != 1 || ringSize < Generator.BURST * 2 || ringSize > 1 << 15) {
            throw new IllegalArgumentException(
                    "a ring of " + ringSize + " entries is no power of two from " + Generator.BURST * 2 + " to 32768");
        }
    }

    /** Connects to a switch that listens, and waits for it if it does not listen yet. */
    public void connect(Path socket) {
        long endNs = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                attach(UnixStream.connect(socket));
                return;
            } catch (SysException e) {
                if (connection != null || System.nanoTime() > endNs) {
                    throw e;
                }
                sleep();
            }
        }
    }

    /**
     * Waits for the switch to connect to a socket.
     *
     * @param listener a socket that listens; not closed here
     */
    public void accept(UnixStream listener) {
        Thread watch = Thread.ofVirtual().start(() -> {
            try {
                TimeUnit.NANOSECONDS.sleep(PATIENCE_NS);
                listener.shutdown();
            } catch (InterruptedException _) {
                // The switch came in time.
            }
        });
        UnixStream stream = listener.accept();
        watch.interrupt();
        if (stream == null) {
            throw new IllegalStateException(
                    "no switch connected within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
        }
        attach(stream);
    }

    /** The features of virtio that both ends have, as bits of {@link VirtioFeatures}. */
    public long features() {
        return features;
    }

    /** Whether its memory is of hugepages. */
    public boolean hasHugePages() {
        return memory.hasHugePages();
    }

    /** Copies a frame into every buffer to send from. */
    public void fill(byte[] frame) {
        transmit.fill(frame);
    }

    /** Sends the next frame as it lies in its buffer, for which there must be room. */
    void sendOne() {
        transmit.publish(1);
        kickIfWanted();
    }

    /** Takes what has come without looking at it; returns how many frames that were. */
    int discard() {
        int count = receive.usedIndex() - receivedIndex & 0xffff;
        if (count > 0) {
            receivedIndex = receivedIndex + count & 0xffff;
            receive.publish(count);
        }
        return count;
    }

    /** Wakes the switch if it asked to be woken when there is something to receive from this device. */
    void kickIfWanted() {
        VarHandle.fullFence();
        if (transmit.wantsKick()) {
            transmitKick.signal();
        }
    }

    private void attach(UnixStream stream) {
        connection = new VhostConnection(stream);
        FrontEnd frontEnd = new FrontEnd(connection);
        features = frontEnd.negotiate(WANTED);
        frontEnd.shareMemory(memory);
        frontEnd.start(RECEIVE_RING, receive, receiveKick.fileDescriptor(), call.fileDescriptor());
        frontEnd.start(TRANSMIT_RING, transmit, transmitKick.fileDescriptor(), call.fileDescriptor());
        frontEnd.enable(RECEIVE_RING);
        frontEnd.enable(TRANSMIT_RING);
    }

    private static void sleep() {
        try {
            Thread.sleep(STEP_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a switch", e);
        }
    }

    /** Disconnects; the switch must not run its rings any more, or it must notice that the device is gone. */
    @Override
    public void close() {
        if (connection != null) {
            connection.close();
        }
        transmitKick.close();
        receiveKick.close();
        call.close();
        memory.close();
    }
}
