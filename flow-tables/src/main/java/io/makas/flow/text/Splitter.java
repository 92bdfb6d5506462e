// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import java.util.ArrayList;
import java.util.List;

/** Takes text apart at commas and blanks, but not within parentheses. Stateless. */
final class Splitter {

    private Splitter() {}

    /** The items of a list; empty ones are left out. */
    static List<Word> items(Word list) throws FlowTextException {
        List<Word> items = new ArrayList<>();
        String text = list.text();
        int depth = 0;
        int start = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
                if (depth < 0) {
                    throw list.part(at, at + 1).error("')' without '(' before it");
                }
            } else if (depth == 0 && (c == ',' || c <= ' ')) {
                addIfNotEmpty(items, list.part(start, at));
                start = at + 1;
            }
        }
        if (depth > 0) {
            throw list.from(text.length()).error("'(' without ')' behind it");
        }
        addIfNotEmpty(items, list.from(start));
        return items;
    }

    private static void addIfNotEmpty(List<Word> items, Word item) {
        if (!item.isEmpty()) {
            items.add(item);
        }
    }
}
