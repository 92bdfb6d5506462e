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

    private static boolean isPartial(MemorySegment memory, long address, long layers) {
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
