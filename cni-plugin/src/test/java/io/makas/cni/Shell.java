// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Plugins for tests, written as shell scripts that note what they were asked. */
public final class Shell {

    private Shell() {}

    /**
     * Writes a plugin. Before its own lines run, it has put standard input into {@code $stdin}, and has appended a line
     * {@code NAME COMMAND} to the file {@code calls} of its folder and its input to {@code inputs}.
     */
    public static Path plugin(Path folder, String name, String lines) throws IOException {
        String script = """
                #!/bin/sh
                stdin=$(cat)
                here=$(dirname "$0")
                echo "%s $CNI_COMMAND" >> "$here/calls"
                echo "$stdin" >> "$here/inputs"
                %s
                """.formatted(name, lines);
        Path file = Files.writeString(folder.resolve(name), script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** What the plugins of the folder were asked, in order. */
    public static List<String> calls(Path folder) throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** What the plugins of the folder read, in order. */
    public static List<String> inputs(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("inputs"));
    }
}
