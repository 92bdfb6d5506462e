// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

/** A request that cannot be understood. The message says which value is wrong and what would be right. */
final class EditException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String kind;
    private final int column;

    /** A refusal of a value in a message. The kind is a word of OpenFlow's errors, e.g. "bad_value". */
    EditException(String kind, String message) {
        this(kind, message, 0);
    }

    /** A refusal of a place in a text, counted from 1. */
    EditException(String kind, String message, int column) {
        super(message);
        this.kind = kind;
        this.column = column;
    }

    /** What is wrong, for programs. */
    String kind() {
        return kind;
    }

    /** Where in a text, from 1; 0 for no place. */
    int column() {
        return column;
    }
}
