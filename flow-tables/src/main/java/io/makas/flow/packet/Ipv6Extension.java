// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * IPv6 extension headers (RFC 8200 §4; authentication header: RFC 4302 §2).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  | next header   | length        | options; routing: type, segments left
 *  +---------------+---------------+-------------------------------+
 *  | next header   | 0             | fragment offset, 8 bytes|  0|M| fragment header
 *  +---------------+---------------+-------------------------------+
 *  | identification                                                |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Lengths count what is behind the first 8 bytes, in units of 8 bytes; that of the authentication header counts what is
 * behind the first 8 bytes in units of 4.
 */
final class Ipv6Extension {

    /** Bytes that each extension header has at least, and the size of the fragment header. */
    static final int MIN_BYTES = 8;

    /** More fragments follow. */
    static final int MORE_FRAGMENTS = 1;

    /** Offset in the fragment word. */
    static final int FRAGMENT_OFFSET_MASK = 0xfff8;

    private static final int LENGTH = 1;
    private static final int FRAGMENT = 2;
    private static final int SEGMENTS_LEFT = 3;

    private Ipv6Extension() {}

    /** Whether the number is of an extension header that can be skipped: no other has a known length. */
    static boolean isExtension(int nextHeader) {
        return switch (nextHeader) {
            case IpProtocol.HOP_BY_HOP,
                    IpProtocol.ROUTING,
                    IpProtocol.FRAGMENT,
                    IpProtocol.AUTHENTICATION,
                    IpProtocol.DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /** What follows this header. */
    static int nextHeader(MemorySegment memory, long address) {
        return Bytes.u8(memory, address);
    }

    /** Bytes of the header at {@code address}, whose number is {@code header}: 8 to 2048. */
    static int bytes(MemorySegment memory, long address, int header) {
        int length = Bytes.u8(memory, address + LENGTH);
        return switch (header) {
            case IpProtocol.FRAGMENT -> MIN_BYTES;
            case IpProtocol.AUTHENTICATION -> (length + 2) * 4;
            default -> (length + 1) * 8;
        };
    }

    /** The fragment header's offset, reserved bits and {@link #MORE_FRAGMENTS}. */
    static int fragmentWord(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + FRAGMENT);
    }

    /** How many nodes of the routing header the packet has yet to visit. */
    static int segmentsLeft(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + SEGMENTS_LEFT);
    }
}
