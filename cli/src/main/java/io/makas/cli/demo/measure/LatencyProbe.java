// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import io.makas.cli.demo.host.Child;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Round trips of {@value #BYTES} bytes of payload between two containers, by {@code sockperf ping-pong}: one message under
 * way at a time, so what is measured is latency without load.
 *
 * <p>A sockperf client pauses for two seconds between connecting and measuring. Three dozen short measurements would wait
 * longer than they measure, so the clients of a round are started together and held (SIGSTOP) in that pause, then let go
 * one at a time. A held client does nothing; the pause is over when it goes on.
 */
public final class LatencyProbe {

    /** Payload of each message. */
    public static final int BYTES = 64;

    private static final String IN_PAUSE = "Warmup stage";
    private static final String PAUSE_OVER = "Starting test";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 5;

    private final Shell shell;
    private final Cleanup cleanup;
    private final RunDirectory directory;
    private final Cores cores;
    private final Servers servers;
    private final int seconds;

    /** A probe whose measurements take so many seconds each, of which sockperf uses the last but 0.45. */
    public LatencyProbe(
            Shell shell, Cleanup cleanup, RunDirectory directory, Cores cores, Servers servers, int seconds) {
        this.shell = shell;
        this.cleanup = cleanup;
        this.directory = directory;
        this.cores = cores;
        this.servers = servers;
        this.seconds = seconds;
    }

    /**
     * What to measure.
     *
     * @param pair between which containers
     * @param placement on which CPUs
     * @param protocol by which protocol
     */
    public record Target(Pair pair, Placement placement, Protocol protocol) {}

    /** A client that is connected and held. */
    public static final class Held {
        private final Target target;
        private final Child client;
        private final Path log;

        Held(Target target, Child client, Path log) {
            this.target = target;
            this.client = client;
            this.log = log;
        }

        /** What it will measure. */
        public Target target() {
            return target;
        }
    }

    /** Starts a client for each target and holds it. */
    public List<Held> hold(List<Target> targets) {
        List<Held> held = new ArrayList<>();
        for (Target target : targets) {
            held.add(hold(target));
        }
        return held;
    }

    /** Lets a client go on, and returns what it measured. */
    public Distribution measure(Held held) {
        signal("CONT", held.client);
        held.client.awaitEnd(PATIENCE.plusSeconds(seconds));
        if (!Files.exists(held.log)) {
            throw held.client.failure("no measurement");
        }
        try {
            String log = Files.readString(held.log, StandardCharsets.UTF_8);
            Files.delete(held.log);
            return Distribution.of(SockperfLog.parse(log), SockperfLog.lost(log));
        } catch (ToolOutputException e) {
            throw held.client.failure(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read sockperf's log", e);
        } finally {
            held.client.kill();
        }
    }

    private Held hold(Target target) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Path log = temporaryFile();
            Child client = shell.start(target.pair().client().inside(command(target, log)));
            cleanup.push("sockperf client of " + target.pair().path(), client::kill);
            directory.adopt(client.pid());
            client.await("connecting", PATIENCE, () -> client.output().contains(IN_PAUSE));
            signal("STOP", client);
            if (!client.output().contains(PAUSE_OVER)) {
                return new Held(target, client, log);
            }
            client.kill();
        }
        throw new IllegalStateException(
                "the machine is so busy that a sockperf client could not be held in its pause of" + " two seconds in "
                        + ATTEMPTS + " attempts; try again when less is running");
    }

    private List<String> command(Target target, Path log) {
        int port = servers.sockperf(target.pair(), target.placement(), target.protocol());
        List<String> command = new ArrayList<>(List.of("sockperf", "ping-pong"));
        command.addAll(List.of("--ip", target.pair().serverAddress(), "--port", Integer.toString(port)));
        command.addAll(target.protocol().sockperfOptions());
        command.addAll(List.of("--msg-size", Integer.toString(BYTES), "--time", Integer.toString(seconds)));
        command.addAll(List.of("--full-rtt", "--full-log", log.toString()));
        return cores.firstEnd(target.placement(), command);
    }

    private void signal(String name, Child client) {
        // The shell's own kill: no package has to be there for it.
        shell.run("sh", "-c", "kill -" + name + " " + client.pid());
    }

    private Path temporaryFile() {
        try {
            return Files.createTempFile(directory.path(), "sockperf", ".log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
