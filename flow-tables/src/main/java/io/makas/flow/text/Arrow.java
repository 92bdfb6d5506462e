// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

/** What stands on both sides of {@code ->}. */
record Arrow(Word from, Word to) {

    private static final String SIGN = "->";

    /** The sides of {@code name:FROM->TO}, {@code name(FROM->TO)} or {@code name(FROM)->TO}. */
    static Arrow of(Item item, String expected) throws FlowTextException {
        return item.target() != null ? new Arrow(item.value(), item.target().strip()) : of(item.value(), expected);
    }

    /** The sides of {@code FROM->TO}. */
    static Arrow of(Word text, String expected) throws FlowTextException {
        int at = text.text().indexOf(SIGN);
        if (at < 0) {
            throw text.expected(expected);
        }
        return new Arrow(text.part(0, at).strip(), text.from(at + SIGN.length()).strip());
    }
}
