// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder that goes with us, even when we are interrupted. */
public final class Folder implements AutoCloseable {

    private final Path path;
    private final Thread hook = new Thread(this::delete);

    /** Makes one. */
    public Folder() throws IOException {
        // Short, since paths of sockets are.
        path = Files.createTempDirectory("makas-bench-");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException _) {
            // Somebody else was quicker.
        }
    }

    @Override
    public void close() {
        delete();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // We are shutting down.
        }
    }
}
