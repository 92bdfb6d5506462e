// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * VLAN tags between the Ethernet addresses and the type (IEEE 802.1Q-2022 §9).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-----+-+-----------------------+
 *  | TPID: 0x8100 or 0x88a8        | PCP |D| VID                   |
 *  +-------------------------------+-----+-+-----------------------+
 *                                        D: drop eligible
 * </pre>
 *
 * <p>Addresses here are those of the frame, not of the tag.
 */
public final class Vlan {

    /** Bytes of a tag. */
    public static final int TAG_BYTES = 4;

    /** In flow keys this bit says that there is a tag ({@code OFPVID_PRESENT}); on the wire it is "drop eligible". */
    public static final int PRESENT = 0x1000;

    /** The VLAN id in a TCI. */
    public static final int VID_MASK = 0x0fff;

    /** How far the priority lies above bit 0 of a TCI. */
    public static final int PCP_SHIFT = 13;

    private static final int TPID = 12;
    private static final int TCI = 14;

    private Vlan() {}

    /** Whether the type says that a tag follows. */
    public static boolean isTag(int type) {
        return type == Ethernet.TYPE_VLAN || type == Ethernet.TYPE_SERVICE_VLAN;
    }

    /** Number of tags, 0 to 2, that are there with the type behind them; further ones count as payload. */
    public static int count(MemorySegment memory, long address, int lengthBytes) {
        if (lengthBytes < Ethernet.HEADER_BYTES + TAG_BYTES || !isTag(Bytes.u16(memory, address + TPID))) {
            return 0;
        }
        boolean second = lengthBytes >= Ethernet.HEADER_BYTES + 2 * TAG_BYTES
                && isTag(Bytes.u16(memory, address + TPID + TAG_BYTES));
        return second ? 2 : 1;
    }

    /** Tag control information of tag {@code index} (0 = outer) as it is on the wire. */
    public static int tci(MemorySegment memory, long address, int index) {
        return Bytes.u16(memory, address + TCI + (long) index * TAG_BYTES);
    }

    /** Sets the tag control information of the outer tag. */
    public static void setTci(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + TCI, value);
    }

    /**
     * Inserts an outer tag by moving the Ethernet addresses {@link #TAG_BYTES} down.
     *
     * @return the frame's new address, {@link #TAG_BYTES} lower
     */
    public static long push(MemorySegment memory, long address, int tpid, int tci) {
        long start = address - TAG_BYTES;
        long first = Bytes.i64(memory, address);
        int rest = Bytes.i32(memory, address + 8);
        Bytes.put64(memory, start, first);
        Bytes.put32(memory, start + 8, rest);
        Bytes.put32(memory, start + TPID, tpid << 16 | tci & 0xffff);
        return start;
    }

    /**
     * Removes the outer tag by moving the Ethernet addresses {@link #TAG_BYTES} up.
     *
     * @return the frame's new address, {@link #TAG_BYTES} higher
     */
    public static long pop(MemorySegment memory, long address) {
        long start = address + TAG_BYTES;
        long first = Bytes.i64(memory, address);
        int rest = Bytes.i32(memory, address + 8);
        Bytes.put64(memory, start, first);
        Bytes.put32(memory, start + 8, rest);
        return start;
    }
}
