// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import io.makas.bench.peer.Folder;
import io.makas.bench.peer.Peer;
import io.makas.bench.traffic.RuleText;
import io.makas.bench.vhost.Throughput.Round;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All rounds of throughput, of all switches in turn. */
final class ThroughputRun {

    private ThroughputRun() {}

    /** Measures, tells on the way, and returns the figures. {@code trace} is a file of flows, or null. */
    static JsonObject run(VhostOptions options, RuleText rules, Path trace) throws IOException, InterruptedException {
        ThroughputReport report = new ThroughputReport();
        try (Folder folder = new Folder();
                Traffic traffic = Traffic.of(options, rules, trace);
                Peers started = Peers.start(folder.path(), options, rules);
                PinnedThread thread = new PinnedThread("makas-generator", options.generatorCore())) {
            Map<Peer, Throughput> measurements = new LinkedHashMap<>();
            started.all().forEach(peer -> measurements.put(peer, new Throughput(peer, traffic, thread)));
            double freeMpps = NullMeasurement.mpps(options, traffic, thread);
            System.err.printf("the generator alone: %.1f Mpps%n", freeMpps);
            for (int round = 1; round <= options.rounds(); round++) {
                Map<String, Round> results = new LinkedHashMap<>();
                for (Map.Entry<Peer, Throughput> one : measurements.entrySet()) {
                    Round result = one.getValue().measure(options);
                    results.put(one.getKey().name(), result);
                    System.err.printf(
                            "round %d of %d: %-7s %7.3f Mpps, offered %.1f%n",
                            round,
                            options.rounds(),
                            one.getKey().name(),
                            result.interval().mpps(),
                            result.interval().offeredMpps());
                }
                report.add(results);
            }
            JsonObject json = report.toJson(options.peers());
            json.addProperty("generator_alone_mpps", Statistics.rounded(freeMpps));
            Conditions.add(json, options, traffic, started.all());
            print(report, options, traffic);
            return json;
        }
    }

    private static void print(ThroughputReport report, VhostOptions options, Traffic traffic) {
        System.out.printf(
                "rules %s, %,d flows (%s), frames of %d bytes, seed %d; %s%n",
                traffic.rules().name(),
                traffic.flows().count(),
                options.order().word(),
                options.peer().frameBytes(),
                options.seed(),
                options.placement());
        System.out.printf(
                "  makas    %7.3f Mpps (spread %.0f %%), generator offered %.1f%n",
                Statistics.median(report.mpps("makas")),
                100 * Statistics.spread(report.mpps("makas")),
                Statistics.median(report.offered("makas")));
        for (String peer : options.peers()) {
            System.out.printf(
                    "  %-8s %7.3f Mpps (spread %.0f %%)%s, ratio %.2f%n",
                    peer,
                    Statistics.median(report.mpps(peer)),
                    100 * Statistics.spread(report.mpps(peer)),
                    peer.equals("ovs") ? ", %.0f cycles a packet".formatted(Statistics.median(report.ovsCycles())) : "",
                    Statistics.median(report.ratios(peer)));
        }
    }
}
