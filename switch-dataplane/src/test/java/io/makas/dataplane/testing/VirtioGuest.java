// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.testing;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.EventFd;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.SharedMemory;
import io.makas.dataplane.sys.UnixStream;
import io.makas.dataplane.vhost.NetHeader;
import io.makas.dataplane.vhost.SplitRing;
import io.makas.dataplane.vhost.VhostConnection;
import io.makas.dataplane.vhost.VhostMessage;
import io.makas.dataplane.vhost.VhostProtocol;
import io.makas.dataplane.vhost.VirtioFeatures;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;

/**
 * A guest with one queue pair of split rings at a vhost-user socket, which says in the header of virtio-net what is left to be done
 * with a frame, and is told: what the kernel of a virtual machine does, without one.
 *
 * <p>Thread: one. Owner: the test, which closes it.
 */
public final class VirtioGuest implements AutoCloseable {

    /** All checksum and segmentation offloads, both ways. */
    public static final long OFFLOADS = VirtioFeatures.CSUM
            | VirtioFeatures.GUEST_CSUM
            | VirtioFeatures.GUEST_TSO4
            | VirtioFeatures.GUEST_TSO6
            | VirtioFeatures.HOST_TSO4
            | VirtioFeatures.HOST_TSO6;

    private static final int RECEIVE = 0;
    private static final int TRANSMIT = 1;
    private static final int SIZE = 256;
    private static final int LARGE_BYTES = 17 * 4096;
    private static final int SMALL_BYTES = 2048;
    /** A frame to send lies in pieces, as pages of a kernel do. */
    private static final int PIECE_BYTES = 16 * 1024;

    private static final int MEMORY_BYTES = 2 * SIZE * LARGE_BYTES + (4 << 20);
    private static final VarHandle INDEX = JAVA_SHORT.varHandle();

    private final SharedMemory memory = SharedMemory.of("virtio-guest", MEMORY_BYTES);
    private final EventFd kick = new EventFd();
    private final EventFd call = new EventFd();
    private final VhostConnection connection;
    private final VhostMessage message = new VhostMessage();
    private final long features;
    private final int bufferBytes;
    private final long[] rings = new long[2];
    private long next = memory.mapping().address();
    private final long receiveBuffers;
    private final long transmitBuffer;
    private int received;
    private int sent;
    private boolean acknowledges;

    /**
     * Connects to a switch that listens.
     *
     * @param wanted feature bits, e.g. {@link #OFFLOADS} and {@link VirtioFeatures#MRG_RXBUF}
     */
    public VirtioGuest(Path socket, long wanted) {
        connection = new VhostConnection(UnixStream.connect(socket));
        features = negotiate(wanted | VirtioFeatures.VERSION_1 | VirtioFeatures.PROTOCOL_FEATURES);
        boolean mergeable = (features & VirtioFeatures.MRG_RXBUF) != 0;
        bufferBytes = mergeable || (features & OFFLOADS) == 0 ? SMALL_BYTES : LARGE_BYTES;
        tell(message.request(VhostProtocol.SET_MEM_TABLE)
                .addRegion(next, MEMORY_BYTES, next, 0, memory.fileDescriptor()));
        for (int ring = RECEIVE; ring <= TRANSMIT; ring++) {
            rings[ring] = take(SplitRing.descriptorsBytes(SIZE));
            take(SplitRing.availableBytes(SIZE));
            take(SplitRing.usedBytes(SIZE));
        }
        receiveBuffers = take((long) SIZE * bufferBytes);
        transmitBuffer = take(LARGE_BYTES);
        for (int i = 0; i < SIZE; i++) {
            describe(RECEIVE, i, receiveBuffers + (long) i * bufferBytes, bufferBytes, SplitRing.F_WRITE);
            offer(RECEIVE, i, i);
        }
        publish(RECEIVE, SIZE);
        start(RECEIVE);
        start(TRANSMIT);
    }

    /** What both ends agreed to. */
    public long features() {
        return features;
    }

    /** Sends a frame; the switch must have taken the one before. */
    public void send(Unfinished frame) {
        if (used(TRANSMIT) != (sent & 0xffff)) {
            throw new IllegalStateException("the switch has not taken the frame before");
        }
        writeHeader(transmitBuffer, frame.offload());
        Memory.copyIn(frame.bytes(), 0, transmitBuffer + NetHeader.BYTES, frame.bytes().length);
        int total = NetHeader.BYTES + frame.bytes().length;
        int pieces = (total + PIECE_BYTES - 1) / PIECE_BYTES;
        for (int i = 0; i < pieces; i++) {
            int bytes = Math.min(PIECE_BYTES, total - i * PIECE_BYTES);
            int flags = i < pieces - 1 ? SplitRing.F_NEXT : 0;
            describe(TRANSMIT, i, transmitBuffer + (long) i * PIECE_BYTES, bytes, flags);
        }
        offer(TRANSMIT, sent, 0);
        publish(TRANSMIT, ++sent);
        kick.signal();
    }

    /** Sends the frame that {@link #send} sent last again and again, so that as many as said are on their way. */
    public void sendAgain(int onTheWay) {
        int before = sent;
        int waiting = sent - used(TRANSMIT) & 0xffff;
        for (int i = waiting; i < onTheWay; i++) {
            offer(TRANSMIT, sent++, 0);
        }
        if (sent != before) {
            publish(TRANSMIT, sent);
        }
    }

    /** Gives all buffers back that something came in, without a look at it. */
    public void discard() {
        int count = used(RECEIVE) - received & 0xffff;
        for (int i = 0; i < count; i++) {
            offer(RECEIVE, received + SIZE, descriptorOfUsed(received));
            received++;
        }
        if (count > 0) {
            publish(RECEIVE, received + SIZE);
        }
    }

    /** The next frame that came, or null. */
    public Unfinished receive() {
        int count = used(RECEIVE) - received & 0xffff;
        if (count == 0) {
            return null;
        }
        long first = bufferOfUsed(received);
        int buffers = (features & VirtioFeatures.MRG_RXBUF) == 0 ? 1 : u16(first + NetHeader.BUFFERS);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int i = 0; i < buffers; i++) {
            byte[] part = new byte[usedBytes(received + i) - (i == 0 ? NetHeader.BYTES : 0)];
            Memory.copyOut(bufferOfUsed(received + i) + (i == 0 ? NetHeader.BYTES : 0), part, 0, part.length);
            frame.writeBytes(part);
        }
        long offload = readHeader(first);
        for (int i = 0; i < buffers; i++) {
            offer(RECEIVE, received + SIZE, descriptorOfUsed(received));
            received++;
        }
        publish(RECEIVE, received + SIZE);
        return new Unfinished(frame.toByteArray(), offload);
    }

    private static void writeHeader(long address, long offload) {
        Memory.ALL.asSlice(address, NetHeader.BYTES).fill((byte) 0);
        Memory.ALL.set(ValueLayout.JAVA_BYTE, address + NetHeader.FLAGS, (byte) Offload.flags(offload));
        Memory.ALL.set(ValueLayout.JAVA_BYTE, address + NetHeader.GSO_TYPE, (byte) Offload.gsoType(offload));
        put16(address + NetHeader.GSO_SIZE, Offload.gsoSizeBytes(offload));
        put16(address + NetHeader.CSUM_START, Offload.checksumStart(offload));
        put16(address + NetHeader.CSUM_OFFSET, Offload.checksumOffset(offload));
    }

    private static long readHeader(long address) {
        int flags = Memory.ALL.get(ValueLayout.JAVA_BYTE, address + NetHeader.FLAGS);
        int gsoType = Memory.ALL.get(ValueLayout.JAVA_BYTE, address + NetHeader.GSO_TYPE);
        return flags == 0 && gsoType == 0
                ? Offload.NONE
                : Offload.of(
                        flags,
                        gsoType,
                        u16(address + NetHeader.GSO_SIZE),
                        u16(address + NetHeader.CSUM_START),
                        u16(address + NetHeader.CSUM_OFFSET));
    }

    private long negotiate(long wanted) {
        long agreed = ask(VhostProtocol.GET_FEATURES) & wanted;
        long protocol = ask(VhostProtocol.GET_PROTOCOL_FEATURES) & VhostProtocol.F_REPLY_ACK;
        tell(message.request(VhostProtocol.SET_PROTOCOL_FEATURES).u64(protocol));
        acknowledges = protocol != 0;
        tell(message.request(VhostProtocol.SET_OWNER));
        tell(message.request(VhostProtocol.SET_FEATURES).u64(agreed));
        return agreed;
    }

    private void start(int ring) {
        tell(message.request(VhostProtocol.SET_VRING_CALL).u64(ring).addFileDescriptor(call.fileDescriptor()));
        tell(message.request(VhostProtocol.SET_VRING_NUM).vringState(ring, SIZE));
        tell(message.request(VhostProtocol.SET_VRING_BASE).vringState(ring, 0));
        tell(message.request(VhostProtocol.SET_VRING_ADDR)
                .vringAddress(ring, rings[ring], usedRing(ring), available(ring)));
        tell(message.request(VhostProtocol.SET_VRING_KICK).u64(ring).addFileDescriptor(kick.fileDescriptor()));
        tell(message.request(VhostProtocol.SET_VRING_ENABLE).vringState(ring, 1));
    }

    private long ask(int request) {
        connection.send(message.request(request));
        answer(request);
        return message.u64();
    }

    private void tell(VhostMessage request) {
        int number = request.request();
        if (acknowledges) {
            request.needReply();
        }
        connection.send(request);
        if (acknowledges) {
            answer(number);
            if (message.u64() != 0) {
                throw new AssertionError("the switch refused request " + number);
            }
        }
    }

    private void answer(int request) {
        if (!connection.receive(message)) {
            throw new AssertionError("the switch closed the connection after request " + request);
        }
        message.closeFileDescriptors();
    }

    private void describe(int ring, int i, long address, int bytes, int flags) {
        long descriptor = rings[ring] + (long) i * SplitRing.DESCRIPTOR_BYTES;
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, descriptor + SplitRing.DESCRIPTOR_ADDRESS, address);
        Memory.ALL.set(JAVA_INT, descriptor + SplitRing.DESCRIPTOR_LENGTH, bytes);
        put16(descriptor + SplitRing.DESCRIPTOR_FLAGS, flags);
        put16(descriptor + SplitRing.DESCRIPTOR_NEXT, i + 1);
    }

    private void offer(int ring, int entry, int descriptor) {
        put16(
                available(ring) + SplitRing.ENTRIES + (entry & SIZE - 1) * (long) SplitRing.AVAILABLE_ENTRY_BYTES,
                descriptor);
    }

    private void publish(int ring, int index) {
        INDEX.setRelease(Memory.ALL, available(ring) + SplitRing.INDEX, (short) index);
    }

    private int used(int ring) {
        return (short) INDEX.getAcquire(Memory.ALL, usedRing(ring) + SplitRing.INDEX) & 0xffff;
    }

    private long usedEntry(int entry) {
        return usedRing(RECEIVE) + SplitRing.ENTRIES + (entry & SIZE - 1) * (long) SplitRing.USED_ENTRY_BYTES;
    }

    private int descriptorOfUsed(int entry) {
        return Memory.ALL.get(JAVA_INT, usedEntry(entry));
    }

    private long bufferOfUsed(int entry) {
        return receiveBuffers + (long) descriptorOfUsed(entry) * bufferBytes;
    }

    private int usedBytes(int entry) {
        return Memory.ALL.get(JAVA_INT, usedEntry(entry) + Integer.BYTES);
    }

    private long available(int ring) {
        return rings[ring] + aligned(SplitRing.descriptorsBytes(SIZE));
    }

    private long usedRing(int ring) {
        return available(ring) + aligned(SplitRing.availableBytes(SIZE));
    }

    private long take(long bytes) {
        long taken = next;
        next += aligned(bytes);
        return taken;
    }

    private static long aligned(long bytes) {
        return bytes + 63 & -64;
    }

    private static int u16(long address) {
        return Memory.ALL.get(JAVA_SHORT, address) & 0xffff;
    }

    private static void put16(long address, int value) {
        Memory.ALL.set(JAVA_SHORT, address, (short) value);
    }

    @Override
    public void close() {
        connection.close();
        kick.close();
        call.close();
        memory.close();
    }
}
