// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.bench.vhost.Throughput.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rounds of throughput as JSON: what the contract of the command names, and under what conditions it was measured. */
final class ThroughputReport {

    private static final String MAKAS = "makas";
    private static final String OVS = "ovs";
    private static final double NS_PER_US = 1e3;

    private final List<Map<String, Round>> rounds = new ArrayList<>();

    /** Adds the figures of a round, by switch. */
    void add(Map<String, Round> round) {
        rounds.add(new LinkedHashMap<>(round));
    }

    /** Rates of a switch by round, in million packets a second. */
    List<Double> mpps(String peer) {
        return rounds.stream().map(round -> round.get(peer).interval().mpps()).toList();
    }

    /** Rate of Makas by that of a peer, by round. */
    List<Double> ratios(String peer) {
        return rounds.stream()
                .map(round -> round.get(MAKAS).interval().mpps()
                        / round.get(peer).interval().mpps())
                .toList();
    }

    /** What the generator could have sent to a switch, by round. */
    List<Double> offered(String peer) {
        return rounds.stream()
                .map(round -> round.get(peer).interval().offeredMpps())
                .toList();
    }

    /** Cycles a packet that Open vSwitch says it took, by round. */
    List<Double> ovsCycles() {
        return rounds.stream()
                .map(round -> round.get(OVS).counted().get("cycles_per_packet").getAsDouble())
                .toList();
    }

    /** The figures; conditions are added by the caller. */
    JsonObject toJson(List<String> peers) {
        JsonObject json = new JsonObject();
        JsonArray array = new JsonArray();
        for (Map<String, Round> round : rounds) {
            JsonObject entry = makas(round.get(MAKAS));
            for (String peer : peers) {
                entry.add(peer, peer(round.get(peer)));
            }
            array.add(entry);
        }
        json.add("rounds", array);
        json.addProperty("median_mpps", Statistics.rounded(Statistics.median(mpps(MAKAS))));
        if (peers.contains(OVS)) {
            json.addProperty("median_ratio", Statistics.rounded(Statistics.median(ratios(OVS))));
        }
        json.addProperty("median_offered_mpps", Statistics.rounded(Statistics.median(offered(MAKAS))));
        json.addProperty("spread", Statistics.rounded(Statistics.spread(mpps(MAKAS))));
        for (String peer : peers) {
            json.addProperty("median_" + peer + "_mpps", Statistics.rounded(Statistics.median(mpps(peer))));
            json.addProperty("median_ratio_to_" + peer, Statistics.rounded(Statistics.median(ratios(peer))));
            json.addProperty("spread_" + peer, Statistics.rounded(Statistics.spread(mpps(peer))));
        }
        return json;
    }

    private static JsonObject makas(Round round) {
        JsonObject json = common(round);
        JsonObject counted = round.counted();
        JsonObject hits = new JsonObject();
        for (String name : List.copyOf(counted.keySet())) {
            switch (name) {
                case "packets", "bursts", "dropped", "pauses" -> json.add(name, counted.get(name));
                default -> hits.add(name, counted.get(name));
            }
        }
        json.add("cache_hits", hits);
        return json;
    }

    private static JsonObject peer(Round round) {
        JsonObject json = common(round);
        round.counted().entrySet().forEach(figure -> json.add(figure.getKey(), figure.getValue()));
        return json;
    }

    private static JsonObject common(Round round) {
        JsonObject json = new JsonObject();
        json.addProperty("mpps", Statistics.rounded(round.interval().mpps()));
        json.addProperty(
                "ns_per_packet", Statistics.rounded(NS_PER_US / round.interval().mpps()));
        json.addProperty("offered_mpps", Statistics.rounded(round.interval().offeredMpps()));
        json.addProperty(
                "generator_waiting_share", Statistics.rounded(round.interval().waitingShare()));
        json.addProperty("sent", round.interval().sent());
        json.addProperty("received", round.interval().received());
        json.addProperty("lost", round.lost());
        json.addProperty("checked", round.interval().checked());
        json.addProperty("warm_up_seconds", Statistics.rounded(round.warmUpSeconds()));
        json.addProperty("all_flows_seen_before", round.wereFlowsSeen());
        return json;
    }
}
