// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a person watches: short lines, one for each thing that happened. On a terminal the last line may say what goes on
 * right now and is then replaced; elsewhere there are only whole lines, without colours.
 */
final class Screen {

    private static final String CLEAR_LINE = "\r\033[K";
    private static final String BOLD = "\033[1m";
    private static final String DIM = "\033[2m";
    private static final String GREEN = "\033[32m";
    private static final String RED = "\033[31m";
    private static final String PLAIN = "\033[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private boolean transientShown;

    Screen(PrintStream out, PrintStream err, boolean terminal) {
        this.out = out;
        this.err = err;
        this.terminal = terminal;
    }

    /** A screen on standard output, whatever that is. */
    static Screen onStandardOutput() {
        return new Screen(System.out, System.err, standardOutputIsTerminal());
    }

    /** Begins a part of the demonstration. */
    synchronized void heading(String words) {
        line("\n" + styled(BOLD, words));
    }

    /** Says that something was done or found. */
    synchronized void say(String words) {
        line("  " + words);
    }

    /** Says that something was proved, or not. */
    synchronized void check(boolean ok, String name, String detail) {
        String mark = ok ? styled(GREEN, "ok    ") : styled(RED, "FAILED");
        line("  " + mark + "  " + name + styled(DIM, "  " + detail));
    }

    /** Says what goes on right now; shown on a terminal only, until the next line. */
    synchronized void now(String words) {
        if (terminal) {
            out.print(CLEAR_LINE + "  " + styled(DIM, words));
            out.flush();
            transientShown = true;
        }
    }

    /** Says what failed, on standard error. */
    synchronized void error(String words) {
        clear();
        err.println(styled(RED, "makas demo: ") + words);
        err.flush();
    }

    /** Prints text as it is. */
    synchronized void text(String words) {
        line(words.stripTrailing());
    }

    private void line(String words) {
        clear();
        out.println(words);
        out.flush();
    }

    private void clear() {
        if (transientShown) {
            out.print(CLEAR_LINE);
            out.flush();
            transientShown = false;
        }
    }

    private String styled(String style, String words) {
        return terminal ? style + words + PLAIN : words;
    }

    /** {@code System.console()} asks about standard input as well, which does not matter here. */
    private static boolean standardOutputIsTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
