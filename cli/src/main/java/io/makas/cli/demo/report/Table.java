// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import io.makas.cli.demo.measure.Placement;
import java.util.List;
import java.util.Locale;

/** The report as a table for a terminal of 80 columns. */
public final class Table {

    private Table() {}

    /** The figures of a report, grouped by placement; ends with a line break. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        List<Placement> placements = report.cores().placements();
        List<String> notes = report.notes();
        for (Placement placement : placements) {
            text.append('\n').append(notes.get(placements.indexOf(placement))).append('\n');
            latency(
                    text,
                    report.results().stream()
                            .filter(row -> row.placement() == placement)
                            .toList());
            throughput(
                    text,
                    report.throughput().stream()
                            .filter(row -> row.placement() == placement)
                            .toList());
        }
        text.append('\n');
        notes.subList(placements.size(), notes.size())
                .forEach(note -> text.append(note).append('\n'));
        report.losses().forEach(loss -> text.append(loss).append('\n'));
        return text.toString();
    }

    private static void latency(StringBuilder text, List<LatencyRow> rows) {
        text.append(line("  %-24s %9s %9s %9s %9s %10s", "round trip, µs", "p50", "p99", "p99.9", "mean", "samples"));
        for (LatencyRow row : rows) {
            String what = row.path() + ", " + row.protocol().label() + " " + row.bytes() + " B";
            text.append(line(
                    "  %-24s %9s %9s %9s %9s %,10d",
                    what,
                    short3(row.times().p50Us()),
                    short3(row.times().p99Us()),
                    short3(row.times().p999Us()),
                    short3(row.times().meanUs()),
                    row.times().samples()));
        }
    }

    private static void throughput(StringBuilder text, List<ThroughputRow> rows) {
        text.append(line("  %-24s %19s %19s", "throughput, received", "TCP Gbit/s", "UDP 64 B kpps"));
        for (ThroughputRow row : rows) {
            String tcp = row.tcpGbps().isPresent() ? short3(row.tcpGbps().getAsDouble()) : "no TCP";
            text.append(line("  %-24s %19s %19s", row.path(), tcp, short3(row.udpKpps())));
        }
    }

    /** A number with about three significant digits, which is more than a short measurement gives. */
    static String short3(double value) {
        int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values).stripTrailing() + "\n";
    }
}
