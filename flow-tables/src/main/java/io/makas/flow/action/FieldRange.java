// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;

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

    /** Whether these are all bits of the field. */
    public boolean isWhole() {
        return widthBits == field.widthBits();
    }
}
