// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import io.makas.bench.peer.Folder;
import io.makas.bench.peer.MakasPeer;
import io.makas.bench.peer.Peer;
import io.makas.bench.traffic.PacketStream;
import io.makas.bench.traffic.RuleText;
import io.makas.bench.vhost.Latency.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** All rounds of round trips, of all switches in turn. */
final class LatencyRun {

    private LatencyRun() {}

    /**
     * Measures, tells on the way, and returns the figures.
     *
     * @param trace a file of flows, or null
     * @param plot where the page of percentiles goes, and the log of pauses beside it, or null
     */
    static JsonObject run(VhostOptions options, RuleText rules, Path trace, Path plot)
            throws IOException, InterruptedException {
        LatencyReport report = new LatencyReport();
        try (Folder folder = new Folder();
                Traffic traffic = Traffic.of(options, rules, trace);
                PacketStream back = traffic.answers(options);
                Peers started = Peers.start(folder.path(), options, rules);
                PinnedThread thread = new PinnedThread("makas-generator", options.generatorCore())) {
            Map<Peer, Latency> measurements = new LinkedHashMap<>();
            started.all().forEach(peer -> measurements.put(peer, new Latency(peer, traffic, back, thread)));
            for (int round = 1; round <= options.rounds(); round++) {
                Map<String, Round> results = new LinkedHashMap<>();
                for (Map.Entry<Peer, Latency> one : measurements.entrySet()) {
                    Round result = one.getValue().measure(options);
                    results.put(one.getKey().name(), result);
                    tell(round, options, one.getKey().name(), result);
                }
                report.add(results);
            }
            JsonObject json = report.toJson(options.peers());
            Conditions.add(json, options, traffic, started.all());
            if (plot != null) {
                report.page(options.peers(), Conditions.sentences(options, traffic, started))
                        .write(plot);
                writePauses(started, plot);
            }
            return json;
        }
    }

    private static void tell(int round, VhostOptions options, String name, Round result) {
        System.out.printf(
                "round %d of %d: %-7s p50 %.2f µs, p99 %.2f, p99.9 %.2f, p99.99 %.2f, max %.1f; %,d round trips%n",
                round,
                options.rounds(),
                name,
                result.us(50),
                result.us(99),
                result.us(99.9),
                result.us(99.99),
                result.us(100),
                result.times().getTotalCount());
    }

    private static void writePauses(Peers started, Path plot) throws IOException {
        for (Peer peer : started.all()) {
            if (peer instanceof MakasPeer makas) {
                Files.writeString(plot.resolveSibling(plot.getFileName() + ".pauses.log"), makas.pauseLog());
            }
        }
    }
}
