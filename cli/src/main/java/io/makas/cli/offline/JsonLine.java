// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a line of JSON (RFC 8259) from its first character to its last, and knows the column of each: Gson's reader does not tell.
 * What is asked for must be there. For one line.
 */
final class JsonLine {

    private static final int MAX_DEPTH = 64;
    private static final int MAX_SHOWN = 24;

    private final TextInput input;
    private final String text;
    private int at;

    /** Reads the line that an input gave last. */
    JsonLine(TextInput input, String text) {
        this.input = input;
        this.text = text;
    }

    /** Reads one member of an object, whose value comes next. */
    interface Member {

        /** Reads the value of a known member. */
        void read(String name) throws InputException;
    }

    /** Reads one element of a list, which comes next. */
    interface Element {

        /** Reads the value. */
        void read() throws InputException;
    }

    /** Where the next value starts, from 1. */
    int column() {
        skipBlanks();
        return at + 1;
    }

    /** Where the next character is, to come back to. */
    int position() {
        return at;
    }

    /** Goes to where it was before. */
    void goTo(int position) {
        at = position;
    }

    /** Passes over the next value, of whatever kind. */
    void skip() throws InputException {
        skipValue(0);
    }

    /**
     * Reads an object. Members that nobody knows are passed over, so that a line can carry a name or a remark; but not those
     * that look like a known one.
     *
     * @return the members that were there
     */
    Set<String> object(List<String> known, Member member) throws InputException {
        expect('{', "an object like {\"" + known.getFirst() + "\":…}");
        Set<String> seen = HashSet.newHashSet(known.size());
        if (accept('}')) {
            return seen;
        }
        do {
            int column = column();
            String name = string("the name of a member");
            expect(':', "':'");
            if (known.contains(name)) {
                if (!seen.add(name)) {
                    throw input.error(column, "member \"" + name + "\" is there twice, where it was expected once");
                }
                member.read(name);
            } else {
                refuseIfLike(name, column, known);
                skipValue(0);
            }
        } while (accept(','));
        expect('}', "',' or '}'");
        return seen;
    }

    /** Reads a list. */
    void list(String what, Element element) throws InputException {
        expect('[', what);
        if (accept(']')) {
            return;
        }
        do {
            element.read();
        } while (accept(','));
        expect(']', "',' or ']'");
    }

    /** Reads a text. */
    String string(String what) throws InputException {
        expect('"', what + " in quotes");
        int start = at;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escapedString(start);
            }
            if (c < ' ') {
                throw expected("a closing quote before control characters");
            }
            at++;
        }
        throw expected("a closing quote");
    }

    /** Reads a number without fraction, at most {@code max}. */
    long number(String what, long min, long max) throws InputException {
        skipBlanks();
        int start = at;
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && value <= max) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        boolean isPlain = at > start && (text.charAt(start) != '0' || at == start + 1) && isEndOfWord();
        if (!isPlain || value < min || value > max) {
            at = start;
            throw expected(what + ", a whole number from " + min + " to " + max + ",");
        }
        return value;
    }

    /** Requires that nothing follows. */
    void end() throws InputException {
        skipBlanks();
        if (at < text.length()) {
            throw expected("the end of the line");
        }
    }

    /** Something else than what comes next was expected. */
    InputException expected(String what) {
        skipBlanks();
        int end = at;
        while (end < text.length() && end - at < MAX_SHOWN && ",]} \t".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        if (end == at && at < text.length()) {
            end++;
        }
        String found = at == text.length() ? "the line ends" : "'" + text.substring(at, end) + "'";
        return input.error(at + 1, found + " where " + what + " was expected");
    }

    /** Something is wrong at a column. */
    InputException error(int column, String message) {
        return input.error(column, message);
    }

    private String escapedString(int start) throws InputException {
        StringBuilder value = new StringBuilder(text.substring(start, at));
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c < ' ') {
                at--;
                throw expected("a closing quote before control characters");
            }
            value.append(c == '\\' ? escape() : c);
        }
        throw expected("a closing quote");
    }

    private char escape() throws InputException {
        char c = at < text.length() ? text.charAt(at++) : 0;
        switch (c) {
            case '"', '\\', '/' -> {
                return c;
            }
            case 'b' -> {
                return '\b';
            }
            case 'f' -> {
                return '\f';
            }
            case 'n' -> {
                return '\n';
            }
            case 'r' -> {
                return '\r';
            }
            case 't' -> {
                return '\t';
            }
            case 'u' -> {
                return unicode();
            }
            default -> {
                at -= c == 0 ? 1 : 2;
                throw expected("one of the escapes \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
            }
        }
    }

    private char unicode() throws InputException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0) {
                throw expected("a hex digit of \\uXXXX");
            }
            value = value << 4 | digit;
            at++;
        }
        return (char) value;
    }

    /** Passes over a value of any kind. */
    private void skipValue(int depth) throws InputException {
        skipBlanks();
        char c = at < text.length() ? text.charAt(at) : 0;
        if (depth > MAX_DEPTH) {
            throw expected("no more than " + MAX_DEPTH + " values within each other");
        } else if (c == '"') {
            string("a text");
        } else if (c == '[') {
            list("a list", () -> skipValue(depth + 1));
        } else if (c == '{') {
            expect('{', "an object");
            if (!accept('}')) {
                do {
                    string("the name of a member");
                    expect(':', "':'");
                    skipValue(depth + 1);
                } while (accept(','));
                expect('}', "',' or '}'");
            }
        } else if (!acceptWord()) {
            throw expected("a value");
        }
    }

    /** Passes over a number, true, false or null. */
    private boolean acceptWord() {
        int end = at;
        while (end < text.length() && ",]}: \t\"[{".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String word = text.substring(at, end);
        boolean isValue = word.equals("true")
                || word.equals("false")
                || word.equals("null")
                || word.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
        at = isValue ? end : at;
        return isValue;
    }

    private void refuseIfLike(String name, int column, List<String> known) throws InputException {
        String letters = letters(name);
        for (String each : known) {
            String knownLetters = letters(each);
            if (letters.length() > 2 && (letters.contains(knownLetters) || knownLetters.contains(letters))
                    || isNear(letters, knownLetters)) {
                throw input.error(column, "unknown member \"" + name + "\" where \"" + each + "\" was expected");
            }
        }
    }

    private static String letters(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
    }

    /** Whether two words differ in one letter, or in two that changed places. */
    private static boolean isNear(String left, String right) {
        int common = 0;
        int shorter = Math.min(left.length(), right.length());
        while (common < shorter && left.charAt(common) == right.charAt(common)) {
            common++;
        }
        int end = 0;
        while (end < shorter - common
                && left.charAt(left.length() - 1 - end) == right.charAt(right.length() - 1 - end)) {
            end++;
        }
        int leftRest = left.length() - common - end;
        int rightRest = right.length() - common - end;
        boolean isSwap = leftRest == 2
                && rightRest == 2
                && left.charAt(common) == right.charAt(common + 1)
                && left.charAt(common + 1) == right.charAt(common);
        return leftRest <= 1 && rightRest <= 1 || isSwap;
    }

    private void expect(char wanted, String what) throws InputException {
        if (!accept(wanted)) {
            throw expected(what);
        }
    }

    private boolean accept(char wanted) {
        skipBlanks();
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void skipBlanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
            at++;
        }
    }

    private boolean isEndOfWord() {
        return at == text.length() || ",]} \t\r".indexOf(text.charAt(at)) >= 0;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
