// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * Layout of a packed virtqueue, VIRTIO 1.2 section 2.8: one ring of descriptors that driver and device both write, and an event
 * structure of each. All little-endian. In vhost-user's vring address, the driver's structure is the "available" one and the
 * device's the "used" one.
 *
 * <pre>
 *  descriptor, 16 bytes                event structure, 4 bytes
 *   0 address, guest-physical (u64)     0 offset (15 bits) and wrap counter (1 bit)
 *   8 length (u32)                      2 flags (u16): enable, disable, or only at the descriptor above
 *  12 buffer id (u16)
 *  14 flags (u16)
 * </pre>
 */
public final class PackedRing {

    /** Bytes of a descriptor. */
    public static final int DESCRIPTOR_BYTES = 16;
    /** Offset of the address (u64). */
    public static final int DESCRIPTOR_ADDRESS = 0;
    /** Offset of the length (u32). */
    public static final int DESCRIPTOR_LENGTH = 8;
    /** Offset of the buffer's id (u16). */
    public static final int DESCRIPTOR_ID = 12;
    /** Offset of the flags (u16). */
    public static final int DESCRIPTOR_FLAGS = 14;

    /** {@code VIRTQ_DESC_F_NEXT}: the chain goes on in the next descriptor. */
    public static final int F_NEXT = 1;
    /** {@code VIRTQ_DESC_F_WRITE}: the device writes. */
    public static final int F_WRITE = 2;
    /** {@code VIRTQ_DESC_F_INDIRECT}: a table of descriptors. */
    public static final int F_INDIRECT = 4;
    /** {@code VIRTQ_DESC_F_AVAIL}. */
    public static final int F_AVAIL = 1 << 7;
    /** {@code VIRTQ_DESC_F_USED}. */
    public static final int F_USED = 1 << 15;

    /** Bytes of an event structure. */
    public static final int EVENT_BYTES = 4;
    /** Offset of its offset and wrap counter (u16). */
    public static final int EVENT_OFFSET = 0;
    /** Offset of its flags (u16). */
    public static final int EVENT_FLAGS = 2;
    /** {@code RING_EVENT_FLAGS_ENABLE}. */
    public static final int EVENT_ENABLE = 0;
    /** {@code RING_EVENT_FLAGS_DISABLE}. */
    public static final int EVENT_DISABLE = 1;
    /** {@code RING_EVENT_FLAGS_DESC}: at the descriptor that the offset names. */
    public static final int EVENT_DESCRIPTOR = 2;

    private PackedRing() {}
}
