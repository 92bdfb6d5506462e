// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.bench.guest.RoundTrips;
import io.makas.bench.peer.Folder;
import io.makas.bench.peer.MakasPeer;
import io.makas.bench.report.Axis;
import io.makas.bench.report.HtmlPage;
import io.makas.bench.report.LineChart;
import io.makas.bench.report.Series;
import io.makas.bench.traffic.PacketStream;
import io.makas.bench.traffic.RuleText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What rest costs: at few packets a second, how long a packet takes from guest to guest, and how much of a processor Makas takes, with
 * each idle policy.
 */
final class IdleRun {

    private static final List<String> POLICIES = List.of("latency", "balanced", "power");
    private static final int[] PACKETS_A_SECOND = {10, 100, 1_000, 10_000, 100_000};
    private static final long WARM_UP_NS = TimeUnit.SECONDS.toNanos(3);
    /** After traffic the worker calms down; compilers do, too. */
    private static final long CALM_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_S = 1e9;

    private IdleRun() {}

    /** What was measured at a rate. */
    private record Reading(String policy, int packetsPerSecond, Histogram delays, double processorShare) {

        double us(double percentile) {
            return delays.getValueAtPercentile(percentile) / NS_PER_US;
        }
    }

    /**
     * Measures, tells on the way, and returns the figures.
     *
     * @param trace a file of flows, or null
     * @param plot where the page of charts goes, or null
     */
    static JsonObject run(VhostOptions options, RuleText rules, Path trace, Path plot)
            throws IOException, InterruptedException {
        List<Reading> readings = new ArrayList<>();
        try (Folder folder = new Folder();
                Traffic traffic = Traffic.of(options, rules, trace);
                PacketStream back = traffic.answers(options);
                PinnedThread thread = new PinnedThread("makas-generator", options.generatorCore())) {
            for (String policy : POLICIES) {
                Path own = Files.createDirectory(folder.path().resolve(policy));
                VhostOptions chosen = options.withIdlePolicy(policy);
                try (MakasPeer makas = MakasPeer.start(
                        own, options.peer(), rules, chosen.idlePolicy(), options.vhost(), options.javaOptions())) {
                    readings.addAll(measure(chosen, makas, traffic, back, thread));
                }
            }
            JsonObject json = toJson(readings);
            Conditions.add(json, options, traffic, List.of());
            json.remove("idle_policy");
            if (plot != null) {
                page(readings, options).write(plot);
            }
            return json;
        }
    }

    private static List<Reading> measure(
            VhostOptions options, MakasPeer makas, Traffic traffic, PacketStream back, PinnedThread thread)
            throws InterruptedException {
        makas.first().fill(traffic.frame());
        makas.second().fill(traffic.answer());
        RoundTrips roundTrips = new RoundTrips(makas.first(), makas.second(), traffic.stream(), back);
        thread.call(() -> roundTrips.run(WARM_UP_NS));
        List<Reading> readings = new ArrayList<>();
        for (int packetsPerSecond : PACKETS_A_SECOND) {
            long intervalNs = (long) NS_PER_S / packetsPerSecond;
            thread.call(() -> roundTrips.oneWay(CALM_NS, intervalNs));
            long processorNs = makas.processorNs();
            long startNs = System.nanoTime();
            Histogram delays =
                    thread.call(() -> roundTrips.oneWay(TimeUnit.SECONDS.toNanos(options.seconds()), intervalNs));
            double share = (double) (makas.processorNs() - processorNs) / (System.nanoTime() - startNs);
            Reading reading = new Reading(options.idlePolicy(), packetsPerSecond, delays, share);
            readings.add(reading);
            System.out.printf(
                    "%-8s %,7d packets/s: p50 %.1f µs, p99 %.1f; %.1f %% of a processor%n",
                    reading.policy(), packetsPerSecond, reading.us(50), reading.us(99), 100 * share);
        }
        return readings;
    }

    private static JsonObject toJson(List<Reading> readings) {
        JsonArray array = new JsonArray();
        for (Reading reading : readings) {
            JsonObject entry = new JsonObject();
            entry.addProperty("policy", reading.policy());
            entry.addProperty("packets_per_second", reading.packetsPerSecond());
            entry.addProperty("p50_us", Statistics.rounded(reading.us(50)));
            entry.addProperty("p99_us", Statistics.rounded(reading.us(99)));
            entry.addProperty("added_p50_us", Statistics.rounded(reading.us(50) - spinning(readings, reading)));
            entry.addProperty("samples", reading.delays().getTotalCount());
            entry.addProperty("processor_share", Statistics.rounded(reading.processorShare()));
            array.add(entry);
        }
        JsonObject json = new JsonObject();
        json.add("idle", array);
        return json;
    }

    /** The median delay at the same rate through a worker that never rests, in microseconds. */
    private static double spinning(List<Reading> readings, Reading like) {
        return readings.stream()
                .filter(reading -> reading.policy().equals(POLICIES.getFirst()))
                .filter(reading -> reading.packetsPerSecond() == like.packetsPerSecond())
                .mapToDouble(reading -> reading.us(50))
                .findFirst()
                .orElse(0);
    }

    private static HtmlPage page(List<Reading> readings, VhostOptions options) {
        List<Series> delays = new ArrayList<>();
        List<Series> shares = new ArrayList<>();
        double largestUs = 1;
        for (String policy : POLICIES) {
            List<Series.Point> p50 = new ArrayList<>();
            List<Series.Point> p99 = new ArrayList<>();
            List<Series.Point> share = new ArrayList<>();
            for (Reading reading : readings) {
                if (reading.policy().equals(policy)) {
                    p50.add(new Series.Point(reading.packetsPerSecond(), reading.us(50)));
                    p99.add(new Series.Point(reading.packetsPerSecond(), reading.us(99)));
                    share.add(new Series.Point(reading.packetsPerSecond(), 100 * reading.processorShare()));
                    largestUs = Math.max(largestUs, reading.us(99));
                }
            }
            delays.add(new Series(policy + ", p50", p50));
            delays.add(new Series(policy + ", p99", p99));
            shares.add(new Series(policy, share));
        }
        Axis rates = Axis.logarithmic(
                "packets a second, evenly spread", PACKETS_A_SECOND[0], PACKETS_A_SECOND[PACKETS_A_SECOND.length - 1]);
        return new HtmlPage("What rest costs and saves")
                .paragraph("One packet at a time from guest to guest; " + options.placement() + ".")
                .chart(new LineChart(
                        "Delay of a packet", rates, Axis.logarithmic("µs, one way", 0.1, largestUs), delays))
                .chart(new LineChart(
                        "Processor time of the whole switch", rates, Axis.linear("% of a processor", 100), shares));
    }
}
