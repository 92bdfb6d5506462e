// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.bench.guest.Interval;
import io.makas.bench.vhost.Throughput.Round;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThroughputReportTest {

    private static final long SECOND_NS = 1_000_000_000;

    private final ThroughputReport report = new ThroughputReport();

    @Test
    void shouldHaveTheFieldsOfTheContract() {
        report.add(Map.of("makas", round(12_000_000, "{\"exact\":7,\"packets\":9}"), "ovs", ovs(6_000_000)));
        report.add(Map.of("makas", round(10_000_000, "{}"), "ovs", ovs(10_000_000)));
        report.add(Map.of("makas", round(14_000_000, "{}"), "ovs", ovs(7_000_000)));

        JsonObject json = report.toJson(List.of("ovs"));

        JsonObject first = json.getAsJsonArray("rounds").get(0).getAsJsonObject();
        assertEquals(12, first.get("mpps").getAsDouble());
        assertEquals(83.333, first.get("ns_per_packet").getAsDouble());
        assertEquals(7, first.getAsJsonObject("cache_hits").get("exact").getAsLong());
        assertEquals(6, first.getAsJsonObject("ovs").get("mpps").getAsDouble());
        assertEquals(
                300.5, first.getAsJsonObject("ovs").get("cycles_per_packet").getAsDouble());
        assertEquals(12, json.get("median_mpps").getAsDouble());
        assertEquals(2, json.get("median_ratio").getAsDouble());
    }

    @Test
    void shouldSayNothingOfPeersThatWereNotThere() {
        report.add(Map.of("makas", round(1_000, "{}")));

        JsonObject json = report.toJson(List.of());

        assertFalse(json.has("median_ratio"));
        assertFalse(json.getAsJsonArray("rounds").get(0).getAsJsonObject().has("ovs"));
    }

    @Test
    void shouldTellWhatTheGeneratorCouldHaveSentWhileItDidNotWait() {
        Interval interval = new Interval(SECOND_NS, SECOND_NS / 2, 10_000_000, 9_000_000, 1);

        assertEquals(20, interval.offeredMpps());
        assertEquals(9, interval.mpps());
        assertEquals(0.5, interval.waitingShare());
    }

    private static Round ovs(long received) {
        return round(received, "{\"cycles_per_packet\":300.5,\"cache_hits\":{\"exact\":1}}");
    }

    private static Round round(long received, String counted) {
        Interval interval = new Interval(SECOND_NS, 0, received, received, 1);
        return new Round(interval, 1, true, 0, JsonParser.parseString(counted).getAsJsonObject());
    }
}
