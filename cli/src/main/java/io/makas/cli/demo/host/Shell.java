// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Runs commands of the machine, without a shell in between: arguments are passed as they are.
 *
 * <p>Output goes through files in the {@link RunDirectory}, so that no command ever blocks on a full pipe. Any thread may
 * call; {@link #stop} makes the commands that are waited for now, and those to come, fail. What was {@link #start started}
 * to run beside the demonstration goes on: taking it away is the {@link Cleanup}'s business.
 */
public final class Shell {

    /** Time that a command gets unless it says otherwise. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path directory;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    /** A shell that keeps the output of its commands in an existing directory. */
    public Shell(Path directory) {
        this.directory = directory;
    }

    /**
     * What a command left behind.
     *
     * @param exitCode its exit status
     * @param text what it printed on standard output
     * @param errors what it printed on standard error
     */
    public record Output(int exitCode, String text, String errors) {
        /** Whether the exit status is 0. */
        public boolean ok() {
            return exitCode == 0;
        }

        /** Both outputs, for people. */
        public String all() {
            return text + errors;
        }
    }

    /** Runs a command to its end and returns its output, whatever its exit status. */
    public Output tryRun(Duration patience, List<String> command) {
        Path out = outputFile();
        Path err = outputFile();
        try {
            Process process = launch(command, out, err);
            running.add(process);
            try {
                if (stopped) {
                    process.destroyForcibly();
                }
                if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                    throw new CommandFailedException(
                            command, "no end after " + patience.toSeconds() + " s", read(out) + read(err));
                }
            } finally {
                running.remove(process);
            }
            return new Output(process.exitValue(), read(out), read(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(command, "interrupted", "");
        } finally {
            delete(out);
            delete(err);
        }
    }

    /** Runs a command that must succeed, and returns what it printed on standard output. */
    public String run(List<String> command) {
        Output output = tryRun(PATIENCE, command);
        if (!output.ok()) {
            throw new CommandFailedException(command, "exit status " + output.exitCode(), output.all());
        }
        return output.text();
    }

    /** Runs a command that must succeed, and returns what it printed on standard output. */
    public String run(String... command) {
        return run(List.of(command));
    }

    /** Starts a command that goes on by itself; both its outputs go to one file. */
    public Child start(List<String> command) {
        Path log = outputFile();
        Child child = new Child(command, launch(command, log, null), log);
        if (stopped) {
            child.close();
        }
        return child;
    }

    /** Ends the commands that are waited for, and refuses new ones: the demonstration is being stopped. */
    public void stop() {
        stopped = true;
        running.forEach(Process::destroyForcibly);
    }

    private Process launch(List<String> command, Path out, Path err) {
        if (stopped) {
            throw new CommandFailedException(command, "not started, the demonstration is being stopped", "");
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile());
        if (err == null) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(err.toFile());
        }
        // Tools print numbers and messages the same way everywhere.
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CommandFailedException(command, "cannot be started: " + e.getMessage(), "");
        }
    }

    private Path outputFile() {
        try {
            return Files.createTempFile(directory, "output", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
