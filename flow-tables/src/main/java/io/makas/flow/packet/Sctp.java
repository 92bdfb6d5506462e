// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The SCTP common header (RFC 9260 §3.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | source port                   | destination port              |
 *  +-------------------------------+-------------------------------+
 *  | verification tag                                              |
 *  +---------------------------------------------------------------+
 *  | CRC32C of the packet, lowest byte first                       |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The CRC covers no address. Setters of ports need the packet's whole length to keep it right; for the first fragment of
 * several it cannot be kept right, because how much follows is not known.
 */
public final class Sctp {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 12;

    /** Where the checksum lies, a CRC32c. */
    public static final int CHECKSUM = 8;

    private static final int DESTINATION_PORT = 2;

    private Sctp() {}

    /** Source port. */
    public static int sourcePort(MemorySegment memory, long address) {
        return Bytes.u16(memory, address);
    }

    /** Sets the source port of a packet of {@code lengthBytes} with this header. */
    public static void setSourcePort(MemorySegment memory, long address, int lengthBytes, int value) {
        setPorts(memory, address, lengthBytes, value << 16 | destinationPort(memory, address));
    }

    /** Destination port. */
    public static int destinationPort(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + DESTINATION_PORT);
    }

    /** Sets the destination port of a packet of {@code lengthBytes} with this header. */
    public static void setDestinationPort(MemorySegment memory, long address, int lengthBytes, int value) {
        setPorts(memory, address, lengthBytes, sourcePort(memory, address) << 16 | value & 0xffff);
    }

    /** Checksum, as the number that the CRC is. */
    public static int checksum(MemorySegment memory, long address) {
        return Integer.reverseBytes(Bytes.i32(memory, address + CHECKSUM));
    }

    /** Computes the checksum of a packet of {@code lengthBytes} with this header anew. */
    public static void computeChecksum(MemorySegment memory, long address, int lengthBytes) {
        Bytes.put32(memory, address + CHECKSUM, 0);
        setChecksum(memory, address, Crc32c.of(memory, address, lengthBytes));
    }

    private static void setPorts(MemorySegment memory, long address, int lengthBytes, int ports) {
        int difference = Bytes.i32(memory, address) ^ ports;
        Bytes.put32(memory, address, ports);
        setChecksum(memory, address, checksum(memory, address) ^ Crc32c.delta32(difference, lengthBytes - 4));
    }

    private static void setChecksum(MemorySegment memory, long address, int crc) {
        Bytes.put32(memory, address + CHECKSUM, Integer.reverseBytes(crc));
    }
}
