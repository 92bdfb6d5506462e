// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.List;

/**
 * Fields whose bits have names: {@code +syn-ack} says of two bits what they are and of the others nothing, {@code syn|ack} says
 * that these are set and all others are not. Stateless.
 */
final class FlagNotation {

    private static final List<String> TCP =
            List.of("fin", "syn", "rst", "psh", "ack", "urg", "ece", "cwr", "ns", "[200]", "[400]", "[800]");
    private static final List<String> CT = List.of("new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat");
    private static final List<String> TUNNEL = List.of("oam");

    private FlagNotation() {}

    /** Whether a field is written so. */
    static boolean isFor(Field field) {
        return field == Field.TCP_FLAGS || field == Field.CT_STATE || field == Field.TUN_FLAGS;
    }

    /** Whether a value is written with names, not as numbers. */
    static boolean isNames(Word word) {
        return !word.isEmpty()
                && (word.text().indexOf('|') >= 0
                        || word.text().charAt(0) > '9'
                        || word.text().charAt(0) < '0');
    }

    /** Reads flags by their names. */
    static MaskedValue read(Field field, Word word) throws FlowTextException {
        char first = word.text().charAt(0);
        return first == '+' || first == '-' ? signed(field, word) : listed(field, word);
    }

    /** Writes flags by their names. */
    static String text(Field field, MaskedValue value) {
        List<String> names = names(field);
        boolean hasNamelessBits = (value.isExact(field) ? value.low() : value.maskLow()) >>> names.size() != 0;
        if (hasNamelessBits) {
            String number = "0x" + Long.toHexString(value.low());
            return value.isExact(field) ? number : number + "/0x" + Long.toHexString(value.maskLow());
        }
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < names.size(); bit++) {
            boolean isSet = (value.low() >>> bit & 1) != 0;
            if (value.isExact(field)) {
                text.append(isSet ? (text.isEmpty() ? "" : "|") + names.get(bit) : "");
            } else if ((value.maskLow() >>> bit & 1) != 0) {
                text.append(isSet ? '+' : '-').append(names.get(bit));
            }
        }
        return text.isEmpty() ? "0" : text.toString();
    }

    private static MaskedValue signed(Field field, Word word) throws FlowTextException {
        List<String> names = names(field);
        long value = 0;
        long mask = 0;
        String text = word.text();
        int at = 0;
        while (at < text.length()) {
            char sign = text.charAt(at);
            int end = at + 1;
            while (end < text.length() && text.charAt(end) != '+' && text.charAt(end) != '-') {
                end++;
            }
            Word name = word.part(at + 1, end);
            long bit = bit(field, names, name);
            if ((mask & bit) != 0) {
                throw name.error("flag " + name.text() + " is there twice");
            }
            mask |= bit;
            value |= sign == '+' ? bit : 0;
            at = end;
        }
        return MaskedValue.masked(value, mask);
    }

    private static MaskedValue listed(Field field, Word word) throws FlowTextException {
        List<String> names = names(field);
        if (word.text().indexOf('|') < 0 && !names.contains(word.text())) {
            throw word.expected("flags, each behind + (set) or - (not set), such as +" + names.getLast() + ", or "
                    + names.getFirst() + "|… for exactly these,");
        }
        long value = 0;
        int at = 0;
        while (at <= word.text().length()) {
            int bar = word.text().indexOf('|', at);
            int end = bar < 0 ? word.text().length() : bar;
            Word part = word.part(at, end);
            boolean isNumber = !part.isEmpty()
                    && part.text().charAt(0) >= '0'
                    && part.text().charAt(0) <= '9';
            value |= isNumber
                    ? part.number(field == Field.TUN_FLAGS ? (1L << names.size()) - 1 : field.ones())
                    : bit(field, names, part);
            at = end + 1;
        }
        // Of tunnel flags, those with names are all that there are.
        return field == Field.TUN_FLAGS
                ? MaskedValue.masked(value, (1L << names.size()) - 1)
                : MaskedValue.exact(field, value);
    }

    private static long bit(Field field, List<String> names, Word name) throws FlowTextException {
        int bit = names.indexOf(name.text());
        if (bit < 0) {
            throw name.isEmpty()
                    ? name.expected("a flag of " + field.text())
                    : name.unknown("flag of " + field.text(), names);
        }
        return 1L << bit;
    }

    private static List<String> names(Field field) {
        return field == Field.TCP_FLAGS ? TCP : field == Field.CT_STATE ? CT : TUNNEL;
    }
}
