// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.util.Collection;
import java.util.Locale;

/**
 * A piece of the text and where it stands: what errors point to.
 *
 * @param line from 1
 * @param column of its first character, from 1
 */
record Word(String text, int line, int column) {

    /** The largest number that an unsigned field of 64 bits takes. */
    static final long MAX_UNSIGNED = -1L;

    /** Longer words are not taken for misspelt ones. */
    private static final int LONGEST_GUESSED = 40;

    boolean isEmpty() {
        return text.isEmpty();
    }

    boolean is(String other) {
        return text.equals(other);
    }

    /** The part from a character on; up to another one. */
    Word part(int from, int to) {
        return new Word(text.substring(from, to), line, column + from);
    }

    Word from(int start) {
        return part(start, text.length());
    }

    /** The part before the first of a character, or all of it. */
    Word before(char separator) {
        int at = text.indexOf(separator);
        return at < 0 ? this : part(0, at);
    }

    /** The part behind the first of a character, or null. */
    Word after(char separator) {
        int at = text.indexOf(separator);
        return at < 0 ? null : from(at + 1);
    }

    /** The same without blanks around. */
    Word strip() {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) <= ' ') {
            from++;
        }
        while (to > from && text.charAt(to - 1) <= ' ') {
            to--;
        }
        return part(from, to);
    }

    /** A number, unsigned, up to {@code max}: decimal, 0x hexadecimal, or octal behind a 0, as C has it. */
    long number(long max) throws FlowTextException {
        boolean isHex = text.startsWith("0x") || text.startsWith("0X");
        boolean isOctal = !isHex && text.length() > 1 && text.charAt(0) == '0';
        int radix = isHex ? 16 : isOctal ? 8 : 10;
        int at = isHex ? 2 : 0;
        boolean isNumber = at < text.length();
        long largestBefore = Long.divideUnsigned(-1L, radix);
        long value = 0;
        for (; isNumber && at < text.length(); at++) {
            int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), radix) : -1;
            long next = value * radix + digit;
            isNumber = digit >= 0
                    && Long.compareUnsigned(value, largestBefore) <= 0
                    && Long.compareUnsigned(next, value * radix) >= 0;
            value = next;
        }
        if (isNumber && Long.compareUnsigned(value, max) <= 0) {
            return value;
        }
        throw expected("a number from 0 to " + Long.toUnsignedString(max));
    }

    /** A number that fits into an {@code int}. */
    int number(int max) throws FlowTextException {
        return (int) number((long) max);
    }

    FlowTextException expected(String what) {
        return error((isEmpty() ? "nothing here" : "'" + text + "'") + " where " + what + " was expected");
    }

    FlowTextException unknown(String kind, Collection<String> known) {
        String nearest = nearest(known);
        return error(
                "unknown " + kind + " '" + text + "'" + (nearest == null ? "" : "; did you mean " + nearest + "?"));
    }

    FlowTextException error(String message) {
        return new FlowTextException(line, column, text, message);
    }

    /** The known word that differs least, if it differs little. */
    private String nearest(Collection<String> known) {
        if (text.length() > LONGEST_GUESSED) {
            return null;
        }
        String best = null;
        int bestDistance = Math.max(1, text.length() / 3) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - text.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(text.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How many letters must be added, taken away, replaced or swapped with the next one to make one word of the other. */
    private static int distance(String left, String right) {
        int[][] rows = new int[left.length() + 1][right.length() + 1];
        for (int i = 0; i <= left.length(); i++) {
            for (int j = 0; j <= right.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                boolean isSame = left.charAt(i - 1) == right.charAt(j - 1);
                int least = Math.min(rows[i - 1][j], rows[i][j - 1]) + 1;
                least = Math.min(least, rows[i - 1][j - 1] + (isSame ? 0 : 1));
                boolean isSwapped = i > 1
                        && j > 1
                        && left.charAt(i - 1) == right.charAt(j - 2)
                        && left.charAt(i - 2) == right.charAt(j - 1);
                rows[i][j] = isSwapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
            }
        }
        return rows[left.length()][right.length()];
    }
}
