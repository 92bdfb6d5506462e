// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.vhost.SplitRing;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A split virtqueue seen from the driver, whose descriptors and available entries are written once: entry i is for ever
 * descriptor i, which is for ever buffer i. So a burst is made available by one store of the index. This needs a device that uses
 * buffers in order, as {@code VIRTIO_F_IN_ORDER} promises and every known one does; {@link #checkOrder} finds out.
 *
 * <p>A buffer holds the header of virtio-net and a frame. Buffers lie an odd number of cache lines apart, so that their first
 * lines spread over the sets of a cache.
 *
 * <p>Thread: the generating one.
 */
final class GuestRing {

    /** {@code struct virtio_net_hdr_mrg_rxbuf}, which is the header of every device of VIRTIO 1. */
    static final int HEADER_BYTES = 12;

    /** Bytes of a buffer, and how far they are apart: 33 cache lines. */
    static final int BUFFER_BYTES = 33 * 64;

    private static final VarHandle INDEX = ValueLayout.JAVA_SHORT.varHandle();

    final int size;
    final int mask;
    final long buffers;
    private final long descriptors;
    private final long available;
    private final long used;

    /** What the driver made available so far, modulo 2^16. */
    int availableIndex;

    private GuestRing(GuestMemory memory, int size) {
        this.size = size;
        this.mask = size - 1;
        this.descriptors = memory.take(SplitRing.descriptorsBytes(size));
        this.available = memory.take(SplitRing.availableBytes(size));
        this.used = memory.take(SplitRing.usedBytes(size));
        this.buffers = memory.take((long) size * BUFFER_BYTES);
    }

    /** A ring of which the driver sends frames of this length. */
    static GuestRing toSend(GuestMemory memory, int size, int frameBytes) {
        GuestRing ring = new GuestRing(memory, size);
        ring.prepare(HEADER_BYTES + frameBytes, 0);
        return ring;
    }

    /** A ring by which the driver receives; all buffers are available. */
    static GuestRing toReceive(GuestMemory memory, int size) {
        GuestRing ring = new GuestRing(memory, size);
        ring.prepare(BUFFER_BYTES, SplitRing.F_WRITE);
        ring.publish(size);
        return ring;
    }

    /** Memory that a ring of this size takes. */
    static long bytes(int size) {
        return SplitRing.descriptorsBytes(size)
                + SplitRing.availableBytes(size)
                + SplitRing.usedBytes(size)
                + (long) size * BUFFER_BYTES
                + 4 * 64;
    }

    long descriptors() {
        return descriptors;
    }

    long available() {
        return available;
    }

    long used() {
        return used;
    }

    /** Address of the frame in a slot. */
    long frame(int slot) {
        return buffers + (long) (slot & mask) * BUFFER_BYTES + HEADER_BYTES;
    }

    /** Copies a frame into every buffer. */
    void fill(byte[] frame) {
        for (int slot = 0; slot < size; slot++) {
            Memory.copyIn(frame, 0, frame(slot), frame.length);
        }
    }

    /** Makes so many more buffers available, whose contents were written before. */
    void publish(int count) {
        availableIndex = availableIndex + count & 0xffff;
        INDEX.setRelease(Memory.ALL, available + SplitRing.INDEX, (short) availableIndex);
    }

    /** How many buffers the device used so far, modulo 2^16; what it wrote to them can be read. */
    int usedIndex() {
        return (short) INDEX.getAcquire(Memory.ALL, used + SplitRing.INDEX) & 0xffff;
    }

    /** Whether the device asks to be told of new buffers. To be read after a full fence behind {@link #publish}. */
    boolean wantsKick() {
        short flags = (short) INDEX.getOpaque(Memory.ALL, used + SplitRing.FLAGS);
        return (flags & SplitRing.NO_NOTIFY) == 0;
    }

    /** Length of what the device wrote into the buffer of a slot, its header left out. */
    int usedFrameBytes(int slot) {
        return Memory.ALL.get(ValueLayout.JAVA_INT, usedEntry(slot) + Integer.BYTES) - HEADER_BYTES;
    }

    /**
     * Sees that the device used the buffer that was its turn.
     *
     * @throws IllegalStateException if not
     */
    void checkOrder(int slot) {
        int descriptor = Memory.ALL.get(ValueLayout.JAVA_INT, usedEntry(slot));
        if (descriptor != (slot & mask)) {
            throw new IllegalStateException("the switch used buffer " + descriptor + " where " + (slot & mask)
                    + " was its turn; the generator works only with switches that use buffers in order");
        }
    }

    private long usedEntry(int slot) {
        return used + SplitRing.ENTRIES + (long) (slot & mask) * SplitRing.USED_ENTRY_BYTES;
    }

    private void prepare(int lengthBytes, int flags) {
        for (int i = 0; i < size; i++) {
            long descriptor = descriptors + (long) i * SplitRing.DESCRIPTOR_BYTES;
            Memory.ALL.set(
                    ValueLayout.JAVA_LONG,
                    descriptor + SplitRing.DESCRIPTOR_ADDRESS,
                    buffers + (long) i * BUFFER_BYTES);
            Memory.ALL.set(ValueLayout.JAVA_INT, descriptor + SplitRing.DESCRIPTOR_LENGTH, lengthBytes);
            Memory.ALL.set(ValueLayout.JAVA_SHORT, descriptor + SplitRing.DESCRIPTOR_FLAGS, (short) flags);
            Memory.ALL.set(
                    ValueLayout.JAVA_SHORT,
                    available + SplitRing.ENTRIES + (long) i * SplitRing.AVAILABLE_ENTRY_BYTES,
                    (short) i);
        }
        // The generator polls.
        Memory.ALL.set(ValueLayout.JAVA_SHORT, available + SplitRing.FLAGS, (short) SplitRing.NO_INTERRUPT);
    }
}
