// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.makas.bench.peer.PeerOptions;
import io.makas.bench.report.Axis;
import io.makas.bench.report.HtmlPage;
import io.makas.bench.report.LineChart;
import io.makas.bench.report.Series;
import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketOrder;
import io.makas.bench.traffic.RuleText;
import io.makas.dataplane.sys.SysException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code makas bench scale}: what a packet costs as flows, rules, masks and ports grow in number. */
@Command(
        name = "scale",
        mixinStandardHelpOptions = true,
        description = "What a packet costs as flows, rules, masks and ports grow in number: a page of charts.")
public final class ScaleCommand implements Callable<Integer> {

    private static final double NS_PER_US = 1e3;
    private static final int RING = 256;
    private static final long SEED = 1;

    /** What grows, and by which rules. */
    enum Curve {
        FLOWS("flows, in turn", 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
        RULES("rules, 24 masks, 10,000 flows in turn", 24, 100, 300, 1_000, 3_000, 10_000),
        MASKS("masks, 1,000 rules, 10,000 flows in turn", 2, 10, 24, 50, 100, 250, 500),
        PORTS("ports, of which two are used", 2, 10, 30, 100, 250);

        private final String label;
        private final int[] values;

        Curve(String label, int... values) {
            this.label = label;
            this.values = values;
        }

        /** Rules for a value, by the name of their line. */
        Map<String, String> rules(int value) {
            Map<String, String> lines = new LinkedHashMap<>();
            switch (this) {
                case FLOWS -> {
                    lines.put("NORMAL", "normal");
                    lines.put("access list", "acl24");
                }
                case RULES -> lines.put("access list", "acl:24:" + value);
                case MASKS -> lines.put("access list", "acl:" + value + ":1000");
                case PORTS -> lines.put("in_port → output", "port");
            }
            return lines;
        }
    }

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--curves",
            split = ",",
            paramLabel = "CURVE",
            defaultValue = "flows,rules,masks,ports",
            description = "Which: flows, rules, masks, ports (default all).")
    private List<String> curves;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "Measured beside Makas, but for the ports: ovs, testpmd.")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--seconds", defaultValue = "2", description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--rounds", defaultValue = "1", description = "Of each measurement (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--vhost", defaultValue = "default", description = "As of 'vhost' (default ${DEFAULT-VALUE}).")
    private String vhost;

    @Option(names = "--json", required = true, paramLabel = "FILE", description = "Writes the figures to a file.")
    private Path json;

    @Option(
            names = "--page",
            paramLabel = "FILE",
            description = "Writes the charts (default: beside --json, as .html).")
    private Path page;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            List<Curve> chosen = new ArrayList<>();
            for (String word : curves) {
                chosen.add(curve(word));
            }
            JsonObject report = new JsonObject();
            HtmlPage html = new HtmlPage("What a packet costs as things grow in number");
            html.paragraph("From one vhost-user port to another, frames of " + FrameTemplate.MIN_BYTES + " bytes; "
                    + options(1, 0, List.of()).placement() + ".");
            for (Curve curve : chosen) {
                JsonArray points = measure(curve);
                report.add(word(curve), points);
                html.chart(chart(curve, points));
            }
            report.add("machine", Machine.describe());
            Files.writeString(
                    json, new GsonBuilder().setPrettyPrinting().create().toJson(report) + "\n");
            html.write(
                    page != null
                            ? page
                            : json.resolveSibling(json.getFileName().toString().replaceAll("\\.json$", "") + ".html"));
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (SysException | IllegalStateException e) {
            System.err.println("makas bench scale: " + e.getMessage());
            return 1;
        }
    }

    private JsonArray measure(Curve curve) throws IOException, InterruptedException {
        JsonArray points = new JsonArray();
        for (int value : curve.values) {
            for (Map.Entry<String, String> line : curve.rules(value).entrySet()) {
                int flows = curve == Curve.FLOWS ? value : curve == Curve.PORTS ? 1 : 10_000;
                int silentPorts = curve == Curve.PORTS ? value - 2 : 0;
                VhostOptions options = options(flows, silentPorts, curve == Curve.PORTS ? List.of() : peers);
                JsonObject result = ThroughputRun.run(options, RuleText.of(line.getValue(), false, SEED), null);
                addPoint(points, value, "makas, " + line.getKey(), result, "median_mpps");
                for (String peer : options.peers()) {
                    addPoint(points, value, peer + ", " + line.getKey(), result, "median_" + peer + "_mpps");
                }
            }
        }
        return points;
    }

    private static void addPoint(JsonArray points, int value, String line, JsonObject result, String figure) {
        double mpps = result.get(figure).getAsDouble();
        JsonObject point = new JsonObject();
        point.addProperty("count", value);
        point.addProperty("line", line);
        point.addProperty("mpps", mpps);
        point.addProperty("ns_per_packet", Statistics.rounded(NS_PER_US / mpps));
        points.add(point);
    }

    private LineChart chart(Curve curve, JsonArray points) {
        Map<String, List<Series.Point>> lines = new LinkedHashMap<>();
        double smallest = Double.MAX_VALUE;
        double largest = 1;
        for (var element : points) {
            JsonObject point = element.getAsJsonObject();
            double ns = point.get("ns_per_packet").getAsDouble();
            lines.computeIfAbsent(point.get("line").getAsString(), _ -> new ArrayList<>())
                    .add(new Series.Point(point.get("count").getAsInt(), ns));
            smallest = Math.min(smallest, ns);
            largest = Math.max(largest, ns);
        }
        List<Series> series = lines.entrySet().stream()
                .map(line -> new Series(line.getKey(), line.getValue()))
                .toList();
        int[] values = curve.values;
        return new LineChart(
                "Cost of a packet by " + word(curve),
                Axis.logarithmic(curve.label, values[0], values[values.length - 1]),
                Axis.logarithmic("ns a packet", smallest * 0.8, largest * 1.2),
                series);
    }

    private VhostOptions options(int flows, int silentPorts, List<String> measuredPeers) {
        return new VhostOptions(
                seconds,
                1,
                rounds,
                List.copyOf(measuredPeers),
                flows,
                PacketOrder.SEQ,
                SEED,
                new PeerOptions(1, RING, FrameTemplate.MIN_BYTES, silentPorts),
                0,
                "balanced",
                vhost,
                List.of());
    }

    private static Curve curve(String word) {
        return Arrays.stream(Curve.values())
                .filter(curve -> word(curve).equals(word))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("--curves '" + word + "' is none of flows, rules, masks, ports"));
    }

    private static String word(Curve curve) {
        return curve.name().toLowerCase(Locale.ROOT);
    }
}
