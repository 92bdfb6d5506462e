// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

/** A port could not be added, found or removed. The message says which, why, and what to do. */
public final class PortException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What went wrong, for a caller that must choose how to go on. */
    public enum Kind {
        /** A port of this name or number is there already. */
        ALREADY_EXISTS,
        /** There is no port of this name. */
        NOT_FOUND,
        /** The request makes no sense. */
        INVALID,
        /** What the port needs is missing or refused: an interface, a library, memory, a right. */
        UNAVAILABLE
    }

    private final Kind kind;

    /** Makes an exception. */
    public PortException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Makes an exception that another one led to. */
    public PortException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}
