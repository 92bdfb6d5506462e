// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

/**
 * A value for a {@link Field} and which of its bits count, as numbers aligned to bit 0.
 *
 * @param high upper 64 bits of a 128-bit field, else 0
 * @param low the value, or its lower 64 bits
 * @param maskHigh which of the upper bits count
 * @param maskLow which of the lower bits count
 */
public record MaskedValue(long high, long low, long maskHigh, long maskLow) {

    /** A value of all the field's bits. */
    public static MaskedValue exact(Field field, long value) {
        return new MaskedValue(0, value, field.widthBits() > 64 ? -1 : 0, field.ones());
    }

    /** A value of all bits of a 128-bit field. */
    public static MaskedValue exact(long high, long low) {
        return new MaskedValue(high, low, -1, -1);
    }

    /** A value of some bits of a field of up to 64 bits. */
    public static MaskedValue masked(long value, long mask) {
        return new MaskedValue(0, value, 0, mask);
    }

    /** A value that begins with the first {@code bits} bits of the given one. */
    public static MaskedValue prefix(Field field, long high, long low, int bits) {
        int rest = field.widthBits() - bits;
        long maskLow = rest >= 64 ? 0 : field.ones() & -1L << rest;
        long maskHigh = field.widthBits() <= 64 || rest >= 128 ? 0 : rest <= 64 ? -1L : -1L << rest - 64;
        return new MaskedValue(high & maskHigh, low & maskLow, maskHigh, maskLow);
    }

    /** The field's bits in a key, under the field's bits of a mask. */
    public static MaskedValue of(Field field, long[] key, long[] mask) {
        int word = field.word();
        if (field.widthBits() > 64) {
            return new MaskedValue(key[word] & mask[word], key[word + 1] & mask[word + 1], mask[word], mask[word + 1]);
        }
        long maskLow = field.in(mask);
        return new MaskedValue(0, field.in(key) & maskLow, 0, maskLow);
    }

    /** Puts the value into a key; the key's other bits stay. */
    public void putInto(Field field, long[] key) {
        int word = field.word();
        if (field.widthBits() > 64) {
            key[word] = key[word] & ~maskHigh | high & maskHigh;
            key[word + 1] = key[word + 1] & ~maskLow | low & maskLow;
        } else {
            long bits = maskLow << field.shift();
            key[word] = key[word] & ~bits | low << field.shift() & bits;
        }
    }

    /** Sets the bits that count in a mask; its other bits stay. */
    public void addMaskTo(Field field, long[] mask) {
        int word = field.word();
        if (field.widthBits() > 64) {
            mask[word] |= maskHigh;
            mask[word + 1] |= maskLow;
        } else {
            mask[word] |= maskLow << field.shift();
        }
    }

    /** What comes of setting these bits, then those of {@code later}. */
    public MaskedValue overlaidBy(MaskedValue later) {
        return new MaskedValue(
                high & ~later.maskHigh | later.high & later.maskHigh,
                low & ~later.maskLow | later.low & later.maskLow,
                maskHigh | later.maskHigh,
                maskLow | later.maskLow);
    }

    /** Whether every bit of the field counts. */
    public boolean isExact(Field field) {
        return maskLow == field.ones() && (field.widthBits() <= 64 || maskHigh == -1);
    }

    /** Whether no bit counts. */
    public boolean isEmpty() {
        return (maskHigh | maskLow) == 0;
    }

    /** Whether the value has a bit that does not count. */
    public boolean hasStrayBits() {
        return (high & ~maskHigh | low & ~maskLow) != 0;
    }

    /** Whether value and mask fit into the field. */
    public boolean fits(Field field) {
        if (field.widthBits() > 64) {
            return true;
        }
        return ((low | maskLow) & ~field.ones()) == 0 && (high | maskHigh) == 0;
    }
}
