// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.util.ArrayList;
import java.util.List;

/**
 * One item of a list: {@code name}, {@code name:value}, {@code name=value} or {@code name(value)}, taken apart as
 * {@code ovs-ofctl} does: a value behind a colon or an equals sign ends at a comma or a blank that is not within parentheses,
 * one in parentheses at the closing one; behind that may follow {@code ->}.
 *
 * @param name what stands before the value
 * @param delimiter {@code ':'}, {@code '='}, {@code '('} or {@link #NO_VALUE}
 * @param value the value, without blanks around; empty if there is none
 * @param target what stands behind {@code ->} behind the closing parenthesis, or null
 */
record Item(Word name, char delimiter, Word value, Word target) {

    /** The delimiter of an item that is a name only. */
    static final char NO_VALUE = 0;

    /** The items of a list; empty ones are left out. */
    static List<Item> listOf(Word list) throws FlowTextException {
        List<Item> items = new ArrayList<>();
        String text = list.text();
        int at = 0;
        while (true) {
            while (at < text.length() && isSeparator(text.charAt(at))) {
                at++;
            }
            if (at == text.length()) {
                return items;
            }
            int end = endOfName(text, at);
            Word name = list.part(at, end);
            char delimiter = end < text.length() ? text.charAt(end) : ' ';
            if (delimiter == ')') {
                throw list.part(end, end + 1).error("')' without '(' before it");
            }
            if (isSeparator(delimiter)) {
                items.add(new Item(name, NO_VALUE, list.part(end, end), null));
                at = end;
            } else if (delimiter == '(') {
                int close = endOfParentheses(list, end) - 1;
                Word value = list.part(end + 1, close).strip();
                at = close + 1;
                Word target = null;
                if (text.startsWith("->", at)) {
                    int targetEnd = endOfValue(list, at + 2);
                    target = list.part(at + 2, targetEnd);
                    at = targetEnd;
                }
                items.add(new Item(name, delimiter, value, target));
            } else {
                int valueEnd = endOfValue(list, end + 1);
                items.add(new Item(name, delimiter, list.part(end + 1, valueEnd), null));
                at = valueEnd;
            }
        }
    }

    boolean hasValue() {
        return delimiter != NO_VALUE;
    }

    boolean is(String other) {
        return name.is(other);
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c <= ' ';
    }

    private static int endOfName(String text, int start) {
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ':' || c == '=' || c == '(' || c == ')' || isSeparator(c)) {
                break;
            }
            at++;
        }
        return at;
    }

    private static int endOfValue(Word list, int start) throws FlowTextException {
        String text = list.text();
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isSeparator(c)) {
                break;
            }
            if (c == ')') {
                throw list.part(at, at + 1).error("')' without '(' before it");
            }
            at = c == '(' ? endOfParentheses(list, at) : at + 1;
        }
        return at;
    }

    /** Where the text behind the parenthesis begins that closes the one at {@code open}. */
    private static int endOfParentheses(Word list, int open) throws FlowTextException {
        String text = list.text();
        int depth = 0;
        for (int at = open; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return at + 1;
            }
        }
        throw list.from(text.length()).error("'(' without ')' behind it");
    }
}
