// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * ICMP for IPv4 (RFC 792).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  | type          | code          | checksum                      |
 *  +---------------+---------------+-------------------------------+
 *  | depends on the type: echo has identifier and sequence number  |
 *  +---------------------------------------------------------------+
 * </pre>
 *
 * <p>The checksum covers the message only. Type, code and checksum of ICMPv6 lie in the same place.
 */
public final class Icmp {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 8;

    /** Type: answer to an echo request. */
    public static final int ECHO_REPLY = 0;

    /** Type: echo request, "ping". */
    public static final int ECHO_REQUEST = 8;

    /** Where the checksum lies. */
    static final int CHECKSUM = 2;

    private static final int CODE = 1;

    private Icmp() {}

    /** Type. */
    public static int type(MemorySegment memory, long address) {
        return Bytes.u8(memory, address);
    }

    /** Code, which depends on the type. */
    public static int code(MemorySegment memory, long address) {
        return Bytes.u8(memory, address + CODE);
    }

    /** Checksum. */
    public static int checksum(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + CHECKSUM);
    }

    /** Sets the type. */
    public static void setType(MemorySegment memory, long address, int value) {
        setWord(memory, address, (value & 0xff) << 8 | code(memory, address));
    }

    /** Sets the code. */
    public static void setCode(MemorySegment memory, long address, int value) {
        setWord(memory, address, type(memory, address) << 8 | value & 0xff);
    }

    /**
     * Puts right what an update of a checksum cannot know: a message of nothing but zeros has the checksum 0xffff, where every
     * other message with this sum has 0.
     *
     * @param lengthBytes the whole message
     */
    public static void mendChecksumOfZeros(MemorySegment memory, long address, int lengthBytes) {
        if (Bytes.i32(memory, address) == 0 && Checksum.sum(memory, address, lengthBytes) == 0) {
            Bytes.put16(memory, address + CHECKSUM, 0xffff);
        }
    }

    /** Applies a change to the checksum. */
    static void adjust(MemorySegment memory, long address, long delta) {
        Bytes.put16(memory, address + CHECKSUM, Checksum.update(checksum(memory, address), delta));
    }

    private static void setWord(MemorySegment memory, long address, int word) {
        int old = Bytes.u16(memory, address);
        Bytes.put16(memory, address, word);
        adjust(memory, address, Checksum.delta16(old, word));
    }
}
