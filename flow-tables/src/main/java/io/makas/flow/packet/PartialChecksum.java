// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * Transport checksums that a sender left to hardware, on a way that has none: Linux does so between virtual interfaces
 * ({@code CHECKSUM_PARTIAL}). The field then holds the sum of the pseudo header alone, not complemented, or with SCTP 0. Whoever
 * takes such a frame from the kernel as bytes and sends it on must complete it, or the receiver drops TCP and UDP while ping
 * works.
 *
 * <p>The field is all that shows it. One right checksum in 65,536 looks the same by chance, and is computed to what it was.
 *
 * <p>Any thread.
 */
public final class PartialChecksum {

    private PartialChecksum() {}

    /**
     * Completes the checksum of a frame if it looks partial.
     *
     * @param address of the frame
     * @param layers of the frame, as {@link Layers#locate} tells
     * @return whether it did
     */
    public static boolean complete(MemorySegment memory, long address, long layers) {
        if (!isPartial(memory, address, layers)) {
            return false;
        }
        TransportChecksum.compute(memory, address, layers);
        return true;
    }

    /**
     * Makes the checksum of a TCP or UDP packet partial, whatever it was: the field holds the sum of the pseudo header that the
     * packet has now. Goes by the version in the IP header, so that labels may lie in front of it.
     *
     * @param address of the frame
     * @param layers of the frame, as {@link Layers#locateIp} tells: TCP or UDP, neither a fragment nor routed
     */
    public static void prepare(MemorySegment memory, long address, long layers) {
        Bytes.put16(memory, checksumAddress(address, layers), Checksum.fold(sumBefore(memory, address, layers)));
    }

    /** Computes the checksum of such a packet, whatever the field held. */
    public static void finish(MemorySegment memory, long address, long layers) {
        prepare(memory, address, layers);
        long header = address + Layers.transport(layers);
        int checksum = Checksum.of(Checksum.sum(memory, header, Layers.transportBytes(layers)));
        boolean udp = Layers.protocol(layers) == IpProtocol.UDP;
        Bytes.put16(memory, checksumAddress(address, layers), udp ? notNone(checksum) : checksum);
    }

    /**
     * Completes any Internet checksum as {@code skb_checksum_help} of Linux does: the complement of the sum of all bytes from
     * {@code start} to the frame's end, in whose midst the field holds what else is to be summed.
     *
     * @param start address of the first byte that the checksum covers
     * @param bytes of the frame from there on
     * @param position of the field behind {@code start}, at most {@code bytes} - 2
     */
    public static void finish(MemorySegment memory, long start, int bytes, int position) {
        Bytes.put16(memory, start + position, notNone(Checksum.of(Checksum.sum(memory, start, bytes))));
    }

    /** The form of a checksum that does not say "none" with UDP, and is as good with any other protocol. */
    private static int notNone(int checksum) {
        return checksum == 0 ? 0xffff : checksum;
    }

    private static long checksumAddress(long address, long layers) {
        int position = Layers.protocol(layers) == IpProtocol.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM;
        return address + Layers.transport(layers) + position;
    }

    private static long sumBefore(MemorySegment memory, long address, long layers) {
        long header = address + Layers.network(layers);
        return TransportChecksum.addresses(memory, header, Ipv4.version(memory, header) == 6)
                + Layers.protocol(layers)
                + Layers.transportBytes(layers);
    }

    /**
     * Whether the checksum of a frame looks partial.
     *
     * @param address of the frame
     * @param layers of the frame, as {@link Layers#locate} tells
     */
    public static boolean isPartial(MemorySegment memory, long address, long layers) {
        if (Layers.fragment(layers) != 0 || Layers.isRouted(layers)) {
            return false;
        }
        long header = address + Layers.transport(layers);
        if (Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)) {
            return Bytes.u16(memory, header + Tcp.CHECKSUM) == pseudoHeader(memory, address, layers);
        }
        if (Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)) {
            return Bytes.u16(memory, header + Udp.CHECKSUM) == pseudoHeader(memory, address, layers);
        }
        return Layers.carries(layers, IpProtocol.SCTP, Sctp.HEADER_BYTES) && Sctp.checksum(memory, header) == 0;
    }

    private static int pseudoHeader(MemorySegment memory, long address, long layers) {
        return Checksum.fold(TransportChecksum.pseudoHeader(memory, address, layers));
    }
}
