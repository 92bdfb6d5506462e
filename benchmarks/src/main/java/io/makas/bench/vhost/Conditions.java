// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonObject;
import io.makas.bench.peer.Peer;
import java.util.List;

/** Under which conditions figures were measured. */
final class Conditions {

    private Conditions() {}

    /** Adds them to a report. */
    static void add(JsonObject report, VhostOptions options, Traffic traffic, List<Peer> peers) {
        report.addProperty("rules", traffic.rules().name());
        report.addProperty("rule_count", traffic.rules().mods().size());
        report.addProperty("flows", traffic.flows().count());
        report.addProperty("distinct_flows", traffic.distinct());
        report.addProperty("order", options.order().word());
        report.addProperty("frame_bytes", options.peer().frameBytes());
        report.addProperty("ring_entries", options.peer().ringSize());
        report.addProperty("seed", options.seed());
        report.addProperty("seconds", options.seconds());
        report.addProperty(
                "warm_up",
                "caches emptied, then " + options.warmUpSeconds()
                        + " s at least, until every flow was seen once, 8 s at most; at first also until"
                        + " compilers were idle for a second, 20 s at most");
        report.addProperty("idle_policy", options.idlePolicy());
        report.addProperty("vhost", options.vhost());
        report.addProperty("placement", options.placement());
        JsonObject versions = new JsonObject();
        peers.forEach(peer -> versions.addProperty(peer.name(), peer.version()));
        report.add("versions", versions);
        report.add("machine", Machine.describe());
    }

    /** The same for people. */
    static List<String> sentences(VhostOptions options, Traffic traffic, Peers started) {
        JsonObject machine = Machine.describe();
        StringBuilder versions = new StringBuilder();
        started.all()
                .forEach(peer -> versions.append(versions.isEmpty() ? "" : "; ")
                        .append(peer.name())
                        .append(' ')
                        .append(peer.version()));
        return List.of(
                "Rules %s, %,d flows (%s), frames of %d bytes, seed %d; %d rounds of %d s, the switches in turn; %s."
                        .formatted(
                                traffic.rules().name(),
                                traffic.flows().count(),
                                options.order().word(),
                                options.peer().frameBytes(),
                                options.seed(),
                                options.rounds(),
                                options.seconds(),
                                options.placement()),
                "%s, %s, %s; %s."
                        .formatted(
                                machine.get("processor").getAsString(),
                                machine.get("kernel").getAsString(),
                                machine.get("java").getAsString(),
                                versions));
    }
}
