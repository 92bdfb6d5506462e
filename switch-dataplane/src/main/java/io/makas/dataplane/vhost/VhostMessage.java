// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.sys.UnixStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One message of the vhost-user protocol: a header of three words, a payload, and file descriptors beside it. A form to be
 * filled in again and again, by either end.
 *
 * <pre>
 *  0         4       8        12
 *  request | flags | size   | payload, size bytes
 * </pre>
 *
 * <p>Reading a payload beyond {@link #sizeBytes} throws {@link IndexOutOfBoundsException}, since sizes come from the other end
 * and the payloads differ between versions.
 *
 * <p>Thread: one at a time.
 */
public final class VhostMessage {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 12;
    /** Longest payload that is understood. */
    public static final int MAX_PAYLOAD_BYTES = 1024;
    /** Most regions that a payload may name: {@code VHOST_USER_MAX_RAM_SLOTS} without {@link VhostProtocol#F_CONFIGURE_MEM_SLOTS}. */
    public static final int MAX_REGIONS = 8;

    /** The version of the protocol, in the lowest two bits of the flags. */
    public static final int VERSION = 1;
    /** The bits of the version. */
    public static final int VERSION_MASK = 3;
    /** Flag of an answer. */
    public static final int REPLY = 1 << 2;
    /** Flag of a request that wants to know whether it was done, by a u64 that is 0. */
    public static final int NEED_REPLY = 1 << 3;

    private static final int FLAGS = 4;
    private static final int SIZE = 8;
    private static final int REGION_BYTES = 32;
    /** Where the regions of a table begin, and the only region of a request to add or remove one. */
    private static final int REGIONS = 8;

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(HEADER_BYTES + MAX_PAYLOAD_BYTES).order(ByteOrder.nativeOrder());
    private final int[] fileDescriptors = new int[UnixStream.MAX_FILE_DESCRIPTORS];
    private int fileDescriptorCount;

    /** Header and payload, for whoever sends and receives them. */
    ByteBuffer bytes() {
        return bytes;
    }

    /** The descriptors, of which the first {@link #fileDescriptorCount} count. */
    int[] fileDescriptors() {
        return fileDescriptors;
    }

    /** Says how many descriptors there are. */
    void fileDescriptorCount(int count) {
        fileDescriptorCount = count;
    }

    /** Begins a message without payload and descriptors. */
    public VhostMessage request(int request) {
        return begin(request, VERSION);
    }

    /** Makes an answer of the request that is here, without payload. */
    public VhostMessage reply() {
        return begin(request(), VERSION | REPLY);
    }

    /** Asks to be told whether the request was done. */
    public VhostMessage needReply() {
        bytes.putInt(FLAGS, flags() | NEED_REPLY);
        return this;
    }

    /** Sets the payload to one u64. */
    public VhostMessage u64(long value) {
        bytes.putLong(HEADER_BYTES, value);
        return size(Long.BYTES);
    }

    /** Sets the payload to a vring state: the ring's number, and a size, an index or a switch. */
    public VhostMessage vringState(int ring, int value) {
        bytes.putInt(HEADER_BYTES, ring);
        bytes.putInt(HEADER_BYTES + 4, value);
        return size(Long.BYTES);
    }

    /** Sets the payload to a vring address; all are addresses of the front end. */
    public VhostMessage vringAddress(int ring, long descriptors, long used, long available) {
        bytes.putInt(HEADER_BYTES, ring);
        bytes.putInt(HEADER_BYTES + 4, 0);
        bytes.putLong(HEADER_BYTES + 8, descriptors);
        bytes.putLong(HEADER_BYTES + 16, used);
        bytes.putLong(HEADER_BYTES + 24, available);
        bytes.putLong(HEADER_BYTES + 32, 0);
        return size(40);
    }

    /**
     * Appends a region to the payload, a table of them.
     *
     * @param guestAddress where the guest sees it
     * @param userAddress where the front end sees it
     * @param mapOffset where it begins in its file
     */
    public VhostMessage addRegion(long guestAddress, long regionBytes, long userAddress, long mapOffset, int fd) {
        int index = sizeBytes() == 0 ? 0 : regionCount();
        bytes.putInt(HEADER_BYTES, index + 1);
        bytes.putInt(HEADER_BYTES + 4, 0);
        region(index, guestAddress, regionBytes, userAddress, mapOffset);
        size(REGIONS + (index + 1) * REGION_BYTES);
        return addFileDescriptor(fd);
    }

    /** Sets the payload to one region, as requests have it that add or remove one. */
    public VhostMessage region(long guestAddress, long regionBytes, long userAddress, long mapOffset) {
        bytes.putLong(HEADER_BYTES, 0);
        region(0, guestAddress, regionBytes, userAddress, mapOffset);
        return size(REGIONS + REGION_BYTES);
    }

    /** Sets the payload to a description of the memory in which a back end notes what it works on. */
    public VhostMessage inflight(long mapBytes, long mapOffset, int queues, int queueSize) {
        bytes.putLong(HEADER_BYTES, mapBytes);
        bytes.putLong(HEADER_BYTES + 8, mapOffset);
        bytes.putShort(HEADER_BYTES + 16, (short) queues);
        bytes.putShort(HEADER_BYTES + 18, (short) queueSize);
        bytes.putInt(HEADER_BYTES + 20, 0);
        return size(24);
    }

    /** Adds a file descriptor, which stays the caller's. */
    public VhostMessage addFileDescriptor(int fd) {
        fileDescriptors[fileDescriptorCount++] = fd;
        return this;
    }

    /** The request, or the one that is answered: a number of {@link VhostProtocol}. */
    public int request() {
        return bytes.getInt(0);
    }

    /** Version and flags. */
    public int flags() {
        return bytes.getInt(FLAGS);
    }

    /** Whether an answer is wanted that says whether the request was done. */
    public boolean needsReply() {
        return (flags() & NEED_REPLY) != 0;
    }

    /** Bytes of the payload. */
    public int sizeBytes() {
        return bytes.getInt(SIZE);
    }

    /** A payload of one u64. */
    public long u64() {
        return bytes.getLong(at(0, Long.BYTES));
    }

    /** Number of the ring that the payload is about, unsigned: of a vring state or address. */
    public int ring() {
        return bytes.getInt(at(0, Integer.BYTES));
    }

    /** The value of a vring state. */
    public int ringValue() {
        return bytes.getInt(at(4, Integer.BYTES));
    }

    /** Flags of a vring address. */
    public int ringFlags() {
        return bytes.getInt(at(4, Integer.BYTES));
    }

    /** Descriptors of a vring address, where the front end sees them. */
    public long ringDescriptors() {
        return bytes.getLong(at(8, Long.BYTES));
    }

    /** Used ring of a vring address. */
    public long ringUsed() {
        return bytes.getLong(at(16, Long.BYTES));
    }

    /** Available ring of a vring address. */
    public long ringAvailable() {
        return bytes.getLong(at(24, Long.BYTES));
    }

    /** Number of regions in a table, not checked. */
    public int regionCount() {
        return bytes.getInt(at(0, Integer.BYTES));
    }

    /** Where the guest sees a region; the one of a request to add or remove one has index 0. */
    public long regionGuestAddress(int index) {
        return bytes.getLong(at(REGIONS + index * REGION_BYTES, Long.BYTES));
    }

    /** Size of a region. */
    public long regionBytes(int index) {
        return bytes.getLong(at(REGIONS + index * REGION_BYTES + 8, Long.BYTES));
    }

    /** Where the front end sees a region. */
    public long regionUserAddress(int index) {
        return bytes.getLong(at(REGIONS + index * REGION_BYTES + 16, Long.BYTES));
    }

    /** Where a region begins in its file. */
    public long regionMapOffset(int index) {
        return bytes.getLong(at(REGIONS + index * REGION_BYTES + 24, Long.BYTES));
    }

    /** Size of an inflight memory. */
    public long inflightBytes() {
        return bytes.getLong(at(0, Long.BYTES));
    }

    /** Where an inflight memory begins in its file. */
    public long inflightOffset() {
        return bytes.getLong(at(8, Long.BYTES));
    }

    /** Rings that an inflight memory is for. */
    public int inflightQueues() {
        return bytes.getShort(at(16, Short.BYTES)) & 0xffff;
    }

    /** Size of each of those rings. */
    public int inflightQueueSize() {
        return bytes.getShort(at(18, Short.BYTES)) & 0xffff;
    }

    /** Number of file descriptors that came with the message. */
    public int fileDescriptorCount() {
        return fileDescriptorCount;
    }

    /** A file descriptor that came with the message; it stays the message's. */
    public int fileDescriptor(int index) {
        if (index >= fileDescriptorCount) {
            throw new IndexOutOfBoundsException("file descriptor " + index + " of " + fileDescriptorCount);
        }
        return fileDescriptors[index];
    }

    /** Takes a file descriptor out of the message; it is the caller's to close. */
    public int takeFileDescriptor(int index) {
        int fd = fileDescriptor(index);
        fileDescriptors[index] = -1;
        return fd;
    }

    /** Closes what descriptors came with the message and nobody took. Only for messages that were received. */
    public void closeFileDescriptors() {
        for (int i = 0; i < fileDescriptorCount; i++) {
            if (fileDescriptors[i] >= 0) {
                UnixStream.closeFileDescriptor(fileDescriptors[i]);
            }
        }
        fileDescriptorCount = 0;
    }

    private VhostMessage begin(int request, int flags) {
        bytes.putInt(0, request);
        bytes.putInt(FLAGS, flags);
        fileDescriptorCount = 0;
        return size(0);
    }

    private VhostMessage size(int sizeBytes) {
        bytes.putInt(SIZE, sizeBytes);
        return this;
    }

    private void region(int index, long guestAddress, long regionBytes, long userAddress, long mapOffset) {
        int at = HEADER_BYTES + REGIONS + index * REGION_BYTES;
        bytes.putLong(at, guestAddress);
        bytes.putLong(at + 8, regionBytes);
        bytes.putLong(at + 16, userAddress);
        bytes.putLong(at + 24, mapOffset);
    }

    private int at(int offset, int lengthBytes) {
        if (offset < 0 || offset + lengthBytes > sizeBytes()) {
            throw new IndexOutOfBoundsException(
                    "message " + request() + " has " + sizeBytes() + " bytes, not " + (offset + lengthBytes));
        }
        return HEADER_BYTES + offset;
    }
}
