// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The IPv4 header (RFC 791).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+-----------+---+-------------------------------+
 *  |  4    | IHL   | DSCP      |ECN| total length                  |
 *  +-------+-------+-----------+---+-+-+-+-------------------------+
 *  | identification                |-|D|M| fragment offset, 8 bytes|
 *  +---------------+---------------+-+-+-+-------------------------+
 *  | time to live  | protocol      | header checksum               |
 *  +---------------+---------------+-------------------------------+
 *  | source                                                        |
 *  +---------------------------------------------------------------+
 *  | destination                                                   |
 *  +---------------------------------------------------------------+
 *  | options, IHL * 4 - 20 bytes                                   |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Setters keep the header checksum right. Those of addresses leave the checksum of TCP and UDP, which covers the addresses
 * too, to {@link TransportChecksum}.
 */
public final class Ipv4 {

    /** Bytes of a header without options. */
    public static final int HEADER_BYTES = 20;

    /** Flag in {@link #fragmentWord}: do not fragment. */
    public static final int DONT_FRAGMENT = 0x4000;

    /** Flag in {@link #fragmentWord}: more fragments follow. */
    public static final int MORE_FRAGMENTS = 0x2000;

    /** Offset in {@link #fragmentWord}, in units of 8 bytes. */
    public static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    /** Where the protocol lies. */
    static final int PROTOCOL = 9;

    private static final int TOS = 1;
    private static final int TOTAL_LENGTH = 2;
    private static final int IDENTIFICATION = 4;
    private static final int FRAGMENT = 6;
    private static final int TTL = 8;
    private static final int CHECKSUM = 10;
    private static final int SOURCE = 12;
    private static final int DESTINATION = 16;

    private Ipv4() {}

    /** The version, which lies in the same place in every IP header: 4 if it is one of IPv4. */
    public static int version(MemorySegment memory, long address) {
        return Bytes.u8(memory, address) >>> 4;
    }

    /** Bytes of the header with its options, as it says: 0 to 60. */
    public static int headerBytes(MemorySegment memory, long address) {
        return (Bytes.u8(memory, address) & 0xf) * 4;
    }

    /** Starts a header: version 4 and bytes of header with options. */
    static void setVersionAndHeaderBytes(MemorySegment memory, long address, int headerBytes) {
        Bytes.put8(memory, address, 4 << 4 | headerBytes / 4);
    }

    /** Type of service: DSCP and ECN. */
    public static int tos(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + TOS);
    }

    /** Sets DSCP and ECN, 0 to 255. */
    public static void setTos(MemorySegment memory, long address, int value) {
        int old = tos(memory, address);
        Bytes.put8(memory, address + TOS, value);
        adjust(memory, address, Checksum.delta16(old, value));
    }

    /** Bytes of header and payload. */
    public static int totalLength(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + TOTAL_LENGTH);
    }

    /** Sets the bytes of header and payload; leaves the checksum. */
    static void setTotalLength(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + TOTAL_LENGTH, value);
    }

    /** Identification, by which fragments find each other. */
    public static int identification(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + IDENTIFICATION);
    }

    /** Sets the low 16 bits as identification; leaves the checksum. */
    static void setIdentification(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + IDENTIFICATION, value);
    }

    /** Flags and fragment offset. */
    public static int fragmentWord(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + FRAGMENT);
    }

    /** Sets flags and fragment offset; leaves the checksum. */
    static void setFragmentWord(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + FRAGMENT, value);
    }

    /** Time to live. */
    public static int ttl(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + TTL);
    }

    /** Sets the time to live, 0 to 255. */
    public static void setTtl(MemorySegment memory, long address, int value) {
        int old = ttl(memory, address);
        Bytes.put8(memory, address + TTL, value);
        adjust(memory, address, Checksum.delta16(old << 8, value << 8));
    }

    /** Protocol of the payload, an {@link IpProtocol}. */
    public static int protocol(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + PROTOCOL);
    }

    /** Header checksum. */
    public static int checksum(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + CHECKSUM);
    }

    /** Computes the header checksum anew. */
    public static void computeChecksum(MemorySegment memory, long address) {
        Bytes.put16(memory, address + CHECKSUM, 0);
        long sum = Checksum.sum(memory, address, headerBytes(memory, address));
        Bytes.put16(memory, address + CHECKSUM, Checksum.of(sum));
    }

    /** Source address. */
    public static int source(MemorySegment memory, long address) {
        return Bytes.i32(memory, address + SOURCE);
    }

    /** Sets the source address. */
    public static void setSource(MemorySegment memory, long address, int value) {
        setAddress(memory, address, SOURCE, value);
    }

    /** Destination address. */
    public static int destination(MemorySegment memory, long address) {
        return Bytes.i32(memory, address + DESTINATION);
    }

    /** Sets the destination address. */
    public static void setDestination(MemorySegment memory, long address, int value) {
        setAddress(memory, address, DESTINATION, value);
    }

    /** Both addresses: source in the high, destination in the low half. */
    public static long addresses(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + SOURCE);
    }

    private static void setAddress(MemorySegment memory, long address, int position, int value) {
        int old = Bytes.i32(memory, address + position);
        Bytes.put32(memory, address + position, value);
        adjust(memory, address, Checksum.delta32(old, value));
    }

    private static void adjust(MemorySegment memory, long address, long delta) {
        Bytes.put16(memory, address + CHECKSUM, Checksum.update(checksum(memory, address), delta));
    }
}
