// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

/** A tool's output is not what this program understands; the message shows it. */
public final class ToolOutputException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private static final int SHOWN_CHARACTERS = 600;

    /**
     * Describes what is wrong.
     *
     * @param tool its name
     * @param problem what is missing or wrong
     * @param output the output; the beginning is shown
     */
    public ToolOutputException(String tool, String problem, String output) {
        super(tool + ": " + problem + "; its output begins with:\n  "
                + output.substring(0, Math.min(SHOWN_CHARACTERS, output.length()))
                        .replace("\n", "\n  "));
    }
}
