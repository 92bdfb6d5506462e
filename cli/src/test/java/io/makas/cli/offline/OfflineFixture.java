// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code makas trace --offline} in this process, on files in a folder that goes with the test. */
abstract class OfflineFixture {

    static final String TO_BLUE = "020000000002020000000001";

    @TempDir
    Path folder;

    final Result run(Path flows, String ports, Path packets, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "trace", "--offline", "--flows", flows.toString(), "--ports", ports, "--packets", packets.toString()));
        arguments.addAll(List.of(more));
        return execute(arguments.toArray(String[]::new));
    }

    static Result execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exitCode = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Result(exitCode, out.toString(), err.toString());
    }

    final Path write(String name, String... lines) throws IOException {
        return Files.write(folder.resolve(name), List.of(lines));
    }

    static String packet(int port, String hex, long timeMs) {
        return "{\"in_port\":" + port + ",\"packet\":\"" + hex + "\",\"time_ms\":" + timeMs + "}";
    }

    record Result(int exitCode, String out, String err) {}
}
