// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.FieldRange;
import io.makas.flow.key.MaskedValue;

/**
 * Bits on their way from one range of a field to another: a number of up to 128 bits, aligned to bit 0.
 *
 * @param high bits 64 and up
 * @param low bits 0 to 63
 */
record RangeBits(long high, long low) {

    /** The bits of a packet's field. */
    static RangeBits read(WalkedKey key, FieldRange from) {
        MaskedValue bits = key.read(from.field(), mask(from));
        int by = from.firstBit();
        if (by >= 64) {
            return new RangeBits(0, bits.high() >>> by - 64);
        }
        return by == 0
                ? new RangeBits(bits.high(), bits.low())
                : new RangeBits(bits.high() >>> by, bits.low() >>> by | bits.high() << 64 - by);
    }

    /** The lowest of these bits, as what is to be written to a field. */
    MaskedValue in(FieldRange to) {
        MaskedValue mask = mask(to);
        RangeBits shifted = shiftLeft(to.firstBit());
        return new MaskedValue(
                shifted.high & mask.maskHigh(), shifted.low & mask.maskLow(), mask.maskHigh(), mask.maskLow());
    }

    private static MaskedValue mask(FieldRange range) {
        int width = range.widthBits();
        RangeBits ones = new RangeBits(width <= 64 ? 0 : -1L >>> 128 - width, width >= 64 ? -1L : (1L << width) - 1);
        RangeBits shifted = ones.shiftLeft(range.firstBit());
        return new MaskedValue(0, 0, shifted.high, shifted.low);
    }

    private RangeBits shiftLeft(int by) {
        if (by >= 64) {
            return new RangeBits(low << by - 64, 0);
        }
        return by == 0 ? this : new RangeBits(high << by | low >>> 64 - by, low << by);
    }
}
