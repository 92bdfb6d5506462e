// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * MPLS label stack entries (RFC 3032 §2.1, RFC 5462).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------+-----+-+---------------+
 *  | label                                 | TC  |S| time to live  |
 *  +---------------------------------------+-----+-+---------------+
 *                                                 S: bottom of stack
 * </pre>
 */
public final class Mpls {

    /** Bytes of an entry. */
    public static final int ENTRY_BYTES = 4;

    /** Entries that flow keys hold. */
    public static final int MAX_ENTRIES = 3;

    /** The bottom-of-stack bit. */
    public static final int BOTTOM_OF_STACK = 0x100;

    private Mpls() {}

    /** Whether the type says that a label stack follows. */
    public static boolean isMpls(int type) {
        return type == Ethernet.TYPE_MPLS || type == Ethernet.TYPE_MPLS_MULTICAST;
    }

    /** Number of entries, 0 to {@link #MAX_ENTRIES}, that lie wholly within {@code lengthBytes}, up to the bottom of the stack. */
    public static int count(MemorySegment memory, long address, int lengthBytes) {
        int count = 0;
        while (count < MAX_ENTRIES && (count + 1) * ENTRY_BYTES <= lengthBytes) {
            count++;
            if ((entry(memory, address, count - 1) & BOTTOM_OF_STACK) != 0) {
                break;
            }
        }
        return count;
    }

    /** Entry {@code index} (0 = outer) of the stack at {@code address}. */
    public static int entry(MemorySegment memory, long address, int index) {
        return Bytes.i32(memory, address + (long) index * ENTRY_BYTES);
    }

    /** Sets the outer entry of the stack at {@code address}. */
    public static void setEntry(MemorySegment memory, long address, int value) {
        Bytes.put32(memory, address, value);
    }
}
