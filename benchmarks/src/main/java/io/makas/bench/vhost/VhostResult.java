// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.flow.cache.CacheStatistics;
import java.util.List;

/**
 * What was measured. Rates are in packets a second, both directions together, as the guest received them.
 *
 * @param options how
 * @param makasRates rate of the switch, by round
 * @param testPmdRates rate of {@code dpdk-testpmd} in the switch's place, by round
 * @param packetsPerBurst packets that the worker received a burst, on average
 * @param dropped packets lost in the switch or at its ports
 * @param cache what the worker's caches did
 */
record VhostResult(
        VhostOptions options,
        List<Double> makasRates,
        List<Double> testPmdRates,
        double packetsPerBurst,
        long dropped,
        CacheStatistics cache) {

    private static final double MEGA = 1e6;

    double medianMpps() {
        return median(makasRates) / MEGA;
    }

    double medianTestPmdMpps() {
        return median(testPmdRates) / MEGA;
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        json.addProperty("mpps", rounded(medianMpps()));
        json.addProperty("testpmd_mpps", rounded(medianTestPmdMpps()));
        json.addProperty("ratio", rounded(medianMpps() / medianTestPmdMpps()));
        json.addProperty("packets_per_burst", rounded(packetsPerBurst));
        json.addProperty("dropped", dropped);
        JsonObject hits = new JsonObject();
        hits.addProperty("exact", cache.exactHits());
        hits.addProperty("megaflow", cache.megaflowHits());
        hits.addProperty("miss", cache.misses());
        json.add("cache_hits", hits);
        JsonArray rounds = new JsonArray();
        for (int i = 0; i < makasRates.size(); i++) {
            JsonObject round = new JsonObject();
            round.addProperty("mpps", rounded(makasRates.get(i) / MEGA));
            round.addProperty("testpmd_mpps", rounded(testPmdRates.get(i) / MEGA));
            rounds.add(round);
        }
        json.add("rounds", rounds);
        json.addProperty("flows", options.flows());
        json.addProperty("frame_bytes", 64);
        json.addProperty("placement", placement());
        return json;
    }

    String placement() {
        return "switch worker on core " + options.switchCore() + ", guest on core " + options.guestCore();
    }

    static double median(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double rounded(double value) {
        return Math.round(value * 1_000) / 1_000.0;
    }
}
