// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.makas.cli.demo.host.Machine;
import io.makas.cli.demo.measure.Cores;
import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.Placement;
import java.util.ArrayList;
import java.util.List;

/**
 * Everything that a demonstration found.
 *
 * @param machine where
 * @param cores which CPU did what
 * @param rounds how often everything was measured; figures are the medians
 * @param results round trips, in the order in which they are shown
 * @param throughput throughput, in the order in which it is shown
 * @param checks what was proved
 */
public record Report(
        Machine machine,
        Cores cores,
        int rounds,
        List<LatencyRow> results,
        List<ThroughputRow> throughput,
        List<Check> checks) {

    /** Which CPU did what, a line for each placement, and what else a reader of the figures must know. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (Placement placement : cores.placements()) {
            notes.add(placement.label() + ": " + cores.describe(placement));
        }
        if (results.stream().anyMatch(row -> row.path().equals("vhost-user"))) {
            notes.add("vhost-user: one polling thread is both ends; other paths use kernel sockets");
        }
        return notes;
    }

    /** A line for each row of which round trips were lost. */
    public List<String> losses() {
        return results.stream()
                .filter(row -> row.times().lost() > 0)
                .map(row -> row.path() + ", " + row.placement().label() + ", "
                        + row.protocol().label() + ": " + row.times().lost() + " more round trips never came back")
                .toList();
    }

    /** The report as JSON. Times are rounded to nanoseconds. */
    public String toJson() {
        JsonObject report = new JsonObject();
        report.add("machine", machineJson());
        JsonArray rows = new JsonArray();
        results.forEach(row -> rows.add(json(row)));
        report.add("results", rows);
        JsonArray rates = new JsonArray();
        throughput.forEach(row -> rates.add(json(row)));
        report.add("throughput", rates);
        JsonArray proofs = new JsonArray();
        checks.forEach(check -> proofs.add(json(check)));
        report.add("checks", proofs);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .serializeNulls()
                        .create()
                        .toJson(report)
                + "\n";
    }

    private JsonObject machineJson() {
        JsonObject json = new JsonObject();
        json.addProperty("kernel", machine.kernel());
        json.addProperty("cpu", machine.cpu());
        json.addProperty("cpus", machine.cpus().size());
        json.addProperty("jdk", machine.jdk());
        json.addProperty("hugepages", machine.hugepages());
        json.addProperty("hugepage_kib", machine.hugepageKib());
        if (machine.bridgeNetfilter().isPresent()) {
            json.addProperty(
                    "bridge_nf_call_iptables", machine.bridgeNetfilter().getAsInt());
        } else {
            json.add("bridge_nf_call_iptables", JsonNull.INSTANCE);
        }
        json.addProperty("switch_worker_cpu", cores.worker());
        json.addProperty("rounds", rounds);
        JsonObject placements = new JsonObject();
        for (Placement placement : cores.placements()) {
            placements.addProperty(placement.label(), cores.describe(placement));
        }
        json.add("placements", placements);
        return json;
    }

    private static JsonObject json(LatencyRow row) {
        Distribution times = row.times();
        JsonObject json = new JsonObject();
        json.addProperty("path", row.path());
        json.addProperty("placement", row.placement().label());
        json.addProperty("protocol", row.protocol().label());
        json.addProperty("bytes", row.bytes());
        json.addProperty("p50_us", thousandths(times.p50Us()));
        json.addProperty("p99_us", thousandths(times.p99Us()));
        json.addProperty("p999_us", thousandths(times.p999Us()));
        json.addProperty("mean_us", thousandths(times.meanUs()));
        json.addProperty("samples", times.samples());
        return json;
    }

    private static JsonObject json(ThroughputRow row) {
        JsonObject json = new JsonObject();
        json.addProperty("path", row.path());
        json.addProperty("placement", row.placement().label());
        if (row.tcpGbps().isPresent()) {
            json.addProperty("tcp_gbps", thousandths(row.tcpGbps().getAsDouble()));
        } else {
            json.add("tcp_gbps", JsonNull.INSTANCE);
        }
        json.addProperty("udp_kpps", thousandths(row.udpKpps()));
        return json;
    }

    private static JsonObject json(Check check) {
        JsonObject json = new JsonObject();
        json.addProperty("name", check.name());
        json.addProperty("ok", check.ok());
        return json;
    }

    private static double thousandths(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
