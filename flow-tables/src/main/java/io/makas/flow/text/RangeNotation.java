// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.action.FieldRange;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.text.FieldName.Kind;
import java.util.function.Predicate;

/**
 * Bits of a field as text: {@code NXM_NX_REG0[4..11]}, {@code reg0[3]}, {@code reg0[]}, {@code reg0}. Stateless.
 *
 * <p>Parts of fields that are fields themselves are read as those: {@code NXM_OF_VLAN_TCI[0..11]} is the VLAN id,
 * {@code NXM_OF_IP_TOS[2..7]} the DSCP.
 */
final class RangeNotation {

    private static final int DSCP_SHIFT = 2;
    private static final int PCP_SHIFT = 13;

    private RangeNotation() {}

    /** Whether a word begins with the name of a field. */
    static boolean isRange(Word word) {
        return FieldNames.find(word.before('[').text()) != null;
    }

    /** Reads bits of a field. */
    static FieldRange read(Word word, Predicate<Field> isAllowed) throws FlowTextException {
        int bracket = word.text().indexOf('[');
        Word name = word.before('[').strip();
        FieldName found = FieldNames.find(name.text());
        if (found == null) {
            throw FieldNames.unknown(name, FieldNames.all());
        }
        Field field = found.field(isAllowed);
        int first = 0;
        int last = found.fields().size() > 1 ? field.widthBits() - 1 : found.widthBits() - 1;
        if (bracket >= 0) {
            int close = word.text().indexOf(']', bracket);
            if (close != word.text().length() - 1) {
                throw word.from(bracket).expected("[], [BIT] or [FROM..TO]");
            }
            Word range = word.part(bracket + 1, close);
            if (!range.isEmpty()) {
                int dots = range.text().indexOf("..");
                first = (dots < 0 ? range : range.part(0, dots)).strip().number(field.widthBits() - 1);
                last = dots < 0 ? first : range.from(dots + 2).strip().number(field.widthBits() - 1);
                if (first > last) {
                    throw range.expected("bits FROM..TO, the lower one first,");
                }
            }
        }
        return normal(found.kind(), field, first, last - first + 1);
    }

    /** Writes bits of a field. */
    static String text(FieldRange range) {
        Field field = range.field();
        int last = range.firstBit() + range.widthBits() - 1;
        String name = field == Field.IN_PORT && last >= FieldNames.oxmWidthBits(field)
                ? "OXM_OF_IN_PORT"
                : FieldNames.oxm(field);
        int width = name.equals("OXM_OF_IN_PORT") ? field.widthBits() : FieldNames.oxmWidthBits(field);
        if (range.firstBit() == 0 && range.widthBits() == width) {
            return name + "[]";
        }
        return name + "[" + range.firstBit() + (range.widthBits() == 1 ? "" : ".." + last) + "]";
    }

    /** The number, at the place that the bits have in their field. */
    static MaskedValue placed(FieldRange range, Word number) throws FlowTextException {
        MaskedValue value = FieldNotation.wide(number);
        int width = range.widthBits();
        boolean fits = width >= 128
                || (width > 64 ? value.high() >>> width - 64 == 0 : value.high() == 0)
                        && (width >= 64 || value.low() >>> width == 0);
        if (!fits) {
            throw number.error(number.text() + " does not fit into the " + width + " bits of " + text(range));
        }
        long onesLow = width >= 64 ? -1L : (1L << width) - 1;
        long onesHigh = width <= 64 ? 0 : width >= 128 ? -1L : (1L << width - 64) - 1;
        int shift = range.firstBit();
        return new MaskedValue(
                high(value.high(), value.low(), shift),
                low(value.low(), shift),
                high(onesHigh, onesLow, shift),
                low(onesLow, shift));
    }

    /** The number, aligned to bit 0, of as many bits as there are. */
    static MaskedValue aligned(FieldRange range, Word number) throws FlowTextException {
        MaskedValue placed = placed(range, number);
        int shift = range.firstBit();
        return new MaskedValue(
                high(placed.high(), placed.low(), -shift),
                down(placed.high(), placed.low(), shift),
                high(placed.maskHigh(), placed.maskLow(), -shift),
                down(placed.maskHigh(), placed.maskLow(), shift));
    }

    private static FieldRange normal(Kind kind, Field field, int first, int width) {
        if (field == Field.VLAN_TCI && first + width <= PCP_SHIFT) {
            return new FieldRange(Field.VLAN_VID, first, width);
        }
        if (field == Field.VLAN_TCI && first >= PCP_SHIFT) {
            return new FieldRange(Field.VLAN_PCP, first - PCP_SHIFT, width);
        }
        if (kind == Kind.TYPE_OF_SERVICE && first >= DSCP_SHIFT) {
            return new FieldRange(Field.IP_DSCP, first - DSCP_SHIFT, width);
        }
        if (kind == Kind.TYPE_OF_SERVICE && first + width <= DSCP_SHIFT) {
            return new FieldRange(Field.IP_ECN, first, width);
        }
        return new FieldRange(field, first, width);
    }

    /** The upper half of 128 bits that are moved up; down, if the shift is negative. */
    private static long high(long high, long low, int shift) {
        if (shift < 0) {
            return shift <= -64 ? 0 : high >>> -shift;
        }
        return shift == 0 ? high : shift >= 64 ? low << shift - 64 : high << shift | low >>> 64 - shift;
    }

    private static long low(long low, int shift) {
        return shift >= 64 ? 0 : low << shift;
    }

    private static long down(long high, long low, int shift) {
        return shift == 0 ? low : shift >= 64 ? high >>> shift - 64 : low >>> shift | high << 64 - shift;
    }
}
