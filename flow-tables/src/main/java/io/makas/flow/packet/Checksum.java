// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The Internet checksum: the complement of the one's complement sum of 16-bit words (RFC 1071), and its update when a part of
 * the data changes (RFC 1624, equation 3).
 *
 * <p>A <em>delta</em> is what a change adds to the sum: the complement of the old words plus the new words, not folded.
 * Deltas of several changes may be added up, 2^31 of them, before {@link #update} applies them.
 *
 * <p>One's complement has two zeros. Summing anything that is not all zero never gives +0, so a checksum made here is never
 * {@code 0xffff}, and an update of a right checksum gives exactly what a computation anew would.
 */
public final class Checksum {

    private Checksum() {}

    /** The checksum after a change. */
    public static int update(int checksum, long delta) {
        return ~fold((~checksum & 0xffff) + delta) & 0xffff;
    }

    /** The delta of a change of 16 bits. */
    public static long delta16(int oldValue, int newValue) {
        return (~oldValue & 0xffff) + (newValue & 0xffff);
    }

    /** The delta of a change of 32 bits. */
    public static long delta32(int oldValue, int newValue) {
        return delta16(oldValue >>> 16, newValue >>> 16) + delta16(oldValue, newValue);
    }

    /** The delta of a change of 64 bits. */
    public static long delta64(long oldValue, long newValue) {
        return delta32((int) (oldValue >>> 32), (int) (newValue >>> 32)) + delta32((int) oldValue, (int) newValue);
    }

    /** The sum of {@code lengthBytes} bytes, not folded; an odd last byte counts as followed by zero. */
    public static long sum(MemorySegment memory, long address, int lengthBytes) {
        long sum = 0;
        int at = 0;
        for (; at + 8 <= lengthBytes; at += 8) {
            long word = Bytes.i64(memory, address + at);
            sum += (word >>> 32) + (word & 0xffff_ffffL);
        }
        for (; at + 2 <= lengthBytes; at += 2) {
            sum += Bytes.u16(memory, address + at);
        }
        if (at < lengthBytes) {
            sum += (long) Bytes.u8(memory, address + at) << 8;
        }
        return sum;
    }

    /** The checksum of data with this sum. */
    public static int of(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /** The sum in 16 bits, end-around carries added; {@code 0xffff} and not 0 for what is not all zero. */
    static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & 0xffff_ffffL);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) ((folded >>> 16) + (folded & 0xffff));
    }
}
