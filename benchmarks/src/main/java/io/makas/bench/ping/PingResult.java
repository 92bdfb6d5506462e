// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.ping;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * What was measured.
 *
 * @param roundTripsNs how long round trips took
 * @param lost round trips that did not come back
 * @param framesPerSecond what the second guest received while the first sent as fast as it could
 */
record PingResult(Histogram roundTripsNs, long lost, double framesPerSecond) {

    /** Every value that occurred with its count, so that any percentile can be had from it. */
    JsonObject toJson() {
        JsonArray buckets = new JsonArray();
        for (HistogramIterationValue value : roundTripsNs.recordedValues()) {
            JsonObject bucket = new JsonObject();
            bucket.addProperty("us", roundTripsNs.medianEquivalentValue(value.getValueIteratedTo()) / 1e3);
            bucket.addProperty("count", value.getCountAtValueIteratedTo());
            buckets.add(bucket);
        }
        JsonObject json = new JsonObject();
        json.add("round_trips", buckets);
        json.addProperty("lost", lost);
        json.addProperty("kpps", Math.round(framesPerSecond) / 1e3);
        return json;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "round trips, µs: p50 %.2f, p99 %.2f, p99.9 %.2f, mean %.2f (%d samples, %d lost)%n"
                        + "one way: %.0f thousand frames a second received",
                roundTripsNs.getValueAtPercentile(50) / 1e3,
                roundTripsNs.getValueAtPercentile(99) / 1e3,
                roundTripsNs.getValueAtPercentile(99.9) / 1e3,
                roundTripsNs.getMean() / 1e3,
                roundTripsNs.getTotalCount(),
                lost,
                framesPerSecond / 1e3);
    }
}
