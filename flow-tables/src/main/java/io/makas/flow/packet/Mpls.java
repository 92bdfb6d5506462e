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

    /** How far the label lies above bit 0 of an entry. */
    public static final int LABEL_SHIFT = 12;

    /** How far the traffic class lies above bit 0 of an entry. */
    public static final int TRAFFIC_CLASS_SHIFT = 9;

    /** The time to live in an entry. */
    public static final int TTL_MASK = 0xff;

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

    /**
     * Inserts an entry behind the link header, tags included, by moving that header {@link #ENTRY_BYTES} down.
     *
     * @param address of the frame
     * @param network bytes of the link header
     * @param type the frame's new type
     * @param entry as it is on the wire
     * @return the frame's new address, {@link #ENTRY_BYTES} lower
     */
    public static long push(MemorySegment memory, long address, int network, int type, int entry) {
        long start = address - ENTRY_BYTES;
        MemorySegment.copy(memory, address, memory, start, network);
        Ethernet.setTypeBefore(memory, start, network, type, ENTRY_BYTES);
        Bytes.put32(memory, start + network, entry);
        return start;
    }

    /**
     * Removes the outer entry by moving the link header {@link #ENTRY_BYTES} up.
     *
     * @param address of the frame
     * @param network bytes of the link header
     * @param type the frame's new type
     * @return the frame's new address, {@link #ENTRY_BYTES} higher
     */
    public static long pop(MemorySegment memory, long address, int network, int type) {
        long start = address + ENTRY_BYTES;
        MemorySegment.copy(memory, address, memory, start, network);
        Ethernet.setTypeBefore(memory, start, network, type, -ENTRY_BYTES);
        return start;
    }
}
