// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The UDP header (RFC 768).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | source port                   | destination port              |
 *  +-------------------------------+-------------------------------+
 *  | length with this header       | checksum, 0 = none            |
 *  +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>A checksum of 0 means that the sender made none, and stays 0: usual on IPv4, allowed to tunnels on IPv6 (RFC 6935). A
 * computed 0 is therefore sent as {@code 0xffff}, the other zero of one's complement.
 */
public final class Udp {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 8;

    /** Where the checksum lies. */
    public static final int CHECKSUM = 6;

    private static final int DESTINATION_PORT = 2;
    private static final int LENGTH = 4;

    private Udp() {}

    /** Source port. */
    public static int sourcePort(MemorySegment memory, long address) {
        return Bytes.u16(memory, address);
    }

    /** Sets the source port. */
    public static void setSourcePort(MemorySegment memory, long address, int value) {
        setPort(memory, address, address, value);
    }

    /** Destination port. */
    public static int destinationPort(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + DESTINATION_PORT);
    }

    /** Sets the destination port. */
    public static void setDestinationPort(MemorySegment memory, long address, int value) {
        setPort(memory, address, address + DESTINATION_PORT, value);
    }

    /** Bytes of header and payload. */
    public static int length(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + LENGTH);
    }

    /** Sets the bytes of header and payload; leaves the checksum. */
    static void setLength(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + LENGTH, value);
    }

    /** Checksum, 0 = none. */
    public static int checksum(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + CHECKSUM);
    }

    /** Applies a change to the checksum, if there is one. */
    static void adjust(MemorySegment memory, long address, long delta) {
        int old = checksum(memory, address);
        if (old != 0) {
            int changed = Checksum.update(old, delta);
            Bytes.put16(memory, address + CHECKSUM, changed == 0 ? 0xffff : changed);
        }
    }

    private static void setPort(MemorySegment memory, long address, long position, int value) {
        int old = Bytes.u16(memory, position);
        Bytes.put16(memory, position, value);
        adjust(memory, address, Checksum.delta16(old, value));
    }
}
