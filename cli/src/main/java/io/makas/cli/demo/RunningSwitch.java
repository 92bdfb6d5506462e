// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import io.makas.cli.SwitchClient;
import io.makas.cli.demo.host.Child;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Cores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The switch of the demonstration: {@code makas switch} as a process, with its sockets in the private directory. */
final class RunningSwitch {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String READY = "ready";

    private final Child process;
    private final SwitchClient client;
    private final Path cniSocket;

    private RunningSwitch(Child process, SwitchClient client, Path cniSocket) {
        this.process = process;
        this.client = client;
        this.cniSocket = cniSocket;
    }

    /**
     * Starts the switch and waits until it serves; the cleanup stops it.
     *
     * @param launcher the {@code makas} command
     */
    static RunningSwitch start(Path launcher, Shell shell, Cleanup cleanup, RunDirectory directory, Cores cores) {
        Path socket = directory.path().resolve("makas.sock");
        Path cniSocket = directory.path().resolve("cni.sock");
        Path config = directory.path().resolve("switch.yaml");
        write(config, """
                grpc:
                  socket: %s
                cni:
                  socket: %s
                workers:
                  cores: [%d]
                """.formatted(socket, cniSocket, cores.worker()));
        // In a session of its own: Ctrl-C at the terminal must not stop the switch before its containers are gone.
        Child process = shell.start(List.of("setsid", launcher.toString(), "switch", "--config", config.toString()));
        cleanup.push("the switch", process::close);
        directory.adopt(process.pid());
        process.await("saying 'ready'", PATIENCE, () -> process.output().lines().anyMatch(READY::equals));
        SwitchClient client = SwitchClient.of(socket);
        cleanup.push("the connection to the switch", client::close);
        return new RunningSwitch(process, client, cniSocket);
    }

    /** The connection to its control API. */
    SwitchClient client() {
        return client;
    }

    /** Where it answers the CNI plugin. */
    Path cniSocket() {
        return cniSocket;
    }

    /** Whether the process still runs. */
    boolean alive() {
        return process.alive();
    }

    /** What the switch has logged so far. */
    String log() {
        return process.output();
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
