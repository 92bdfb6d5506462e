// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process of ours: its output goes to a file, it ends with us, however we end.
 *
 * <p>Thread: any. Owner: the one who started it.
 */
final class ChildProcess implements AutoCloseable {

    private static final int LOG_TAIL = 2_000;
    private static final int STOP_SECONDS = 10;
    private static final long CLOCK_TICK_NS = 10_000_000;
    /** Fields of {@code /proc/PID/stat} behind the name: utime is field 14, the name field 2. */
    private static final int UTIME = 11;

    private final String name;
    private final Process process;
    private final Path log;
    private final Thread hook;
    private boolean paused;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts a process whose output, both kinds, goes to a file; it reads nothing. */
    static ChildProcess start(Path log, ProcessBuilder builder) throws IOException {
        String name = Path.of(builder.command().getFirst()).getFileName().toString();
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new ChildProcess(name, process, log);
    }

    /** Starts a process that we talk to through its input and output; its errors go to a file. */
    static ChildProcess startTalking(Path log, ProcessBuilder builder) throws IOException {
        String name = Path.of(builder.command().getFirst()).getFileName().toString();
        return new ChildProcess(name, builder.redirectError(log.toFile()).start(), log);
    }

    /**
     * Runs a command that ends by itself and returns what it printed.
     *
     * @throws IllegalStateException if it fails or takes too long; with what it printed
     */
    static String run(ProcessBuilder builder, int patienceSeconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("makas-bench-", ".out");
        try {
            Process process = builder.redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(patienceSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(
                        String.join(" ", builder.command()) + " did not end within " + patienceSeconds + " s");
            }
            String printed = Files.readString(output);
            if (process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", builder.command()) + " failed:\n" + printed.strip());
            }
            return printed;
        } finally {
            Files.delete(output);
        }
    }

    /** The process itself, to talk to. */
    Process process() {
        return process;
    }

    /** Sees that it still runs; throws with the end of what it printed if not. */
    void checkAlive() {
        if (!process.isAlive()) {
            throw failure("ended by itself with status " + process.exitValue());
        }
    }

    /** Waits until a file is there. */
    void awaitFile(Path file, int patienceSeconds) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(patienceSeconds);
        while (!Files.exists(file)) {
            checkAlive();
            if (System.nanoTime() > endNs) {
                throw failure("did not make " + file + " within " + patienceSeconds + " s");
            }
            Thread.sleep(10);
        }
    }

    /** What to throw when it does not do what it should: with the end of what it printed. */
    IllegalStateException failure(String what) {
        String printed = printed();
        return new IllegalStateException(
                name + " " + what + "; it printed:\n" + printed.substring(Math.max(0, printed.length() - LOG_TAIL)));
    }

    /** What it printed into its file so far. */
    String printed() {
        try {
            return Files.readString(log);
        } catch (IOException _) {
            return "";
        }
    }

    /** Stops all its threads until {@link #resume}. */
    void pause() {
        signal("STOP");
        paused = true;
    }

    /** Lets it go on. */
    void resume() {
        if (paused) {
            signal("CONT");
            paused = false;
        }
    }

    /** Lets it go on, if it is still there, so that it can end. */
    void resumeIfAlive() {
        if (process.isAlive()) {
            resume();
        }
    }

    /** Processor time taken so far, its own and the kernel's for it. */
    long processorNs() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) * CLOCK_TICK_NS;
        } catch (IOException _) {
            throw failure("is gone");
        }
    }

    private void signal(String signal) {
        checkAlive();
        try {
            run(new ProcessBuilder(List.of("kill", "-" + signal, Long.toString(process.pid()))), STOP_SECONDS);
        } catch (IOException e) {
            throw new IllegalStateException("cannot send SIG" + signal + " to " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Ends it, by force if it does not end by itself. */
    @Override
    public void close() {
        boolean interrupted = false;
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException _) {
                process.destroyForcibly();
                interrupted = true;
            }
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // We are shutting down.
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
