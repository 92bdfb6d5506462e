// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * ICMP for IPv6 (RFC 4443), with neighbour discovery (RFC 4861 §4.3, §4.4, §4.6).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  | type          | code          | checksum                      |
 *  +-+-+-+---------+---------------+-------------------------------+
 *  |R|S|O| reserved: neighbour advertisement has three flags       |
 *  +-+-+-+---------------------------------------------------------+
 *  | target, 16 bytes                                              |
 *  +---------------+---------------+-------------------------------+
 *  | option: type  | length, 8 B   | link-layer address, 6 bytes   |
 *  +---------------+---------------+                               +
 *  |                                                               |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>Type, code and checksum are those of {@link Icmp}, but the checksum covers the IPv6 pseudo header too.
 */
public final class Icmpv6 {

    /** Bytes of the header with the word that depends on the type. */
    public static final int HEADER_BYTES = 8;

    /** Bytes of neighbour solicitation and advertisement before their options. */
    public static final int NEIGHBOUR_BYTES = 24;

    /** Type: echo request, "ping". */
    public static final int ECHO_REQUEST = 128;

    /** Type: answer to an echo request. */
    public static final int ECHO_REPLY = 129;

    /** Type: who has this address? */
    public static final int NEIGHBOUR_SOLICITATION = 135;

    /** Type: I have this address. */
    public static final int NEIGHBOUR_ADVERTISEMENT = 136;

    /** Option: link-layer address of the sender. */
    public static final int OPTION_SOURCE_LINK = 1;

    /** Option: link-layer address of the target. */
    public static final int OPTION_TARGET_LINK = 2;

    /** The unit of options' lengths, and the length of one with an Ethernet address. */
    public static final int OPTION_UNIT_BYTES = 8;

    private static final int RESERVED = 4;
    private static final int TARGET = 8;
    private static final int OPTION_LENGTH = 1;
    private static final int OPTION_LINK = 2;

    private Icmpv6() {}

    /** Whether type and code are those of neighbour discovery that flows can match. */
    public static boolean isNeighbour(int type, int code) {
        return code == 0 && (type == NEIGHBOUR_SOLICITATION || type == NEIGHBOUR_ADVERTISEMENT);
    }

    /** The word with flags of a neighbour advertisement. */
    public static long reserved(MemorySegment memory, long address) {
        return Bytes.u32(memory, address + RESERVED);
    }

    /** Sets the word with flags of a neighbour advertisement. */
    public static void setReserved(MemorySegment memory, long address, int value) {
        long delta = Checksum.delta32((int) reserved(memory, address), value);
        Bytes.put32(memory, address + RESERVED, value);
        Icmp.adjust(memory, address, delta);
    }

    /** High half of the target. */
    public static long targetHigh(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + TARGET);
    }

    /** Low half of the target. */
    public static long targetLow(MemorySegment memory, long address) {
        return Bytes.i64(memory, address + TARGET + 8);
    }

    /** Sets the target. */
    public static void setTarget(MemorySegment memory, long address, long high, long low) {
        long delta =
                Checksum.delta64(targetHigh(memory, address), high) + Checksum.delta64(targetLow(memory, address), low);
        Bytes.put64(memory, address + TARGET, high);
        Bytes.put64(memory, address + TARGET + 8, low);
        Icmp.adjust(memory, address, delta);
    }

    /** Type of the option at {@code option}. */
    public static int optionType(MemorySegment memory, long option) {
        return Bytes.u8(memory, option);
    }

    /** Bytes of the option at {@code option}; 0 is not allowed and ends the options. */
    public static int optionBytes(MemorySegment memory, long option) {
        return Bytes.u8(memory, option + OPTION_LENGTH) * OPTION_UNIT_BYTES;
    }

    /** The Ethernet address in the option at {@code option}. */
    public static long optionLink(MemorySegment memory, long option) {
        return Bytes.u48(memory, option + OPTION_LINK);
    }

    /** Sets the Ethernet address in the option at {@code option} of the message at {@code address}. */
    public static void setOptionLink(MemorySegment memory, long address, long option, long value) {
        long delta = Checksum.delta64(optionLink(memory, option), value & 0xffff_ffff_ffffL);
        Bytes.put48(memory, option + OPTION_LINK, value);
        Icmp.adjust(memory, address, delta);
    }
}
