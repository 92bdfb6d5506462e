// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import picocli.CommandLine.Option;

/** The option {@code -o}. Filled by picocli. */
final class OutputOption {

    /** How an answer is written. */
    enum Form {
        /** For people. */
        TEXT,
        /** For programs. */
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Form of the answer (default: ${DEFAULT-VALUE}).")
    private Form form;

    /** The form asked for. */
    Form form() {
        return form;
    }
}
