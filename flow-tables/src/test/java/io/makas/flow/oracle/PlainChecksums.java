// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import static io.makas.flow.oracle.PlainFrame.put;
import static io.makas.flow.oracle.PlainFrame.take;

import io.makas.flow.key.Field;
import io.makas.flow.key.PlainKeyExtractor;

/**
 * Checksums after a change, from the whole of what they cover before and after it. A checksum that was wrong is as wrong
 * afterwards: what a switch does not make right it must not hide.
 */
final class PlainChecksums {

    private static final int CRC32C = 0x82f63b78;

    private PlainChecksums() {}

    /**
     * Mends the checksums of a frame.
     *
     * @param before the frame before the change
     * @param after the frame, of the same length and with the same headers
     * @param parsed where the headers are
     */
    static void mend(byte[] before, byte[] after, PlainKeyExtractor parsed) {
        int type = (int) Field.ETH_TYPE.in(parsed.key);
        int network = parsed.networkAt;
        if (network == 0 || type != 0x0800 && type != 0x86dd) {
            return;
        }
        if (type == 0x0800) {
            int bytes = (before[network] & 15) * 4;
            mend(before, after, network + 10, sum(before, network, bytes), sum(after, network, bytes));
        }
        int at = parsed.transportAt;
        if (at == 0) {
            return;
        }
        int bytes = parsed.transportEnd - at;
        int protocol = (int) Field.IP_PROTO.in(parsed.key);
        long oldSum = sum(before, at, bytes);
        long newSum = sum(after, at, bytes);
        long oldAll = oldSum + addresses(before, network, type, parsed.isRouted);
        long newAll = newSum + addresses(after, network, type, parsed.isRouted);
        switch (protocol) {
            case 6 -> mend(before, after, at + 16, oldAll, newAll);
            case 17 -> {
                if (take(before, at + 6, 2) != 0) {
                    mend(before, after, at + 6, oldAll, newAll);
                    if (oldAll != newAll && take(after, at + 6, 2) == 0) {
                        put(after, at + 6, 2, 0xffff);
                    }
                }
            }
            case 1 -> mend(before, after, at + 2, oldSum, newSum);
            case 58 -> mend(before, after, at + 2, oldAll, newAll);
            case 132 -> {
                int change = crc(before, at, bytes) ^ crc(after, at, bytes);
                put(after, at + 8, 4, take(before, at + 8, 4) ^ Integer.toUnsignedLong(Integer.reverseBytes(change)));
            }
            default -> throw new AssertionError("protocol " + protocol);
        }
    }

    private static void mend(byte[] before, byte[] after, int at, long oldSum, long newSum) {
        if (oldSum != newSum) {
            // RFC 1624: the sum of all that is covered, as it was, less what was there, plus what is there now.
            long sum = (~take(before, at, 2) & 0xffff) + (0xffffL * 0x10000 - oldSum) + newSum;
            while (sum > 0xffff) {
                sum = (sum & 0xffff) + (sum >>> 16);
            }
            put(after, at, 2, ~sum);
        }
    }

    private static long addresses(byte[] frame, int network, int type, boolean isRouted) {
        if (type == 0x0800) {
            return sum(frame, network + 12, 8);
        }
        return sum(frame, network + 8, isRouted ? 16 : 32);
    }

    /** The sum of 16-bit numbers, a last byte filled up with 0. */
    private static long sum(byte[] frame, int at, int bytes) {
        long sum = 0;
        for (int i = 0; i < bytes; i++) {
            sum += (long) (frame[at + i] & 0xff) << (i % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    /** CRC32C with the checksum's own place taken for 0, bit by bit. */
    private static int crc(byte[] frame, int at, int bytes) {
        int crc = -1;
        for (int i = 0; i < bytes; i++) {
            crc ^= i >= 8 && i < 12 ? 0 : frame[at + i] & 0xff;
            for (int bit = 0; bit < 8; bit++) {
                crc = crc >>> 1 ^ (crc & 1) * CRC32C;
            }
        }
        return ~crc;
    }
}
