// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import java.io.PrintWriter;
import picocli.CommandLine;

/** The command line's process: one command, one exit code. */
public final class Main {

    /** Done. */
    static final int OK = 0;

    /** The switch refused, or could not be reached; the message says why. */
    static final int FAILED = 1;

    /** The command makes no sense; the message says what would. */
    static final int WRONG_USAGE = 2;

    private Main() {}

    /** Entry point, called by the launcher. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, ready to be executed; for {@code main} and for tests. */
    public static CommandLine commandLine() {
        return new CommandLine(new MakasCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setExecutionExceptionHandler((e, command, _) -> report(e, command))
                .setParameterExceptionHandler((e, _) -> {
                    PrintWriter err = e.getCommandLine().getErr();
                    err.println("makas: " + e.getMessage());
                    if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
                        err.println("'" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' explains it");
                    }
                    return WRONG_USAGE;
                });
    }

    private static int report(Exception e, CommandLine command) throws Exception {
        switch (e) {
            case SwitchException refused -> command.getErr().println("makas: " + refused.getMessage());
            case UsageException wrong -> {
                command.getErr().println("makas: " + wrong.getMessage());
                return WRONG_USAGE;
            }
            default -> throw e;
        }
        return FAILED;
    }
}
