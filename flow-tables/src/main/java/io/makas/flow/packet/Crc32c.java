// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The CRC that SCTP uses (RFC 9260 Appendix A: Castagnoli polynomial, reflected).
 *
 * <p>Not {@code java.util.zip.CRC32C}, which is an object with a state and reads only arrays and buffers.
 */
final class Crc32c {

    private static final int POLYNOMIAL = 0x82f6_3b78;
    private static final int[] TABLE = table();

    private Crc32c() {}

    /** The CRC of {@code lengthBytes} bytes. */
    static int of(MemorySegment memory, long address, int lengthBytes) {
        int crc = -1;
        for (int at = 0; at < lengthBytes; at++) {
            crc = crc >>> 8 ^ TABLE[(crc ^ Bytes.u8(memory, address + at)) & 0xff];
        }
        return ~crc;
    }

    /**
     * What to exclusive-or a CRC with when 32 bits change that have {@code followingBytes} bytes behind them. A CRC is linear,
     * so the rest of the data does not matter.
     *
     * @param difference old exclusive-or new, as a number in network order
     */
    static int delta32(int difference, int followingBytes) {
        int crc = Integer.reverseBytes(difference);
        for (int at = 0; at < 4 + followingBytes; at++) {
            crc = crc >>> 8 ^ TABLE[crc & 0xff];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int index = 0; index < table.length; index++) {
            int crc = index;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ ((crc & 1) == 0 ? 0 : POLYNOMIAL);
            }
            table[index] = crc;
        }
        return table;
    }
}
