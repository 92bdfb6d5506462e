// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The program that installs the CNI plugin on a node:
 *
 * <pre>
 *   InstallCni plugins  FROM-FOLDER TO-FOLDER         copies the executables
 *   InstallCni conflist FILE TO-FOLDER COMMAND ...    waits until the command succeeds, then copies the file
 * </pre>
 *
 * <p>The command is the plugin's question whether it can serve. It matters: a runtime that finds a conflist calls the plugin at
 * once, for every pod that waits. Thread: main.
 */
public final class InstallCni {

    /** The one executable that is ours; it is always replaced. Others are left alone where the node has its own. */
    static final String LAUNCHER = "makas-cni";

    /** How long an agent may take to start, DPDK and ports included. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private static final Duration RETRY = Duration.ofMillis(100);
    private static final String USAGE = "usage: plugins FROM-FOLDER TO-FOLDER | conflist FILE TO-FOLDER COMMAND ...";

    private InstallCni() {}

    /** Runs the program; ends with status 1 and a line on standard error when it cannot do what it is asked. */
    public static void main(String[] arguments) {
        try {
            System.out.println(run(List.of(arguments), START_LIMIT));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("makas: CNI plugin not installed: " + e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            System.exit(1);
        }
    }

    /**
     * Does what the arguments say.
     *
     * @return what was done, a line for each file
     * @throws IOException with a message for people
     */
    static String run(List<String> arguments, Duration limit) throws IOException, InterruptedException {
        String what = arguments.isEmpty() ? "" : arguments.getFirst();
        if (what.equals("plugins") && arguments.size() == 3) {
            return installPlugins(Path.of(arguments.get(1)), Path.of(arguments.get(2)));
        }
        if (what.equals("conflist") && arguments.size() >= 4) {
            Path file = Path.of(arguments.get(1));
            awaitSuccess(arguments.subList(3, arguments.size()), limit);
            return HostFile.in(Path.of(arguments.get(2)), file).replace(file);
        }
        throw new IllegalArgumentException("'" + String.join(" ", arguments) + "' is not understood; " + USAGE);
    }

    private static String installPlugins(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            throw new IOException("there is no folder '" + from + "' with plugins");
        }
        StringBuilder done = new StringBuilder();
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.sorted().toList()) {
                HostFile target = HostFile.in(to, file);
                boolean ours = file.getFileName().toString().equals(LAUNCHER);
                done.append(ours || !target.exists() ? target.replace(file) : target + " left as it is")
                        .append('\n');
            }
        }
        return done.toString().stripTrailing();
    }

    private static void awaitSuccess(List<String> command, Duration limit) throws IOException, InterruptedException {
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (true) {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectErrorStream(true)
                    .start();
            // The launcher has a time limit of its own, and prints a line.
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            int status = process.waitFor();
            if (status == 0) {
                return;
            }
            if (System.nanoTime() - deadlineNs >= 0) {
                throw new IOException("after " + limit.toSeconds() + " s '" + String.join(" ", command)
                        + "' still ends with status " + status + ": " + output);
            }
            Thread.sleep(RETRY);
        }
    }
}
