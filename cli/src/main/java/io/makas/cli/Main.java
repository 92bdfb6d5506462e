// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import java.util.List;
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
                    e.getCommandLine().getErr().println("makas: " + wrongUsage(e));
                    return WRONG_USAGE;
                });
    }

    /** What is wrong with the options and what would be right, in one line, as every error is. */
    private static String wrongUsage(CommandLine.ParameterException e) {
        // What picocli says of an option that is there twice in a group lists all of the group.
        String message = e instanceof CommandLine.MaxValuesExceededException
                        && e.getMessage().contains("expected only one match")
                ? "an option is there twice, where each was expected once"
                : String.join(" ", e.getMessage().lines().toList());
        List<String> similar =
                e instanceof CommandLine.UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return message
                + (similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?")
                + "; '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help' explains it";
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
