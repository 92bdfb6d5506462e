// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The private directory of one demonstration: {@code /run/makas-demo/<process id>}, mode 0700. Sockets, configuration,
 * address leases and tools' output lie in it, and it says what else belongs to this demonstration:
 *
 * <ul>
 *   <li>everything that needs a name outside (network namespace, bridge) bears the process id in it;
 *   <li>{@code owner} holds the start time of the process, so that a later process with the same id is not taken for it;
 *   <li>{@code children} holds a file for each process started, named after its id, with its start time.
 * </ul>
 *
 * <p>From these a later demonstration removes what one that was killed could not, see {@link Leftovers}.
 */
public final class RunDirectory {

    /** Where the directories of all demonstrations lie. */
    public static final Path BASE = Path.of("/run/makas-demo");

    private final Path path;
    private final long id;

    RunDirectory(Path path) {
        this.path = path;
        this.id = Long.parseLong(path.getFileName().toString());
    }

    /** Makes the directory of this process. */
    public static RunDirectory create(Path base) {
        ProcessHandle self = ProcessHandle.current();
        RunDirectory directory = new RunDirectory(base.resolve(Long.toString(self.pid())));
        // Appears under its name only when it says whose it is: nobody takes it for a leftover.
        Path unfinished = base.resolve(".new-" + self.pid());
        try {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(base, ownerOnly);
            Files.createDirectory(unfinished, ownerOnly);
            Files.createDirectory(unfinished.resolve("children"));
            Files.writeString(unfinished.resolve("owner"), startOf(self).toString());
            Files.move(unfinished, directory.path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the directory " + directory.path, e);
        }
        return directory;
    }

    /** The directories of all demonstrations, running or dead. */
    static List<RunDirectory> all(Path base) {
        if (!Files.isDirectory(base)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(base)) {
            return entries.filter(entry -> entry.getFileName().toString().matches("[1-9][0-9]{0,18}"))
                    .sorted()
                    .map(RunDirectory::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + base, e);
        }
    }

    /** Where it lies. */
    public Path path() {
        return path;
    }

    /** The process id of its owner, which is part of every name that the owner uses. */
    public long id() {
        return id;
    }

    /** Name of a network namespace of this demonstration. */
    public String namespace(String role) {
        return namespacePrefix() + role;
    }

    /** What the names of all its network namespaces begin with. */
    String namespacePrefix() {
        return "mkdemo-" + id + "-";
    }

    /** Name of the bridge of this demonstration; an interface name has at most 15 characters. */
    public String bridge() {
        return "mkd" + id;
    }

    /** Notes a process that must not outlive the demonstration. */
    public void adopt(long pid) {
        ProcessHandle.of(pid).ifPresent(child -> {
            try {
                Files.writeString(
                        children().resolve(Long.toString(pid)), startOf(child).toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Whether the process that made this directory still runs. */
    boolean ownerAlive() {
        return process(id, path.resolve("owner")).isPresent();
    }

    /** The processes noted by {@link #adopt} that still run. */
    List<ProcessHandle> livingChildren() {
        List<ProcessHandle> living = new ArrayList<>();
        if (!Files.isDirectory(children())) {
            return living;
        }
        try (Stream<Path> entries = Files.list(children())) {
            entries.forEach(file ->
                    process(Long.parseLong(file.getFileName().toString()), file).ifPresent(living::add));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return living;
    }

    /** Deletes the directory with all that is in it, and its parent if no other demonstration uses that. */
    public void delete() throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> entries = Files.walk(path)) {
            for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(entry);
            }
        }
        try (Stream<Path> others = Files.list(path.getParent())) {
            if (others.findAny().isEmpty()) {
                Files.deleteIfExists(path.getParent());
            }
        }
    }

    private Path children() {
        return path.resolve("children");
    }

    private static Optional<ProcessHandle> process(long pid, Path startFile) {
        try {
            String start = Files.exists(startFile) ? Files.readString(startFile) : "";
            return ProcessHandle.of(pid)
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> startOf(process).toString().equals(start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant startOf(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }
}
