// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The IPv6 header (RFC 8200 §3).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-----------+---+---------------------------------------+
 *  |  6    | DSCP      |ECN| flow label                            |
 *  +-------+-----------+---+-------+---------------+---------------+
 *  | payload length                | next header   | hop limit     |
 *  +-------------------------------+---------------+---------------+
 *  | source, 16 bytes                                              |
 *  +---------------------------------------------------------------+
 *  | destination, 16 bytes                                         |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The header has no checksum. Setters of addresses leave the checksum of TCP, UDP and ICMPv6, which covers the addresses
 * too, to {@link TransportChecksum}.
 */
public final class Ipv6 {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 40;

    /** Where the next header lies. */
    static final int NEXT_HEADER = 6;

    private static final int LABEL_MASK = 0xf_ffff;
    private static final int CLASS_SHIFT = 20;

    private static final int PAYLOAD_LENGTH = 4;
    private static final int HOP_LIMIT = 7;
    private static final int SOURCE = 8;
    private static final int DESTINATION = 24;

    private Ipv6() {}

    /** Starts a header: version 6, traffic class and flow label 0. */
    static void setVersion(MemorySegment memory, long address) {
        Bytes.put32(memory, address, 6 << 28);
    }

    /** Traffic class: DSCP and ECN. */
    public static int trafficClass(MemorySegment memory, long address) {
        return Bytes.i32(memory, address) >>> CLASS_SHIFT & 0xff;
    }

    /** Sets DSCP and ECN. */
    public static void setTrafficClass(MemorySegment memory, long address, int value) {
        int old = Bytes.i32(memory, address);
        Bytes.put32(memory, address, old & ~(0xff << CLASS_SHIFT) | (value & 0xff) << CLASS_SHIFT);
    }

    /** Flow label, 20 bits. */
    public static int label(MemorySegment memory, long address) {
        return Bytes.i32(memory, address) & LABEL_MASK;
    }

    /** Sets the flow label. */
    public static void setLabel(MemorySegment memory, long address, int value) {
        Bytes.put32(memory, address, Bytes.i32(memory, address) & ~LABEL_MASK | value & LABEL_MASK);
    }

    /** Bytes behind this header. */
    public static int payloadLength(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + PAYLOAD_LENGTH);
    }

    /** Sets the bytes behind this header. */
    static void setPayloadLength(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + PAYLOAD_LENGTH, value);
    }

    /** What follows this header: an extension or an {@link IpProtocol}. */
    public static int nextHeader(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + NEXT_HEADER);
    }

    /** Hop limit. */
    public static int hopLimit(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + HOP_LIMIT);
    }

    /** Sets the hop limit. */
    public static void setHopLimit(MemorySegment memory, long address, int value) {
        Bytes.put8(memory, address + HOP_LIMIT, value);
    }

    /** High half of the source address. */
    public static long sourceHigh(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + SOURCE);
    }

    /** Low half of the source address. */
    public static long sourceLow(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + SOURCE + 8);
    }

    /** Sets the source address. */
    public static void setSource(MemorySegment memory, long address, long high, long low) {
        Bytes.put64(memory, address + SOURCE, high);
        Bytes.put64(memory, address + SOURCE + 8, low);
    }

    /** High half of the destination address. */
    public static long destinationHigh(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + DESTINATION);
    }

    /** Low half of the destination address. */
    public static long destinationLow(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + DESTINATION + 8);
    }

    /** Sets the destination address. */
    public static void setDestination(MemorySegment memory, long address, long high, long low) {
        Bytes.put64(memory, address + DESTINATION, high);
        Bytes.put64(memory, address + DESTINATION + 8, low);
    }
}
