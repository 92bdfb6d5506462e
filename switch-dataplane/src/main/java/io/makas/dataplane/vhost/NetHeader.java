// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * Layout of {@code struct virtio_net_hdr_mrg_rxbuf} (linux/virtio_net.h), in front of every frame. Little-endian.
 *
 * <pre>
 *  0 flags (u8)   1 gso_type (u8)   2 hdr_len (u16)   4 gso_size (u16)   6 csum_start (u16)   8 csum_offset (u16)   10 num_buffers (u16)
 * </pre>
 */
public final class NetHeader {

    /** Bytes of the header, with {@code VERSION_1} or {@code MRG_RXBUF}. */
    public static final int BYTES = 12;
    /** Bytes of the header of old devices, without {@link #BUFFERS}. */
    public static final int LEGACY_BYTES = 10;

    /** Offset of the flags (u8). */
    public static final int FLAGS = 0;
    /** Offset of the kind of segmentation (u8). */
    public static final int GSO_TYPE = 1;
    /** Offset of the length of the headers, a hint (u16). */
    public static final int HEADER_LENGTH = 2;
    /** Offset of a segment's payload (u16). */
    public static final int GSO_SIZE = 4;
    /** Offset of where the checksum begins (u16). */
    public static final int CSUM_START = 6;
    /** Offset of where the checksum goes, from there (u16). */
    public static final int CSUM_OFFSET = 8;
    /** Offset of the number of buffers that a received frame spans (u16). */
    public static final int BUFFERS = 10;

    private NetHeader() {}
}
