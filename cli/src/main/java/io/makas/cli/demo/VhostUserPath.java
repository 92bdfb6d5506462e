// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.makas.cli.SwitchClient;
import io.makas.cli.demo.host.Child;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Cores;
import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.LatencyProbe;
import io.makas.cli.demo.measure.Placement;
import io.makas.v1.PortConfig;
import io.makas.v1.VhostUserPortConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The path through Makas for containers that bring a network stack of their own: two {@code vhost-user} ports, added over
 * gRPC to the running switch, and a process ({@code makas bench vhost-ping}) that is the guest at both.
 *
 * <p>Both ends poll and one thread is both, so they are on one core by nature: there is no {@link Placement#CROSS_CORE}.
 */
final class VhostUserPath {

    /** The path's name in reports. */
    static final String NAME = "vhost-user";

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Path launcher;
    private final Shell shell;
    private final Cleanup cleanup;
    private final RunDirectory directory;
    private final Cores cores;
    private final int seconds;

    /** A path whose measurements take so many seconds each for latency and for throughput. */
    VhostUserPath(Path launcher, Shell shell, Cleanup cleanup, RunDirectory directory, Cores cores, int seconds) {
        this.launcher = launcher;
        this.shell = shell;
        this.cleanup = cleanup;
        this.directory = directory;
        this.cores = cores;
        this.seconds = seconds;
    }

    /**
     * What one measurement found.
     *
     * @param roundTrips how long round trips took
     * @param udpKpps frames received, in thousands a second
     */
    record Result(Distribution roundTrips, double udpKpps) {}

    /** Adds the two ports and a flow for each direction. */
    void open(SwitchClient client) {
        int a = client.addPort(port("guest-a"), 0).getNumber();
        int b = client.addPort(port("guest-b"), 0).getNumber();
        client.addFlows(List.of(flow(a, b), flow(b, a)));
    }

    /** The placements that this path can have. */
    List<Placement> placements() {
        return List.of(Placement.SAME_CORE, Placement.FREE);
    }

    /** Measures once, latency first, then throughput. */
    Result measure(Placement placement) {
        Path file = directory.path().resolve("vhost-ping.json");
        List<String> command = new ArrayList<>(List.of(
                launcher.toString(),
                "bench",
                "vhost-ping",
                "--a",
                socket("guest-a").toString(),
                "--b",
                socket("guest-b").toString(),
                "--seconds",
                Integer.toString(seconds),
                "--bytes",
                Integer.toString(LatencyProbe.BYTES),
                "--json",
                file.toString()));
        switch (placement) {
            // Only the thread that polls: the compiler's threads must not have to wait for it.
            case SAME_CORE -> command.addAll(List.of("--core", Integer.toString(cores.first())));
            case FREE -> {}
            case CROSS_CORE -> throw new IllegalArgumentException("both ends are one thread, on one core");
        }
        Child process = shell.start(command);
        cleanup.push("vhost-ping", process::kill);
        directory.adopt(process.pid());
        process.awaitEnd(PATIENCE.plusSeconds(2L * seconds));
        Result result = parse(read(file));
        process.close();
        return result;
    }

    /** Reads {@code {"round_trips":[{"us":…,"count":…},…],"lost":…,"kpps":…}}; times ascend. */
    static Result parse(String json) {
        try {
            JsonObject result = JsonParser.parseString(json).getAsJsonObject();
            JsonArray histogram = result.getAsJsonArray("round_trips");
            double[] valuesUs = new double[histogram.size()];
            long[] counts = new long[histogram.size()];
            for (int i = 0; i < valuesUs.length; i++) {
                JsonObject bucket = histogram.get(i).getAsJsonObject();
                valuesUs[i] = bucket.get("us").getAsDouble();
                counts[i] = bucket.get("count").getAsLong();
            }
            double kpps = result.get("kpps").getAsDouble();
            if (!(kpps > 0)) {
                throw new IllegalStateException("nothing was received");
            }
            return new Result(
                    Distribution.ofCounted(valuesUs, counts, result.get("lost").getAsLong()), kpps);
        } catch (JsonParseException | IllegalArgumentException | IllegalStateException | NullPointerException e) {
            throw new IllegalStateException(
                    "makas bench vhost-ping wrote no result: " + e.getMessage() + ": " + json, e);
        }
    }

    private PortConfig port(String name) {
        return PortConfig.newBuilder()
                .setName(name)
                .setVhostUser(VhostUserPortConfig.newBuilder()
                        .setSocket(socket(name).toString())
                        // The guest comes and goes with each measurement; so it can connect at once.
                        .setRole(VhostUserPortConfig.Role.ROLE_SERVER))
                .build();
    }

    private Path socket(String name) {
        return directory.path().resolve(name + ".sock");
    }

    private static String flow(int from, int to) {
        return "priority=100,in_port=" + from + ",actions=output:" + to;
    }

    private static String read(Path file) {
        try {
            String json = Files.readString(file);
            Files.delete(file);
            return json;
        } catch (IOException e) {
            throw new UncheckedIOException("makas bench vhost-ping wrote no result file", e);
        }
    }
}
