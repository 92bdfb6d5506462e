// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

/**
 * What the sender of a frame left to be done by whoever sends it on: the transport checksum, and cutting a large TCP or UDP
 * payload into segments. One word for a frame, as {@code struct virtio_net_hdr} (linux/virtio_net.h) says it:
 *
 * <pre>
 *  63       48 47       32 31       16 15     8 7      0
 *  csum_start | csum_offset | gso_size | gso_type | flags
 * </pre>
 *
 * <p>{@code csum_start} counts from the frame's first byte, where the checksum begins; {@code csum_offset} from there, where it
 * goes. The field there holds the sum of the pseudo header, not complemented. {@code gso_size} is the payload of one segment
 * in bytes. A port whose peer cannot finish frames is given finished ones. A {@code csum_start} of 0 says that the
 * checksum is TCP's or UDP's, wherever the headers have it: ports whose peers do not tell use that.
 *
 * <p>What a peer can finish itself is a set of bits, {@link #CHECKSUM} and {@code 1 << gso_type} for each type that it takes.
 *
 * <p>Stateless; any thread.
 */
public final class Offload {

    /** Nothing is left to be done. */
    public static final long NONE = 0;

    /** {@code VIRTIO_NET_HDR_F_NEEDS_CSUM}: the transport checksum is partial. */
    public static final int NEEDS_CHECKSUM = 1;

    /** {@code VIRTIO_NET_HDR_GSO_NONE}. */
    public static final int GSO_NONE = 0;

    /** {@code VIRTIO_NET_HDR_GSO_TCPV4}. */
    public static final int GSO_TCPV4 = 1;

    /** {@code VIRTIO_NET_HDR_GSO_TCPV6}. */
    public static final int GSO_TCPV6 = 4;

    /** {@code VIRTIO_NET_HDR_GSO_UDP_L4}. */
    public static final int GSO_UDP_L4 = 5;

    /** {@code VIRTIO_NET_HDR_GSO_ECN}, a bit beside the type: the first segment may have CWR set. */
    public static final int GSO_ECN = 0x80;

    /** Bit of a peer that completes checksums. One that takes segments does, too. */
    public static final int CHECKSUM = 1 << GSO_NONE;

    /** Bit of a peer that cuts, or takes whole, TCP over IPv4. */
    public static final int TCPV4 = 1 << GSO_TCPV4;

    /** Bit of a peer that cuts, or takes whole, TCP over IPv6. */
    public static final int TCPV6 = 1 << GSO_TCPV6;

    /** Bit of a peer that cuts, or takes whole, UDP. */
    public static final int UDP_L4 = 1 << GSO_UDP_L4;

    private Offload() {}

    /** Packs the fields of a header, each within its width. */
    public static long of(int flags, int gsoType, int gsoSize, int checksumStart, int checksumOffset) {
        return (long) checksumStart << 48 | (long) checksumOffset << 32 | (long) gsoSize << 16 | gsoType << 8 | flags;
    }

    /** What a peer must be able to do to be given the frame as it is; 0 for a finished one. */
    public static int required(long offload) {
        return offload == NONE ? 0 : CHECKSUM | 1 << gsoType(offload);
    }

    /** Whether a peer that can do this may be given the frame as it is. */
    public static boolean isTaken(long offload, int offloads) {
        return (required(offload) & ~offloads) == 0;
    }

    /** Whether a peer that can do this may be given all frames of a batch as they are. */
    public static boolean areTaken(FrameBatch batch, int offloads) {
        long any = 0;
        for (int i = 0; i < batch.count; i++) {
            any |= batch.offload[i];
        }
        int required = 0;
        for (int i = 0; any != 0 && i < batch.count; i++) {
            required |= required(batch.offload[i]);
        }
        return (required & ~offloads) == 0;
    }

    /** {@link #NEEDS_CHECKSUM} or 0. */
    public static int flags(long offload) {
        return (int) offload & 0xff;
    }

    /** How the payload is to be cut: {@link #GSO_NONE}, {@link #GSO_TCPV4}… */
    public static int gsoType(long offload) {
        return (int) offload >>> 8 & 0xff;
    }

    /** Payload of one segment in bytes. */
    public static int gsoSizeBytes(long offload) {
        return (int) offload >>> 16 & 0xffff;
    }

    /** Where the checksum begins, in bytes from the frame's first. */
    public static int checksumStart(long offload) {
        return (int) (offload >>> 48);
    }

    /** Where the checksum goes, in bytes from {@link #checksumStart}. */
    public static int checksumOffset(long offload) {
        return (int) (offload >>> 32) & 0xffff;
    }
}
