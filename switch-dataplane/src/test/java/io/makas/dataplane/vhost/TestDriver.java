// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.SharedMemory;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.sys.UnixStream;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The driver's end of a vhost-user socket, in the test's own process: a guest with split rings that does what a test wants, also
 * what no driver does.
 *
 * <p>Its memory is one memfd: the rings, then a buffer for each descriptor. The guest's addresses begin at {@link #GUEST_BASE}, the
 * front end's at {@link #USER_BASE}.
 */
public final class TestDriver implements AutoCloseable {

    public static final long GUEST_BASE = 0x4000_0000L;
    public static final long USER_BASE = 0x7f00_0000_0000L;
    public static final long MEMORY_BYTES = 4 << 20;
    public static final int BUFFER_BYTES = 2048;

    /** Bytes of the file on both sides of what is shared, which nobody may touch. */
    private static final int GUARD_BYTES = 64 << 10;

    private static final byte GUARD = (byte) 0xa5;
    private static final int RING_BYTES = 64 << 10;
    private static final long DISCONNECT_NS = 2_000_000_000L;
    private static final long PATIENCE_NS = 10_000_000_000L;

    public final SharedMemory memory = SharedMemory.of("guest", MEMORY_BYTES + 2 * GUARD_BYTES);
    public final int size;
    /** Rings, by their number; the guest receives by 0 and sends by 1. */
    public final Ring[] rings;

    private final VhostMessage message = new VhostMessage();
    private final VhostConnection connection;
    private long features;

    /** A split ring, from the driver's side. */
    public final class Ring {
        public final int number;
        public final long descriptors;
        public final long available;
        public final long used;
        public final EventFd kick = new EventFd();
        public final EventFd call = new EventFd();
        private final long buffers;
        private int availableIndex;
        private int usedIndex;

        Ring(int number) {
            this.number = number;
            this.descriptors = (long) number * RING_BYTES;
            this.available = descriptors + 16 * 1024;
            this.used = descriptors + 32 * 1024;
            this.buffers = (long) rings.length * RING_BYTES + (long) number * size * BUFFER_BYTES;
        }

        /** Where the buffer of a descriptor is in the memory. */
        public long buffer(int descriptor) {
            return buffers + (long) descriptor * BUFFER_BYTES;
        }

        public void descriptor(int index, long guestAddress, long length, int flags, int next) {
            long at = host(descriptors + (long) index * SplitRing.DESCRIPTOR_BYTES);
            Memory.ALL.set(RingMemory.LONG, at, guestAddress);
            Memory.ALL.set(RingMemory.INT, at + SplitRing.DESCRIPTOR_LENGTH, (int) length);
            Memory.ALL.set(RingMemory.SHORT, at + SplitRing.DESCRIPTOR_FLAGS, (short) flags);
            Memory.ALL.set(RingMemory.SHORT, at + SplitRing.DESCRIPTOR_NEXT, (short) next);
        }

        /** The number of the next descriptor, if each is offered once. */
        public int nextDescriptor() {
            return availableIndex & size - 1;
        }

        /** Makes a chain available by its head. */
        public void offer(int head) {
            long entry = host(available + SplitRing.ENTRIES + 2L * (availableIndex & size - 1));
            Memory.ALL.set(RingMemory.SHORT, entry, (short) head);
            publish(++availableIndex);
        }

        /** Sets the index of the available ring to anything. */
        public void publish(int index) {
            RingMemory.releaseShort(host(available + SplitRing.INDEX), index);
        }

        /** Number of chains that were used and not yet taken. */
        public int pendingUsed() {
            return RingMemory.acquireShort(host(used + SplitRing.INDEX)) - usedIndex & 0xffff;
        }

        /** Takes the next used chain. Returns head and length, as the entry has them, or −1 when there is none. */
        public long takeUsed() {
            if (pendingUsed() == 0) {
                return -1;
            }
            return Memory.ALL.get(RingMemory.LONG, host(used + SplitRing.ENTRIES + 8L * (usedIndex++ & size - 1)));
        }
    }

    private TestDriver(UnixStream socket, int size, int ringCount) {
        this.connection = new VhostConnection(socket);
        this.size = size;
        this.rings = new Ring[ringCount];
        for (int i = 0; i < ringCount; i++) {
            rings[i] = new Ring(i);
        }
        for (int i = 0; i < GUARD_BYTES; i++) {
            Memory.ALL.set(RingMemory.BYTE, host(i - GUARD_BYTES), GUARD);
            Memory.ALL.set(RingMemory.BYTE, host(MEMORY_BYTES + i), GUARD);
        }
    }

    /** Connects, waiting for somebody who listens. No message is sent. */
    public static TestDriver connect(Path path, int size, int ringCount) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (true) {
            try {
                return new TestDriver(UnixStream.connect(path), size, ringCount);
            } catch (SysException e) {
                if (System.nanoTime() > deadlineNs) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    /** Waits at a socket until the switch connects. */
    public static TestDriver accept(UnixStream listening, int size, int ringCount) {
        return new TestDriver(listening.accept(), size, ringCount);
    }

    public VhostConnection connection() {
        return connection;
    }

    public VhostMessage message() {
        return message;
    }

    /** Our address of a place in the memory. */
    public long host(long offset) {
        return memory.mapping().address() + GUARD_BYTES + offset;
    }

    /** Whether the bytes around the shared memory are as they were. */
    public boolean isGuardWhole() {
        for (int i = 0; i < GUARD_BYTES; i++) {
            if (Memory.ALL.get(RingMemory.BYTE, host(i - GUARD_BYTES)) != GUARD
                    || Memory.ALL.get(RingMemory.BYTE, host(MEMORY_BYTES + i)) != GUARD) {
                return false;
            }
        }
        return true;
    }

    /** Agrees on features and says where everything is. Enabled rings are ready when it returns. */
    public void handshake(long wanted) {
        features = wanted & ask(VhostProtocol.GET_FEATURES);
        connection.send(message.request(VhostProtocol.SET_OWNER));
        if ((features & VirtioFeatures.PROTOCOL_FEATURES) != 0) {
            long protocol = ask(VhostProtocol.GET_PROTOCOL_FEATURES);
            connection.send(message.request(VhostProtocol.SET_PROTOCOL_FEATURES)
                    .u64(protocol & (VhostProtocol.F_REPLY_ACK | VhostProtocol.F_MQ)));
        }
        connection.send(message.request(VhostProtocol.SET_FEATURES).u64(features));
        shareMemory();
        for (Ring ring : rings) {
            start(ring);
        }
        settle();
    }

    public void shareMemory() {
        connection.send(message.request(VhostProtocol.SET_MEM_TABLE)
                .addRegion(GUEST_BASE, MEMORY_BYTES, USER_BASE, GUARD_BYTES, memory.fileDescriptor()));
    }

    public void start(Ring ring) {
        startAs(ring.number, ring);
    }

    /** Starts a ring under a number that need not be its own. */
    public void startAs(int number, Ring ring) {
        connection.send(message.request(VhostProtocol.SET_VRING_NUM).vringState(number, size));
        connection.send(message.request(VhostProtocol.SET_VRING_BASE).vringState(number, 0));
        connection.send(message.request(VhostProtocol.SET_VRING_ADDR)
                .vringAddress(number, USER_BASE + ring.descriptors, USER_BASE + ring.used, USER_BASE + ring.available));
        connection.send(message.request(VhostProtocol.SET_VRING_CALL)
                .u64(number)
                .addFileDescriptor(ring.call.fileDescriptor()));
        connection.send(message.request(VhostProtocol.SET_VRING_KICK)
                .u64(number)
                .addFileDescriptor(ring.kick.fileDescriptor()));
        enable(number, true);
    }

    public void enable(int number, boolean enable) {
        if ((features & VirtioFeatures.PROTOCOL_FEATURES) != 0) {
            connection.send(message.request(VhostProtocol.SET_VRING_ENABLE).vringState(number, enable ? 1 : 0));
        }
    }

    /** Waits until all messages were worked. */
    public void settle() {
        ask(VhostProtocol.GET_FEATURES);
    }

    /** Sends a request and answers the u64 of its reply. */
    public long ask(int request) {
        connection.send(message.request(request));
        if (!connection.receive(message)) {
            throw new AssertionError("the switch closed the connection");
        }
        return message.u64();
    }

    /** Whether the switch ends the connection, all answers left aside. */
    public boolean isDisconnected() {
        AtomicBoolean waiting = new AtomicBoolean(true);
        Thread impatient = Thread.ofPlatform().daemon().start(() -> {
            LockSupport.parkNanos(DISCONNECT_NS);
            if (waiting.get()) {
                connection.shutdown();
            }
        });
        long deadlineNs = System.nanoTime() + DISCONNECT_NS;
        try {
            while (connection.receive(message)) {
                // An answer from before.
            }
        } catch (SysException _) {
            // Cut off in the middle of a message.
        }
        boolean inTime = System.nanoTime() < deadlineNs;
        waiting.set(false);
        LockSupport.unpark(impatient);
        return inTime;
    }

    /** Bytes in front of a frame. */
    public int headerBytes() {
        return (features & (VirtioFeatures.VERSION_1 | VirtioFeatures.MRG_RXBUF)) != 0
                ? NetHeader.BYTES
                : NetHeader.LEGACY_BYTES;
    }

    /** Gives every buffer of a receive ring to the switch. */
    public void offerAllBuffers(Ring ring) {
        for (int i = 0; i < size; i++) {
            ring.descriptor(i, GUEST_BASE + ring.buffer(i), BUFFER_BYTES, SplitRing.F_WRITE, 0);
            ring.offer(i);
        }
    }

    /** Sends a frame in one descriptor, whose number is the caller's choice. */
    public void send(Ring ring, int descriptor, byte[] frame) {
        long at = ring.buffer(descriptor);
        for (int i = 0; i < headerBytes(); i++) {
            Memory.ALL.set(RingMemory.BYTE, host(at + i), (byte) 0);
        }
        Memory.copyIn(frame, 0, host(at + headerBytes()), frame.length);
        ring.descriptor(descriptor, GUEST_BASE + at, headerBytes() + frame.length, 0, 0);
        ring.offer(descriptor);
    }

    /** The next frame that the switch sent, in one buffer, which it gets again; null when there is none. */
    public byte[] receive(Ring ring) {
        long entry = ring.takeUsed();
        if (entry == -1) {
            return null;
        }
        int descriptor = (int) entry;
        byte[] frame = new byte[(int) (entry >>> 32) - headerBytes()];
        Memory.copyOut(host(ring.buffer(descriptor) + headerBytes()), frame, 0, frame.length);
        ring.offer(descriptor);
        return frame;
    }

    @Override
    public void close() {
        connection.close();
        for (Ring ring : rings) {
            ring.kick.close();
            ring.call.close();
        }
        memory.close();
    }
}
