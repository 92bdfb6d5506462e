// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.MaskedValue;
import java.util.Locale;

/** The words for fragments that {@code nw_frag} takes. Stateless. */
final class FragmentNotation {

    private FragmentNotation() {}

    /** Whether a value is a word, not a number. */
    static boolean isName(Word word) {
        return word.isEmpty() || word.text().charAt(0) > '9' || word.text().charAt(0) < '0';
    }

    /** Reads a word. */
    static MaskedValue read(Word word) throws FlowTextException {
        return switch (word.text().toLowerCase(Locale.ROOT)) {
            case "no" -> MaskedValue.masked(0, 3);
            case "yes" -> MaskedValue.masked(1, 1);
            case "first" -> MaskedValue.masked(1, 3);
            case "later" -> MaskedValue.masked(3, 3);
            case "not_later" -> MaskedValue.masked(0, 2);
            default -> throw word.expected("no, yes, first, later or not_later");
        };
    }

    /** Writes a word, or numbers where there is none. */
    static String text(MaskedValue value) {
        return switch ((int) (value.maskLow() << 2 | value.low())) {
            case 0b1100 -> "no";
            case 0b0101 -> "yes";
            case 0b1101 -> "first";
            case 0b1111 -> "later";
            case 0b1000 -> "not_later";
            default -> "0x" + Long.toHexString(value.low()) + "/0x" + Long.toHexString(value.maskLow());
        };
    }
}
