// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

/** The switch cannot start. The message says why, with the value at fault, and what to do. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Makes one of a message for people. */
    public StartException(String message) {
        super(message);
    }

    /** Makes one that another exception led to. */
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}
