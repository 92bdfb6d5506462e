// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A command that runs beside the demonstration: a server, a client under way, the switch. Closing it ends the process
 * and waits until it is gone.
 */
public final class Child implements AutoCloseable {

    private static final Duration POLITE = Duration.ofSeconds(10);
    private static final long POLL_MS = 5;

    private final List<String> command;
    private final Process process;
    private final Path log;

    Child(List<String> command, Process process, Path log) {
        this.command = command;
        this.process = process;
        this.log = log;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether it still runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** What it has printed so far, both outputs together. */
    public String output() {
        try {
            return Files.exists(log) ? new String(Files.readAllBytes(log), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Waits until a condition holds; fails if the process ends or time runs out before.
     *
     * @param what what is waited for, e.g. {@code "to listen"}
     */
    public void await(String what, Duration patience, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (!alive()) {
                throw failure("ended with status " + process.exitValue() + " instead of " + what);
            }
            if (System.nanoTime() > deadlineNs) {
                throw failure("took longer than " + patience.toMillis() + " ms " + what);
            }
            pause();
        }
    }

    /** Waits for the end, which must come by itself with exit status 0, and returns what it printed. */
    public String awaitEnd(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("no end after " + patience.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted");
        }
        if (process.exitValue() != 0) {
            throw failure("exit status " + process.exitValue());
        }
        return output();
    }

    /** A failure of this command, with what it printed. */
    public CommandFailedException failure(String problem) {
        return new CommandFailedException(command, problem, output());
    }

    /** Asks the process to end, insists after a while, and waits until it is gone. Does nothing if it is. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(POLITE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the process at once, stopped or not, and waits until it is gone. For tools that have nothing to tidy up. */
    public void kill() {
        process.destroyForcibly();
        close();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
