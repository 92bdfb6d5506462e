// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

/** A command that makes no sense. The message says what would. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }
}
