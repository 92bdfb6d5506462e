// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Cores;
import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.LatencyProbe;
import io.makas.cli.demo.measure.Pair;
import io.makas.cli.demo.measure.Placement;
import io.makas.cli.demo.measure.Protocol;
import io.makas.cli.demo.measure.Servers;
import io.makas.cli.demo.measure.ThroughputProbe;
import io.makas.cli.demo.report.LatencyRow;
import io.makas.cli.demo.report.ThroughputRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Measures every path in turn, several rounds of short measurements, and takes the median of the rounds. Within a round the
 * paths take turns at each placement, so that what else happens on the machine meets all of them alike.
 */
final class Measurement {

    private final Screen screen;
    private final Cores cores;
    private final List<Pair> pairs;
    private final Optional<VhostUserPath> vhostUser;
    private final LatencyProbe latency;
    private final ThroughputProbe throughput;

    /** Rounds of one row of the table, in the order in which the rows are shown. */
    private final Map<LatencyProbe.Target, List<Distribution>> roundTrips = new LinkedHashMap<>();

    private final Map<Placement, Map<String, List<Rates>>> rates = new LinkedHashMap<>();
    private final Map<Placement, List<VhostUserPath.Result>> vhostUserResults = new LinkedHashMap<>();

    private record Rates(double tcpGbps, double udpKpps) {}

    /** A measurement of pairs of containers, and of two vhost-user ports if the machine can have them. */
    Measurement(Screen screen, Cores cores, List<Pair> pairs, Optional<VhostUserPath> vhostUser, Tools tools) {
        this.screen = screen;
        this.cores = cores;
        this.pairs = pairs;
        this.vhostUser = vhostUser;
        Servers servers = new Servers(tools.shell(), tools.cleanup(), tools.directory(), cores);
        this.latency =
                new LatencyProbe(tools.shell(), tools.cleanup(), tools.directory(), cores, servers, tools.seconds());
        this.throughput = new ThroughputProbe(tools.shell(), cores, servers, tools.seconds());
    }

    /**
     * What measuring needs.
     *
     * @param shell runs the tools
     * @param cleanup ends them
     * @param directory where their output goes
     * @param seconds how long each measurement takes
     */
    record Tools(Shell shell, Cleanup cleanup, RunDirectory directory, int seconds) {}

    /** Measures everything once; returns how long that took, in nanoseconds. */
    long round(int number, int rounds) {
        long startNs = System.nanoTime();
        String name = "round " + number + " of " + rounds;
        screen.now(name + ": connecting");
        for (LatencyProbe.Held held : latency.hold(targets())) {
            LatencyProbe.Target target = held.target();
            screen.now(name + ": round trips, " + target.placement().label() + ", "
                    + target.protocol().label() + ", " + target.pair().path());
            roundTrips.computeIfAbsent(target, key -> new ArrayList<>()).add(latency.measure(held));
        }
        for (Placement placement : cores.placements()) {
            for (Pair pair : pairs) {
                screen.now(name + ": throughput, " + placement.label() + ", " + pair.path());
                Rates measured = new Rates(throughput.tcpGbps(pair, placement), throughput.udpKpps(pair, placement));
                rates.computeIfAbsent(placement, key -> new LinkedHashMap<>())
                        .computeIfAbsent(pair.path(), key -> new ArrayList<>())
                        .add(measured);
            }
        }
        vhostUser.ifPresent(path -> measure(path, name));
        long tookNs = System.nanoTime() - startNs;
        screen.say(name + " took " + Math.round(tookNs / 1e9) + " s");
        return tookNs;
    }

    private void measure(VhostUserPath path, String name) {
        for (Placement placement : path.placements()) {
            screen.now(name + ": round trips and throughput, " + placement.label() + ", " + VhostUserPath.NAME);
            vhostUserResults
                    .computeIfAbsent(placement, key -> new ArrayList<>())
                    .add(path.measure(placement));
        }
    }

    /** Round trips of all rounds so far, grouped by placement. */
    List<LatencyRow> roundTrips() {
        List<LatencyRow> rows = new ArrayList<>();
        for (Placement placement : cores.placements()) {
            roundTrips.forEach((target, rounds) -> {
                if (target.placement() == placement) {
                    rows.add(row(target.pair().path(), placement, target.protocol(), rounds));
                }
            });
            if (vhostUserResults.containsKey(placement)) {
                List<Distribution> rounds = vhostUserResults.get(placement).stream()
                        .map(VhostUserPath.Result::roundTrips)
                        .toList();
                rows.add(row(VhostUserPath.NAME, placement, Protocol.UDP, rounds));
            }
        }
        return rows;
    }

    /** Throughput of all rounds so far, grouped by placement. */
    List<ThroughputRow> throughput() {
        List<ThroughputRow> rows = new ArrayList<>();
        rates.forEach((placement, paths) -> {
            paths.forEach((path, rounds) -> rows.add(new ThroughputRow(
                    path,
                    placement,
                    OptionalDouble.of(Distribution.median(rounds, Rates::tcpGbps)),
                    Distribution.median(rounds, Rates::udpKpps))));
            if (vhostUserResults.containsKey(placement)) {
                double udpKpps = Distribution.median(vhostUserResults.get(placement), VhostUserPath.Result::udpKpps);
                rows.add(new ThroughputRow(VhostUserPath.NAME, placement, OptionalDouble.empty(), udpKpps));
            }
        });
        return rows;
    }

    private List<LatencyProbe.Target> targets() {
        List<LatencyProbe.Target> targets = new ArrayList<>();
        for (Placement placement : cores.placements()) {
            for (Protocol protocol : Protocol.values()) {
                for (Pair pair : pairs) {
                    targets.add(new LatencyProbe.Target(pair, placement, protocol));
                }
            }
        }
        return targets;
    }

    private static LatencyRow row(String path, Placement placement, Protocol protocol, List<Distribution> rounds) {
        return new LatencyRow(path, placement, protocol, LatencyProbe.BYTES, Distribution.medianOf(rounds));
    }
}
