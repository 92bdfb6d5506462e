// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;

/**
 * Some neighbouring bits of a field, as in {@code reg0[4..11]}.
 *
 * @param field the field
 * @param firstBit the lowest of the bits, counted from the field's lowest, 0
 * @param widthBits how many, 1 to the field's width
 */
public record FieldRange(Field field, int firstBit, int widthBits) {

    /** Refuses bits that the field does not have. */
    public FieldRange {
        if (firstBit < 0 || widthBits < 1 || firstBit + widthBits > field.widthBits()) {
            throw new IllegalArgumentException(field.text() + " has " + field.widthBits() + " bits, and not bits "
                    + firstBit + " to " + (firstBit + widthBits - 1));
        }
    }

    /** All bits of a field. */
    public static FieldRange whole(Field field) {
        return new FieldRange(field, 0, field.widthBits());
    }

    /** The field with a number in these bits; what does not fit is left out. Of the number's mask nothing is taken. */
    public MaskedValue place(MaskedValue number) {
        long onesHigh = widthBits <= 64 ? 0 : -1L >>> 128 - widthBits;
        long onesLow = widthBits >= 64 ? -1L : (1L << widthBits) - 1;
        long high = number.high() & onesHigh;
        long low = number.low() & onesLow;
        if (firstBit >= 64) {
            return new MaskedValue(low << firstBit - 64, 0, onesLow << firstBit - 64, 0);
        }
        if (firstBit == 0) {
            return new MaskedValue(high, low, onesHigh, onesLow);
        }
        return new MaskedValue(
                high << firstBit | low >>> 64 - firstBit,
                low << firstBit,
                onesHigh << firstBit | onesLow >>> 64 - firstBit,
                onesLow << firstBit);
    }

    /** Whether a number fits into these bits. */
    public boolean fits(MaskedValue number) {
        int lowBits = Math.min(widthBits, 64);
        boolean lowFits = lowBits == 64 || number.low() >>> lowBits == 0;
        int highBits = widthBits - lowBits;
        return lowFits && (highBits == 64 || number.high() >>> highBits == 0);
    }

    /** Whether these are all bits of the field. */
    public boolean isWhole() {
        return widthBits == field.widthBits();
    }
}
