// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * Layout of a split virtqueue, VIRTIO 1.2 section 2.7, for a ring of {@code size} entries, a power of two. All little-endian.
 *
 * <pre>
 *  descriptor table, 16 bytes each       available ring (driver writes)     used ring (device writes)
 *   0 address, guest-physical (u64)       0 flags (u16)                      0 flags (u16)
 *   8 length (u32)                        2 index (u16)                      2 index (u16)
 *  12 flags (u16)                         4 entries: descriptor (u16)        4 entries: descriptor (u32), length (u32)
 *  14 next (u16)                            … used event (u16)                 … available event (u16)
 * </pre>
 */
public final class SplitRing {

    /** Largest ring. */
    public static final int MAX_SIZE = 32_768;

    /** Bytes of a descriptor. */
    public static final int DESCRIPTOR_BYTES = 16;
    /** Offset of the address (u64). */
    public static final int DESCRIPTOR_ADDRESS = 0;
    /** Offset of the length (u32). */
    public static final int DESCRIPTOR_LENGTH = 8;
    /** Offset of the flags (u16). */
    public static final int DESCRIPTOR_FLAGS = 12;
    /** Offset of the next descriptor's index (u16). */
    public static final int DESCRIPTOR_NEXT = 14;

    /** {@code VIRTQ_DESC_F_NEXT}: the chain goes on. */
    public static final int F_NEXT = 1;
    /** {@code VIRTQ_DESC_F_WRITE}: the device writes. */
    public static final int F_WRITE = 2;
    /** {@code VIRTQ_DESC_F_INDIRECT}: a table of descriptors. */
    public static final int F_INDIRECT = 4;

    /** Offset of the flags of the available or the used ring (u16). */
    public static final int FLAGS = 0;
    /** Offset of the index of the available or the used ring (u16). */
    public static final int INDEX = 2;
    /** Offset of the first entry of the available or the used ring. */
    public static final int ENTRIES = 4;

    /** Bytes of an entry of the available ring. */
    public static final int AVAILABLE_ENTRY_BYTES = 2;
    /** Bytes of an entry of the used ring: descriptor (u32), then length written (u32). */
    public static final int USED_ENTRY_BYTES = 8;

    /** {@code VIRTQ_AVAIL_F_NO_INTERRUPT}: the driver polls. */
    public static final int NO_INTERRUPT = 1;
    /** {@code VIRTQ_USED_F_NO_NOTIFY}: the device polls. */
    public static final int NO_NOTIFY = 1;

    private SplitRing() {}

    /** Offset of the used event in an available ring. */
    public static int usedEvent(int size) {
        return ENTRIES + size * AVAILABLE_ENTRY_BYTES;
    }

    /** Offset of the available event in a used ring. */
    public static int availableEvent(int size) {
        return ENTRIES + size * USED_ENTRY_BYTES;
    }

    /** Bytes of a descriptor table. */
    public static long descriptorsBytes(int size) {
        return (long) size * DESCRIPTOR_BYTES;
    }

    /** Bytes of an available ring, its event included. */
    public static long availableBytes(int size) {
        return usedEvent(size) + 2L;
    }

    /** Bytes of a used ring, its event included. */
    public static long usedBytes(int size) {
        return availableEvent(size) + 2L;
    }
}
