// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import io.makas.cli.demo.host.Machine;
import io.makas.cli.demo.measure.Cores;
import io.makas.cli.demo.measure.Distribution;
import io.makas.cli.demo.measure.Placement;
import io.makas.cli.demo.measure.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A report with made-up figures. */
final class Samples {

    private Samples() {}

    static Report report() {
        Machine machine = new Machine("6.1.0 <test>", "A & B", List.of(0, 1), "25", 512, 512, 2_048, OptionalInt.of(1));
        List<LatencyRow> rows = new ArrayList<>();
        for (Placement placement : Placement.values()) {
            double slower = 1 + placement.ordinal();
            for (Protocol protocol : Protocol.values()) {
                rows.add(row("bridge", placement, protocol, 18 * slower));
                rows.add(row("afxdp", placement, protocol, 40 * slower));
            }
        }
        rows.add(row("vhost-user", Placement.SAME_CORE, Protocol.UDP, 1.5));
        List<ThroughputRow> throughput = List.of(
                new ThroughputRow("bridge", Placement.SAME_CORE, OptionalDouble.of(10.5), 150),
                new ThroughputRow("afxdp", Placement.SAME_CORE, OptionalDouble.of(3.25), 250),
                new ThroughputRow("vhost-user", Placement.SAME_CORE, OptionalDouble.empty(), 4_321.5));
        return new Report(
                machine,
                Cores.choose(machine.cpus()),
                3,
                rows,
                throughput,
                List.of(new Check("ping", true, "3 of 3 answered")));
    }

    /** Half of the samples take the time given, the slowest 10, 1 and 0.1 % twice, four and eight times as long. */
    private static LatencyRow row(String path, Placement placement, Protocol protocol, double us) {
        double[] values = {us, us * 1.1, us * 2, us * 4, us * 8};
        long[] counts = {10_000, 8_000, 1_800, 180, 20};
        return new LatencyRow(
                path, placement, protocol, 64, Distribution.ofCounted(values, counts, path.equals("afxdp") ? 1 : 0));
    }
}
