// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

/** A flow that cannot be read: where, which word, and what was expected there. */
public final class FlowTextException extends Exception {

    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;
    private final String word;

    FlowTextException(int line, int column, String word, String explanation) {
        super(explanation);
        this.line = line;
        this.column = column;
        this.word = word;
    }

    /** The line, from 1. */
    public int line() {
        return line;
    }

    /** The number of the first offending character in its line, from 1. */
    public int column() {
        return column;
    }

    /** The offending word; empty where the text ends too early. */
    public String word() {
        return word;
    }

    /** Line, column and what is wrong there, for text of many lines. */
    public String locatedMessage() {
        return "line " + line + ", column " + column + ": " + getMessage();
    }
}
