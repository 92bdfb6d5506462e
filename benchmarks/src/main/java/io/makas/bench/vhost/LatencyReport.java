// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.bench.report.Axis;
import io.makas.bench.report.HtmlPage;
import io.makas.bench.report.LineChart;
import io.makas.bench.report.Series;
import io.makas.bench.vhost.Latency.Round;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/** Rounds of round trips as JSON, and as a picture of all percentiles. */
final class LatencyReport {

    private static final String MAKAS = "makas";
    private static final double NS_PER_US = 1e3;
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};
    private static final String[] NAMES = {"p50", "p99", "p999", "p9999"};

    private final List<Map<String, Round>> rounds = new ArrayList<>();

    /** Adds the figures of a round, by switch. */
    void add(Map<String, Round> round) {
        rounds.add(new LinkedHashMap<>(round));
    }

    /** The median over the rounds of a figure of a switch. */
    double median(String peer, ToDoubleFunction<Round> figure) {
        return Statistics.median(rounds.stream()
                .map(round -> figure.applyAsDouble(round.get(peer)))
                .toList());
    }

    /** The figures; conditions are added by the caller. */
    JsonObject toJson(List<String> peers) {
        JsonObject json = new JsonObject();
        JsonArray array = new JsonArray();
        for (Map<String, Round> round : rounds) {
            JsonObject entry = round.get(MAKAS).toJson();
            if (round.get(MAKAS).counted().has("pauses")) {
                entry.add("pauses", round.get(MAKAS).counted().get("pauses"));
            }
            for (String peer : peers) {
                entry.add(peer, round.get(peer).toJson());
            }
            array.add(entry);
        }
        json.add("rounds", array);
        List<String> all = new ArrayList<>(List.of(MAKAS));
        all.addAll(peers);
        for (String peer : all) {
            for (int i = 0; i < NAMES.length; i++) {
                double percentile = PERCENTILES[i];
                json.addProperty(
                        "median_" + (peer.equals(MAKAS) ? "" : peer + "_") + NAMES[i] + "_us",
                        Statistics.rounded(median(peer, round -> round.us(percentile))));
            }
        }
        for (String peer : peers) {
            json.addProperty(
                    "median_p50_ratio_to_" + peer,
                    Statistics.rounded(median(MAKAS, round -> round.us(50)) / median(peer, round -> round.us(50))));
        }
        return json;
    }

    /** A page with the percentiles of all rounds together. */
    HtmlPage page(List<String> peers, List<String> conditions) {
        List<String> all = new ArrayList<>(List.of(MAKAS));
        all.addAll(peers);
        List<Series> lines = new ArrayList<>();
        List<List<String>> rows = new ArrayList<>();
        double smallest = Double.MAX_VALUE;
        double largest = 0;
        double rarest = 10;
        for (String peer : all) {
            Histogram times = together(peer);
            lines.add(new Series(peer, points(times)));
            smallest = Math.min(smallest, times.getMinValue() / NS_PER_US);
            largest = Math.max(largest, times.getMaxValue() / NS_PER_US);
            rarest = Math.max(rarest, times.getTotalCount());
            Round round = new Round(times, 0, new JsonObject());
            rows.add(List.of(
                    peer,
                    us(round.us(50)),
                    us(round.us(99)),
                    us(round.us(99.9)),
                    us(round.us(99.99)),
                    us(times.getMaxValue() / NS_PER_US),
                    "%,d".formatted(times.getTotalCount())));
        }
        HtmlPage page = new HtmlPage("Round trips between two vhost-user guests");
        conditions.forEach(page::paragraph);
        page.chart(new LineChart(
                "A packet and its answer through the switch",
                percentileAxis(rarest),
                Axis.logarithmic("µs", smallest, largest),
                lines));
        page.table(List.of("all rounds, µs", "p50", "p99", "p99.9", "p99.99", "max", "round trips"), rows);
        return page;
    }

    private Histogram together(String peer) {
        Histogram sum = rounds.getFirst().get(peer).times().copy();
        rounds.stream().skip(1).forEach(round -> sum.add(round.get(peer).times()));
        return sum;
    }

    /** Along the axis is one in how many is slower: 1 / (1 - percentile). */
    private static List<Series.Point> points(Histogram times) {
        List<Series.Point> points = new ArrayList<>();
        for (HistogramIterationValue value : times.percentiles(10)) {
            double rest = 1 - value.getPercentileLevelIteratedTo() / 100;
            double oneIn = rest <= 0 ? times.getTotalCount() : Math.min(1 / rest, times.getTotalCount());
            points.add(new Series.Point(oneIn, value.getValueIteratedTo() / NS_PER_US));
        }
        return points;
    }

    private static Axis percentileAxis(double rarest) {
        List<Axis.Tick> ticks = new ArrayList<>(List.of(
                new Axis.Tick(1, "0"), new Axis.Tick(2, "50"), new Axis.Tick(10, "90"), new Axis.Tick(100, "99")));
        String text = "99.9";
        for (double oneIn = 1_000; oneIn <= rarest; oneIn *= 10) {
            ticks.add(new Axis.Tick(oneIn, text));
            text += "9";
        }
        return new Axis("percentile", true, 1, rarest, ticks);
    }

    private static String us(double value) {
        return "%.2f".formatted(value);
    }
}
