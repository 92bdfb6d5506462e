// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.util.List;

/** A command of the machine did not do what it should; the message names the command and shows what it printed. */
public final class CommandFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int SHOWN_CHARACTERS = 2_000;

    /**
     * Describes the failure.
     *
     * @param command the command with its arguments
     * @param problem what is wrong, e.g. {@code "exit status 1"}
     * @param output what it printed; the end of it is shown
     */
    public CommandFailedException(List<String> command, String problem, String output) {
        super("'" + String.join(" ", command) + "': " + problem + shown(output));
    }

    private static String shown(String output) {
        String text = output.strip();
        if (text.isEmpty()) {
            return " (it printed nothing)";
        }
        if (text.length() > SHOWN_CHARACTERS) {
            text = "…" + text.substring(text.length() - SHOWN_CHARACTERS);
        }
        return "; it printed:\n  " + text.replace("\n", "\n  ");
    }
}
