// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a file of flows in the syntax of ovs-ofctl: one a line, {@code #} begins a comment. */
final class FlowFile {

    private FlowFile() {}

    /** The flows of a file, without comments and empty lines. */
    static List<String> read(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalStateException("cannot read the sample flows " + file + ": " + e.getMessage(), e);
        }
    }
}
