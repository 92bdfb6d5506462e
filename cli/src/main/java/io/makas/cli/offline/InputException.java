// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/** An input that cannot be used: the message says in one line where, what is wrong and what was expected. */
public final class InputException extends Exception {

    private static final long serialVersionUID = 1L;

    /** An input that is wrong as a whole, or an option. */
    InputException(String message) {
        super(oneLine(message));
    }

    /**
     * An input that is wrong at one place.
     *
     * @param file its name as the user gave it
     * @param line from 1
     * @param column of the first wrong character, from 1
     * @param message what is wrong and what was expected
     */
    InputException(String file, int line, int column, String message) {
        super(oneLine(file + ":" + line + ":" + column + ": " + message));
    }

    /** A file that cannot be opened, read or written. The messages of the exceptions say no more than its name. */
    static InputException ofFile(String attempt, String path, IOException cause) {
        String reason = switch (cause) {
            case NoSuchFileException _ -> "there is no such file or folder";
            case AccessDeniedException _ -> "permission denied";
            default -> cause.getMessage();
        };
        return new InputException("cannot " + attempt + " '" + path + "': " + reason);
    }

    /** Line breaks and other control characters, which come from the input, written as escapes. */
    private static String oneLine(String message) {
        StringBuilder text = new StringBuilder(message.length());
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            text.append(Character.isISOControl(c) ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c));
        }
        return text.toString();
    }
}
