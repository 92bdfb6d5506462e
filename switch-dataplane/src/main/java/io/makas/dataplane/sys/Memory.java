// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * All of this process's memory as one segment, read and written at absolute addresses.
 *
 * <p>The data path works on buffers that a kernel, a guest or DPDK owns, millions of them a second. A segment for each would
 * have to be proved away by the compiler; one constant segment costs nothing. The price is that nothing checks the address:
 * every caller works within a length that was checked once, where the frame came in.
 */
public final class Memory {

    /** Every address of the process. Offsets into it are absolute addresses. */
    public static final MemorySegment ALL = all();

    private Memory() {}

    /** Copies bytes of an array to an address. */
    public static void copyIn(byte[] from, int offset, long toAddress, int lengthBytes) {
        MemorySegment.copy(from, offset, ALL, ValueLayout.JAVA_BYTE, toAddress, lengthBytes);
    }

    /** Copies bytes at an address into an array. */
    public static void copyOut(long fromAddress, byte[] to, int offset, int lengthBytes) {
        MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, fromAddress, to, offset, lengthBytes);
    }

    /** Copies bytes from one address to another. */
    public static void copy(long fromAddress, long toAddress, long lengthBytes) {
        MemorySegment.copy(ALL, fromAddress, ALL, toAddress, lengthBytes);
    }

    /** The text at an address, up to its end mark, as UTF-8. */
    static String string(long address) {
        return ALL.getString(address, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("restricted")
    private static MemorySegment all() {
        try {
            return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
        } catch (IllegalCallerException e) {
            throw Native.accessDenied(e);
        }
    }
}
