// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.Protocol;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The UDP round trips of a report as a picture: one line for each path and placement, percentile against time.
 *
 * <p>Both axes are logarithmic. The horizontal one gives equal room to 90, 99, 99.9 and 99.99 %, as plots of HdrHistogram
 * do, because the slow round trips are the interesting ones. A line ends where too few samples are left to trust it.
 * The colour stands for the path, the dashes for the placement. The SVG needs nothing from outside.
 */
public final class LatencyChart {

    private static final int WIDTH = 1_140;
    private static final int HEIGHT = 680;
    private static final int LEFT = 84;
    private static final int RIGHT = 790;
    private static final int TOP = 104;
    private static final int BOTTOM = 520;
    private static final int LEGEND_X = 822;
    private static final int LEGEND_STEP = 44;

    private static final String INK = "#1f2933";
    private static final String MUTED = "#616e7c";
    private static final String GRID = "#e4e7eb";

    private final Report report;
    private final List<LatencyRow> rows;
    private final double lowUs;
    private final double highUs;
    private final StringBuilder svg = new StringBuilder();

    private LatencyChart(Report report) {
        this.report = report;
        this.rows = report.results().stream()
                .filter(row -> row.protocol() == Protocol.UDP)
                .sorted(Comparator.comparingDouble(
                                (LatencyRow row) -> row.times().p50Us())
                        .reversed())
                .toList();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (LatencyRow row : rows) {
            least = Math.min(least, row.times().curveUs(0));
            most = Math.max(most, row.times().curveUs(row.times().drawnPoints() - 1));
        }
        this.lowUs = stepAtMost(least);
        this.highUs = stepAtLeast(most);
    }

    /** The picture; needs at least one UDP row. */
    public static String svg(Report report) {
        LatencyChart chart = new LatencyChart(report);
        if (chart.rows.isEmpty()) {
            throw new IllegalArgumentException("the report has no UDP round trips to draw");
        }
        chart.draw();
        return chart.svg.toString();
    }

    private void draw() {
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\"",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append(" font-family=\"system-ui, 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif\"");
        svg.append(" role=\"img\">\n");
        svg.append("<title>Round trip between two containers</title>\n");
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", WIDTH, HEIGHT));
        heading();
        percentileAxis();
        timeAxis();
        rows.forEach(this::line);
        legend();
        notes();
        svg.append("</svg>\n");
    }

    private void heading() {
        text(LEFT - 60, 40, "start", 22, INK, 600, "Round trip between two containers, 64 bytes over UDP");
        var machine = report.machine();
        String cpus = machine.cpus().size() == 1 ? "1 CPU" : machine.cpus().size() + " CPUs";
        String netfilter = machine.bridgeNetfilter().isPresent()
                ? ", bridge-nf-call-iptables = " + machine.bridgeNetfilter().getAsInt()
                : "";
        String rounds = report.rounds() == 1 ? "one round" : "median of " + report.rounds() + " rounds";
        String where = machine.cpu() + ", " + cpus + ", Linux " + machine.kernel() + netfilter + ", " + rounds;
        text(LEFT - 60, 65, "start", 14, MUTED, 400, where);
    }

    private void percentileAxis() {
        String[] labels = {"0 %", "90 %", "99 %", "99.9 %", "99.99 %"};
        for (int decade = 0; decade <= Distribution.DECADES; decade++) {
            verticalGrid(x(decade * Distribution.STEPS_A_DECADE), labels[decade]);
        }
        double half = Math.log10(2) * Distribution.STEPS_A_DECADE;
        verticalGrid(x(half), "50 %");
        text(
                (LEFT + RIGHT) / 2.0,
                BOTTOM + 46,
                "middle",
                14,
                MUTED,
                400,
                "share of the round trips that took no longer");
    }

    private void verticalGrid(double x, String label) {
        svg.append(
                format("<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>\n", x, TOP, x, BOTTOM, GRID));
        text(x, BOTTOM + 22, "middle", 13, INK, 400, label);
    }

    private void timeAxis() {
        for (double us = lowUs; us <= highUs * 1.001; us = stepAtLeast(us * 1.5)) {
            svg.append(format(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\"/>\n",
                    LEFT, y(us), RIGHT, y(us), GRID));
            text(LEFT - 10, y(us) + 4.5, "end", 13, INK, 400, tick(us));
        }
        text(LEFT - 10, TOP - 14, "end", 13, MUTED, 400, "µs");
    }

    private void line(LatencyRow row) {
        Distribution times = row.times();
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < times.drawnPoints(); i++) {
            points.append(format(i == 0 ? "M%.1f %.1f" : "L%.1f %.1f", x(i), y(times.curveUs(i))));
        }
        svg.append(format("<path d=\"%s\" fill=\"none\" stroke-linejoin=\"round\" %s/>\n", points, stroke(row)));
    }

    private void legend() {
        int y = TOP + 6;
        for (LatencyRow row : rows) {
            svg.append(format("<path d=\"M%d %dH%d\" %s/>\n", LEGEND_X, y, LEGEND_X + 38, stroke(row)));
            String name = row.path() + ", " + row.placement().label();
            text(LEGEND_X + 48, y + 4.5, "start", 14, INK, 600, name);
            String figures = "p50 " + Table.short3(row.times().p50Us()) + " · p99 "
                    + Table.short3(row.times().p99Us()) + " · p99.9 "
                    + Table.short3(row.times().p999Us()) + " µs";
            text(LEGEND_X + 48, y + 22, "start", 12, MUTED, 400, figures);
            y += LEGEND_STEP;
        }
    }

    private void notes() {
        int y = BOTTOM + 78;
        for (String note : report.notes()) {
            text(LEFT - 60, y, "start", 13, MUTED, 400, note);
            y += 19;
        }
    }

    private void text(double x, double y, String anchor, int size, String colour, int weight, String words) {
        svg.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\" font-weight=\"%d\" fill=\"%s\">%s</text>\n",
                x, y, anchor, size, weight, colour, escape(words)));
    }

    private static String stroke(LatencyRow row) {
        String colour = switch (row.path()) {
            case "bridge" -> "#7b8794";
            case "afxdp" -> "#0072b2";
            case "vhost-user" -> "#d55e00";
            default -> "#009e73";
        };
        String dashes = switch (row.placement()) {
            case SAME_CORE -> "";
            case CROSS_CORE -> " stroke-dasharray=\"9 5\"";
            case FREE -> " stroke-dasharray=\"2 5\" stroke-linecap=\"round\"";
        };
        return "stroke=\"" + colour + "\" stroke-width=\"2.5\"" + dashes;
    }

    private static double x(double point) {
        return LEFT + (RIGHT - LEFT) * point / (Distribution.DECADES * Distribution.STEPS_A_DECADE);
    }

    private double y(double us) {
        return BOTTOM - (BOTTOM - TOP) * Math.log(us / lowUs) / Math.log(highUs / lowUs);
    }

    /** The largest of 1, 2, 5, 10, 20… (and 0.5, 0.2…) that is no more than a value. */
    private static double stepAtMost(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(value)));
        double digit = value / power;
        return (digit >= 5 ? 5 : digit >= 2 ? 2 : 1) * power;
    }

    /** The smallest of 1, 2, 5, 10, 20… that is no less than a value. */
    private static double stepAtLeast(double value) {
        double below = stepAtMost(value);
        if (below >= value * 0.999) {
            return below;
        }
        return Math.round(below / Math.pow(10, Math.floor(Math.log10(below) + 1e-9))) == 2 ? below * 2.5 : below * 2;
    }

    private static String tick(double us) {
        return us >= 1 ? format("%,.0f", us) : format("%.1f", us);
    }

    private static String escape(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
