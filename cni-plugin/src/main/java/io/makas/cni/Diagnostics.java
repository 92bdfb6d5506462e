// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

/**
 * Text on its way to the launcher's standard error, from which runtimes take their log. Bounded: what is too much is cut.
 *
 * <p>Thread: any.
 */
public final class Diagnostics {

    /** Most characters that are kept. */
    public static final int MAX_CHARACTERS = 32_768;

    private final StringBuilder text = new StringBuilder();

    /** Adds a line. */
    public synchronized void add(String line) {
        int room = MAX_CHARACTERS - text.length();
        if (room > 0 && !line.isEmpty()) {
            text.append(line, 0, Math.min(room, line.length()));
            if (text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
        }
    }

    /** Everything added so far. */
    public synchronized String text() {
        return text.toString();
    }
}
