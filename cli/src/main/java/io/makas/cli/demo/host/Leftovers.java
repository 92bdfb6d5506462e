// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Removes what a demonstration left that was killed so hard (SIGKILL, power) that it could not clean up itself. Only
 * things of a demonstration whose process is gone are touched; another one that runs at this time is left alone.
 */
public final class Leftovers {

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path INTERFACES = Path.of("/sys/class/net");
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Shell shell;

    /** Uses a shell for its commands. */
    public Leftovers(Shell shell) {
        this.shell = shell;
    }

    /**
     * Removes the leftovers of dead demonstrations.
     *
     * @return what was found, one line for each demonstration
     */
    public List<String> remove(Path base) {
        List<String> found = new ArrayList<>();
        for (RunDirectory directory : RunDirectory.all(base)) {
            if (!directory.ownerAlive()) {
                found.add("removed what an earlier demo (process " + directory.id() + ") left behind");
                remove(directory);
            }
        }
        return found;
    }

    private void remove(RunDirectory directory) {
        List<String> namespaces = namespaces(directory.namespacePrefix());
        List<ProcessHandle> processes = directory.livingChildren();
        for (String namespace : namespaces) {
            for (String pid : shell.run("ip", "netns", "pids", namespace).split("\\s+")) {
                if (!pid.isEmpty()) {
                    ProcessHandle.of(Long.parseLong(pid)).ifPresent(processes::add);
                }
            }
        }
        end(processes);
        namespaces.forEach(namespace -> shell.run("ip", "netns", "delete", namespace));
        if (Files.exists(INTERFACES.resolve(directory.bridge()))) {
            shell.run("ip", "link", "delete", directory.bridge());
        }
        try {
            directory.delete();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory.path(), e);
        }
    }

    private static List<String> namespaces(String prefix) {
        String[] names = NAMESPACES.toFile().list((dir, name) -> name.startsWith(prefix));
        return names == null ? List.of() : List.of(names);
    }

    /** Asks all of them to end, and after a while insists: a held process cannot hear. */
    private static void end(List<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroy);
        long deadlineNs = System.nanoTime() + GRACE.toNanos();
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(Math.max(0, deadlineNs - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                process.destroyForcibly();
            }
        }
    }
}
