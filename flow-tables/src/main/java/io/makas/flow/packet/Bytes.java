// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.BIG_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Numbers in network byte order at any place in memory: the only place that knows how frames' bytes are loaded and stored.
 *
 * <p>{@code u} loads are unsigned, {@code i} loads take all bits of the Java type. Any thread.
 */
public final class Bytes {

    private static final ValueLayout.OfShort BE16 = JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN);
    private static final ValueLayout.OfInt BE32 = JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
    private static final ValueLayout.OfLong BE64 = JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

    private Bytes() {}

    /** 8 bits, 0 to 255. */
    public static int u8(MemorySegment memory, long address) {
        return memory.get(JAVA_BYTE, address) & 0xff;
    }

    /** 16 bits, 0 to 65535. */
    public static int u16(MemorySegment memory, long address) {
        return memory.get(BE16, address) & 0xffff;
    }

    /** 32 bits, as they are. */
    public static int i32(MemorySegment memory, long address) {
        return memory.get(BE32, address);
    }

    /** 32 bits, 0 to 4294967295. */
    public static long u32(MemorySegment memory, long address) {
        return memory.get(BE32, address) & 0xffff_ffffL;
    }

    /** 48 bits: an Ethernet address. */
    public static long u48(MemorySegment memory, long address) {
        return (long) u16(memory, address) << 32 | u32(memory, address + 2);
    }

    /** 64 bits, as they are. */
    public static long i64(MemorySegment memory, long address) {
        return memory.get(BE64, address);
    }

    /** Stores the low 8 bits. */
    public static void put8(MemorySegment memory, long address, int value) {
        memory.set(JAVA_BYTE, address, (byte) value);
    }

    /** Stores the low 16 bits. */
    public static void put16(MemorySegment memory, long address, int value) {
        memory.set(BE16, address, (short) value);
    }

    /** Stores 32 bits. */
    public static void put32(MemorySegment memory, long address, int value) {
        memory.set(BE32, address, value);
    }

    /** Stores the low 48 bits. */
    public static void put48(MemorySegment memory, long address, long value) {
        put16(memory, address, (int) (value >>> 32));
        put32(memory, address + 2, (int) value);
    }

    /** Stores 64 bits. */
    public static void put64(MemorySegment memory, long address, long value) {
        memory.set(BE64, address, value);
    }
}
