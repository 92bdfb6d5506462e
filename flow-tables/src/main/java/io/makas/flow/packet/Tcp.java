// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The TCP header (RFC 9293 §3.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | source port                   | destination port              |
 *  +-------------------------------+-------------------------------+
 *  | sequence number                                               |
 *  +---------------------------------------------------------------+
 *  | acknowledgement number                                        |
 *  +-------+-----------------------+-------------------------------+
 *  | words | flags, FIN is bit 0   | window                        |
 *  +-------+-----------------------+-------------------------------+
 *  | checksum                      | urgent pointer                |
 *  +-------------------------------+-------------------------------+
 * </pre>
 */
public final class Tcp {

    /** Bytes of a header without options. */
    public static final int HEADER_BYTES = 20;

    /** Flags as flows see them: all twelve bits after the header length, of which four are reserved. */
    public static final int FLAGS_MASK = 0x0fff;

    /** Flag: no more data from the sender. */
    public static final int FIN = 0x01;

    /** Flag: synchronise sequence numbers. */
    public static final int SYN = 0x02;

    /** Flag: reset the connection. */
    public static final int RST = 0x04;

    /** Flag: push. */
    public static final int PSH = 0x08;

    /** Flag: the acknowledgement number counts. */
    public static final int ACK = 0x10;

    /** Flag: the sender has reduced its congestion window (RFC 3168 §6.1). */
    public static final int CWR = 0x80;

    /** Where the checksum lies. */
    public static final int CHECKSUM = 16;

    private static final int DESTINATION_PORT = 2;
    private static final int SEQUENCE = 4;
    private static final int FLAGS = 12;
    private static final int WINDOW = 14;

    private Tcp() {}

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

    /** Sequence number, as it is. */
    public static int sequence(MemorySegment memory, long address) {
        return Bytes.i32(memory, address + SEQUENCE);
    }

    /** Sets the sequence number; leaves the checksum. */
    static void setSequence(MemorySegment memory, long address, int value) {
        Bytes.put32(memory, address + SEQUENCE, value);
    }

    /** Bytes of the header with its options, as it says: 0 to 60. */
    public static int headerBytes(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + FLAGS) >>> 12 << 2;
    }

    /** Flags, 12 bits. */
    public static int flags(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + FLAGS) & FLAGS_MASK;
    }

    /** Sets the flags; leaves the checksum. */
    static void setFlags(MemorySegment memory, long address, int value) {
        int lengthBits = Bytes.u16(memory, address + FLAGS) & ~FLAGS_MASK;
        Bytes.put16(memory, address + FLAGS, lengthBits | value & FLAGS_MASK);
    }

    /** Sets the length of the header; leaves the checksum. */
    static void setHeaderBytes(MemorySegment memory, long address, int headerBytes) {
        Bytes.put16(memory, address + FLAGS, headerBytes / 4 << 12 | flags(memory, address));
    }

    /** Sets the window; leaves the checksum. */
    static void setWindow(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + WINDOW, value);
    }

    /** Checksum. */
    public static int checksum(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + CHECKSUM);
    }

    /** Applies a change to the checksum. */
    static void adjust(MemorySegment memory, long address, long delta) {
        Bytes.put16(memory, address + CHECKSUM, Checksum.update(checksum(memory, address), delta));
    }

    private static void setPort(MemorySegment memory, long address, long position, int value) {
        int old = Bytes.u16(memory, position);
        Bytes.put16(memory, position, value);
        adjust(memory, address, Checksum.delta16(old, value));
    }
}
