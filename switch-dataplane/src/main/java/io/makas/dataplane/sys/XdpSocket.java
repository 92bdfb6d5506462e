// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * An AF_XDP socket and the four rings that it shares with the kernel, of {@code linux/if_xdp.h}: set-up and wake-ups. What
 * goes through the rings is the business of package {@code ring}.
 *
 * <p>Each socket registers its own view of the frame memory. Sockets may register the same memory: then a frame that came in
 * by one goes out by another without a copy, and neither depends on the other's life, as it would with
 * {@code XDP_SHARED_UMEM}.
 *
 * <p>Thread: set-up, {@link #statistics} and {@link #close} by a control thread; {@link #wakeTransmit} and
 * {@link #wakeReceive} by the worker. Owner: the port.
 */
public final class XdpSocket implements AutoCloseable {

    /** {@code XDP_COPY}: the kernel copies frames, any driver. */
    public static final int XDP_COPY = 1 << 1;
    /** {@code XDP_ZEROCOPY}: the driver writes into the frame memory, or the socket is not bound. */
    public static final int XDP_ZEROCOPY = 1 << 2;
    /** {@code XDP_USE_NEED_WAKEUP}: the rings say when the kernel wants to be called. */
    public static final int XDP_USE_NEED_WAKEUP = 1 << 3;
    /** {@code XDP_USE_SG}, since Linux 6.6: a frame may take several entries of a ring. */
    public static final int XDP_USE_SG = 1 << 4;
    /** {@code XDP_PACKET_HEADROOM} of {@code linux/bpf.h}: bytes that the kernel leaves before each frame. */
    public static final int XDP_PACKET_HEADROOM = 256;

    private static final int SOL_XDP = 283;
    private static final int XDP_MMAP_OFFSETS = 1;
    private static final int XDP_RX_RING = 2;
    private static final int XDP_TX_RING = 3;
    private static final int XDP_UMEM_REG = 4;
    private static final int XDP_UMEM_FILL_RING = 5;
    private static final int XDP_UMEM_COMPLETION_RING = 6;
    private static final int XDP_STATISTICS = 7;
    private static final int XDP_OPTIONS = 8;
    private static final int XDP_OPTIONS_ZEROCOPY = 1;
    private static final long XDP_PGOFF_RX_RING = 0;
    private static final long XDP_PGOFF_TX_RING = 0x80000000L;
    private static final long XDP_UMEM_PGOFF_FILL_RING = 0x100000000L;
    private static final long XDP_UMEM_PGOFF_COMPLETION_RING = 0x180000000L;

    /** Room for what a full transmit ring sends: more than the usual, or the kernel would hold frames back. */
    private static final int SEND_BUFFER_BYTES = 8 << 20;

    /** {@code XDP_UMEM_TX_METADATA_LEN} of {@code linux/if_xdp.h}, since Linux 6.11. */
    private static final int XDP_UMEM_TX_METADATA_LEN = 1 << 2;

    private static final int UMEM_REG_BYTES = 32;
    private static final int SOCKADDR_BYTES = 16;
    private static final int OFFSETS_BYTES = 128;
    private static final int RING_OFFSETS_BYTES = 32;
    private static final int STATISTICS_BYTES = 48;
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int ADDRESS_BYTES = 8;

    /**
     * Where a ring lies: addresses of {@code struct xdp_ring_offset}, made absolute.
     *
     * @param producerAddress of the index that the producer writes
     * @param consumerAddress of the index that the consumer writes
     * @param flagsAddress of the flags that the kernel writes
     * @param entriesAddress of entry 0
     * @param size number of entries, a power of two
     */
    public record Ring(long producerAddress, long consumerAddress, long flagsAddress, long entriesAddress, int size) {}

    /**
     * Frames that the kernel could not deliver or take, since the socket was opened: {@code struct xdp_statistics}.
     *
     * @param receiveDropped for other reasons than the following, e.g. longer than a frame buffer
     * @param receiveInvalid addresses in the fill ring that are outside the frame memory
     * @param transmitInvalid entries in the transmit ring that are outside the frame memory
     * @param receiveRingFull frames that came while the worker did not poll
     * @param fillRingEmpty frames that came while the kernel had no buffer
     * @param transmitRingEmpty times that the kernel looked and found nothing to send; no loss
     */
    public record Statistics(
            long receiveDropped,
            long receiveInvalid,
            long transmitInvalid,
            long receiveRingFull,
            long fillRingEmpty,
            long transmitRingEmpty) {}

    private final MemorySegment workerStatistics = Arena.ofAuto().allocate(STATISTICS_BYTES, Long.BYTES);
    private final MemorySegment workerStatisticsLength = Arena.ofAuto().allocate(Integer.BYTES, Integer.BYTES);
    private final Descriptor descriptor;
    private final List<Mapping> mappings = new ArrayList<>();
    private final Ring fillRing;
    private final Ring completionRing;
    private final Ring receiveRing;
    private final Ring transmitRing;
    private final boolean hasTransmitMetadata;

    /**
     * Opens a socket over a piece of memory, in the namespace of the calling thread.
     *
     * @param memory frame buffers, page-aligned
     * @param frameBytes size of each buffer: 2048 or 4096
     * @param receiveEntries size of the fill ring and of the receive ring, a power of two
     * @param transmitEntries size of the transmit ring and of the completion ring, a power of two
     * @param metadataBytes room in front of each frame to send, for what is told the kernel about it; 0 for none
     * @throws SysException when the kernel refuses
     */
    public XdpSocket(Mapping memory, int frameBytes, int receiveEntries, int transmitEntries, int metadataBytes) {
        this.descriptor = new Descriptor(
                LibcSockets.socket(LibcSockets.AF_XDP, LibcSockets.SOCK_RAW, 0),
                "socket(AF_XDP)",
                "it needs CAP_NET_RAW and a kernel with CONFIG_XDP_SOCKETS");
        try (Arena arena = Arena.ofConfined()) {
            hasTransmitMetadata = register(arena, memory, frameBytes, metadataBytes);
            // A wish: without CAP_NET_ADMIN the usual room must do.
            LibcSockets.setsockopt(
                    fileDescriptor(),
                    LibcSockets.SOL_SOCKET,
                    LibcSockets.SO_SNDBUFFORCE,
                    arena.allocateFrom(JAVA_INT, SEND_BUFFER_BYTES));
            size(arena, XDP_UMEM_FILL_RING, "fill", receiveEntries);
            size(arena, XDP_UMEM_COMPLETION_RING, "completion", transmitEntries);
            size(arena, XDP_RX_RING, "receive", receiveEntries);
            size(arena, XDP_TX_RING, "transmit", transmitEntries);
            MemorySegment offsets = arena.allocate(OFFSETS_BYTES, Long.BYTES);
            read(arena, XDP_MMAP_OFFSETS, "XDP_MMAP_OFFSETS", offsets);
            MemorySegment rx = offsets.asSlice(0, RING_OFFSETS_BYTES);
            MemorySegment tx = offsets.asSlice(RING_OFFSETS_BYTES, RING_OFFSETS_BYTES);
            MemorySegment fr = offsets.asSlice(2 * RING_OFFSETS_BYTES, RING_OFFSETS_BYTES);
            MemorySegment cr = offsets.asSlice(3 * RING_OFFSETS_BYTES, RING_OFFSETS_BYTES);
            receiveRing = map("receive", rx, XDP_PGOFF_RX_RING, receiveEntries, DESCRIPTOR_BYTES);
            transmitRing = map("transmit", tx, XDP_PGOFF_TX_RING, transmitEntries, DESCRIPTOR_BYTES);
            fillRing = map("fill", fr, XDP_UMEM_PGOFF_FILL_RING, receiveEntries, ADDRESS_BYTES);
            completionRing = map("completion", cr, XDP_UMEM_PGOFF_COMPLETION_RING, transmitEntries, ADDRESS_BYTES);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Binds to a queue of an interface.
     *
     * @param flags {@link #XDP_USE_NEED_WAKEUP}, {@link #XDP_USE_SG}, {@link #XDP_COPY} or {@link #XDP_ZEROCOPY}
     * @return 0 or −errno: {@code −EBUSY} when another socket has the queue, {@code −EINVAL} when there is no such queue
     */
    public int bind(int interfaceIndex, int queue, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SOCKADDR_BYTES, Integer.BYTES);
            address.set(JAVA_SHORT, 0, (short) LibcSockets.AF_XDP);
            address.set(JAVA_SHORT, 2, (short) flags);
            address.set(JAVA_INT, 4, interfaceIndex);
            address.set(JAVA_INT, 8, queue);
            return LibcSockets.bind(fileDescriptor(), address);
        }
    }

    /** Whether the driver writes straight into the frame memory. Known after {@link #bind}. */
    public boolean zeroCopy() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment options = arena.allocate(Integer.BYTES, Integer.BYTES);
            read(arena, XDP_OPTIONS, "XDP_OPTIONS", options);
            return (options.get(JAVA_INT, 0) & XDP_OPTIONS_ZEROCOPY) != 0;
        }
    }

    /** Whether the kernel reads what is in front of a frame to send, as it was told to. */
    public boolean hasTransmitMetadata() {
        return hasTransmitMetadata;
    }

    /** What was lost so far, by reason. */
    public Statistics statistics() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(STATISTICS_BYTES, Long.BYTES);
            read(arena, XDP_STATISTICS, "XDP_STATISTICS", value);
            long[] words = value.toArray(JAVA_LONG);
            return new Statistics(words[0], words[1], words[2], words[3], words[4], words[5]);
        }
    }

    /** Frames that came and were lost, for any reason, so far. For the worker: allocates nothing. */
    public long receiveLosses() {
        workerStatisticsLength.set(JAVA_INT, 0, STATISTICS_BYTES);
        int answer = LibcSockets.getsockopt(
                fileDescriptor(), SOL_XDP, XDP_STATISTICS, workerStatistics, workerStatisticsLength);
        // A frame for which the kernel had no buffer is counted as dropped, and once more by its reason.
        return answer < 0 ? 0 : workerStatistics.get(JAVA_LONG, 0) + workerStatistics.get(JAVA_LONG, 24);
    }

    /** The socket, readable when the receive ring is not empty. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /** Kernel takes buffers out of this ring to receive into. */
    public Ring fillRing() {
        return fillRing;
    }

    /** Kernel puts buffers into this ring that it has sent. */
    public Ring completionRing() {
        return completionRing;
    }

    /** Kernel puts received frames into this ring. */
    public Ring receiveRing() {
        return receiveRing;
    }

    /** Kernel takes frames out of this ring to send. */
    public Ring transmitRing() {
        return transmitRing;
    }

    /**
     * Makes the kernel send some of what is in the transmit ring, 32 frames at least.
     *
     * @return false when there is more to send, or when it cannot just now, or when the interface is down or gone; the ring
     *     tells whether there was progress
     */
    public boolean wakeTransmit() {
        return LibcSockets.wakeTransmit(fileDescriptor());
    }

    /** As {@link #wakeTransmit}, for when it answered false: 0, or −errno why it did not send all. Rarely called. */
    public int askWhyNotSent() {
        return (int) LibcSockets.send(fileDescriptor(), 0, 0, LibcSockets.MSG_DONTWAIT);
    }

    /** Makes the kernel look into the fill ring. Returns false when the interface is down or gone. */
    public boolean wakeReceive() {
        return LibcSockets.wakeReceive(fileDescriptor());
    }

    @Override
    public void close() {
        descriptor.close();
        mappings.forEach(Mapping::close);
    }

    /**
     * {@code struct xdp_umem_reg}: address, length, size of a buffer, extra headroom, flags, room for metadata. Returns whether
     * the kernel knows of metadata.
     */
    private boolean register(Arena arena, Mapping memory, int frameBytes, int metadataBytes) {
        MemorySegment request = arena.allocate(UMEM_REG_BYTES, Long.BYTES);
        request.set(JAVA_LONG, 0, memory.address());
        request.set(JAVA_LONG, 8, memory.sizeBytes());
        request.set(JAVA_INT, 16, frameBytes);
        if (metadataBytes > 0) {
            request.set(JAVA_INT, 24, XDP_UMEM_TX_METADATA_LEN);
            request.set(JAVA_INT, 28, metadataBytes);
            if (LibcSockets.setsockopt(fileDescriptor(), SOL_XDP, XDP_UMEM_REG, request) == 0) {
                return true;
            }
            request.set(JAVA_LONG, 24, 0);
        }
        String what = "XDP_UMEM_REG of " + memory.sizeBytes() + " bytes in frames of " + frameBytes;
        write(XDP_UMEM_REG, what, request);
        return false;
    }

    private void size(Arena arena, int option, String ring, int entries) {
        write(option, "sizing the " + ring + " ring to " + entries, arena.allocateFrom(JAVA_INT, entries));
    }

    private Ring map(String name, MemorySegment offsets, long pageOffset, int entries, int entryBytes) {
        long entriesOffset = offsets.get(JAVA_LONG, 16);
        Mapping mapping = Mapping.shared(
                name + " ring", fileDescriptor(), pageOffset, entriesOffset + (long) entries * entryBytes);
        mappings.add(mapping);
        long base = mapping.address();
        return new Ring(
                base + offsets.get(JAVA_LONG, 0),
                base + offsets.get(JAVA_LONG, 8),
                base + offsets.get(JAVA_LONG, 24),
                base + entriesOffset,
                entries);
    }

    private void write(int option, String what, MemorySegment value) {
        int answer = LibcSockets.setsockopt(fileDescriptor(), SOL_XDP, option, value);
        if (answer < 0) {
            String advice =
                    answer == -Errno.ENOBUFS ? "raise the limit of locked memory (ulimit -l), or run as root" : "";
            throw new SysException(what, -answer, advice);
        }
    }

    private void read(Arena arena, int option, String name, MemorySegment value) {
        MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
        int answer = LibcSockets.getsockopt(fileDescriptor(), SOL_XDP, option, value, length);
        if (answer < 0) {
            throw new SysException("getsockopt(" + name + ")", -answer, "");
        }
    }
}
