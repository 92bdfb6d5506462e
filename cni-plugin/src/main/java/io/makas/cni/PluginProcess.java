// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Executes a CNI plugin: environment and standard input in, standard output and standard error out, within a time limit.
 *
 * <p>Thread: any; blocks it.
 */
public final class PluginProcess {

    /** Longest output of either kind; a plugin that prints more is killed. */
    public static final int MAX_OUTPUT_BYTES = 1 << 20;

    /** How long output may be awaited after a plugin's end: a child that it left may hold the pipe for ever. */
    private static final int DRAIN_SECONDS = 5;

    private PluginProcess() {}

    /**
     * What a plugin did.
     *
     * @param exitCode 0 for success
     * @param stdout what it printed: a result, or an error
     * @param stderr its log
     */
    public record Outcome(int exitCode, byte[] stdout, String stderr) {

        /** The error that a plugin which failed has printed, or one made of its exit code and log. */
        public CniError error(String type) {
            try {
                return CniError.parse(Json.parseObject(stdout, type));
            } catch (CniError e) {
                return new CniError(
                        CniError.INTERNAL, "plugin '" + type + "' ended with exit code " + exitCode, stderr.strip());
            }
        }
    }

    /**
     * Finds a plugin's file.
     *
     * @param type its name
     * @param path folders to search, in order
     * @throws CniError when none of the folders has it
     */
    public static Path find(String type, List<Path> path) throws CniError {
        if (path.isEmpty()) {
            throw new CniError(
                    CniError.INVALID_ENVIRONMENT,
                    "CNI_PATH is missing: it must name the folder of plugin '" + type + "'");
        }
        for (Path folder : path) {
            Path file = folder.resolve(type);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file;
            }
        }
        throw new CniError(
                CniError.INVALID_CONFIG, "plugin '" + type + "' is in none of the folders of CNI_PATH: " + path);
    }

    /**
     * Executes a plugin and waits for its end.
     *
     * @param environment all that it gets, nothing of this process's own is added
     * @throws CniError when it cannot be started, or does not end within the limit, which kills it
     */
    public static Outcome run(Path file, Map<String, String> environment, byte[] stdin, Duration limit)
            throws CniError {
        ProcessBuilder builder = new ProcessBuilder(file.toString());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new CniError(CniError.IO_FAILURE, "plugin " + file + " cannot be executed: " + e.getMessage(), e);
        }
        CompletableFuture<byte[]> stdout = readLater(process.getInputStream(), process);
        CompletableFuture<byte[]> stderr = readLater(process.getErrorStream(), process);
        Thread.startVirtualThread(() -> write(stdin, process.getOutputStream()));
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                byte[] out = stdout.orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).join();
                String err = new String(
                        stderr.orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).join(), StandardCharsets.UTF_8);
                return new Outcome(process.exitValue(), out, err);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CompletionException e) {
            throw new CniError(CniError.IO_FAILURE, "output of plugin " + file + " cannot be read: " + e.getCause(), e);
        } finally {
            process.destroyForcibly();
        }
        throw new CniError(
                CniError.TRY_AGAIN_LATER,
                "plugin " + file + " did not end within " + limit.toSeconds() + " s and was killed");
    }

    private static CompletableFuture<byte[]> readLater(InputStream from, Process process) {
        CompletableFuture<byte[]> all = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try (from) {
                byte[] bytes = from.readNBytes(MAX_OUTPUT_BYTES);
                if (bytes.length == MAX_OUTPUT_BYTES) {
                    process.destroyForcibly();
                }
                all.complete(bytes);
            } catch (IOException e) {
                all.completeExceptionally(e);
            }
        });
        return all;
    }

    private static void write(byte[] stdin, OutputStream to) {
        try (to) {
            to.write(stdin);
        } catch (IOException e) {
            // A plugin need not read its input; what it makes of that is in its answer.
        }
    }
}
