// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.fastpath;

import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.table.FlowModException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code makas bench fastpath}: options in, a row for each combination of rules and flows. */
@Command(
        name = "fastpath",
        mixinStandardHelpOptions = true,
        description = "Cost a packet of parsing, looking up and acting, between queues that do nothing.")
public final class FastPathCommand implements Callable<Integer> {

    private static final long MS_NS = 1_000_000;

    @Option(
            names = "--rules",
            split = ",",
            defaultValue = "port,normal,router,acl24,acl300",
            description = "port, normal, router, aclM for access rules of M masks (default ${DEFAULT-VALUE}).")
    private List<String> rules;

    @Option(
            names = "--flows",
            split = ",",
            defaultValue = "1,1000,100000,1000000",
            description = "Flows in the traffic (default ${DEFAULT-VALUE}).")
    private List<Integer> flows;

    @Option(names = "--acl-rules", defaultValue = "1000", description = "Access rules (default ${DEFAULT-VALUE}).")
    private int aclRules;

    @Option(names = "--zipf", description = "Flow k comes 1/k times as often as the first, instead of all in turn.")
    private boolean zipf;

    @Option(names = "--ms", defaultValue = "700", description = "Length of a measurement (default ${DEFAULT-VALUE}).")
    private int milliseconds;

    @Option(
            names = "--warm-up-ms",
            defaultValue = "2000",
            description = "Time before, in which caches fill and code is compiled (default ${DEFAULT-VALUE}).")
    private int warmUpMilliseconds;

    @Option(names = "--exact-entries", defaultValue = "0", description = "Entries of the exact-match cache.")
    private int exactEntries;

    @Option(names = "--megaflows", defaultValue = "0", description = "Megaflows at most.")
    private int megaflows;

    @Option(names = "--ghz", defaultValue = "2.6", description = "Clock of the processor (default ${DEFAULT-VALUE}).")
    private double ghz;

    @Override
    public Integer call() throws FlowModException {
        WorkerLimits usual = WorkerLimits.DEFAULT;
        WorkerLimits limits = new WorkerLimits(
                exactEntries > 0 ? exactEntries : usual.exactMatchEntries(),
                megaflows > 0 ? megaflows : usual.megaflows(),
                usual.highestPortNumber());
        System.out.println("| rules | flows | ns a packet | of it receive | cycles between | exact | megaflow | miss"
                + " | megaflows | masks | slowest 1,024 bursts, us a burst |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (String name : rules) {
            for (int count : flows) {
                measure(name, count, limits);
            }
        }
        return 0;
    }

    private void measure(String name, int flowCount, WorkerLimits limits) throws FlowModException {
        Scenario scenario = Scenario.of(name, flowCount, zipf, aclRules);
        FastPathMeasurement measurement = new FastPathMeasurement(scenario, limits);
        measurement.run(warmUpMilliseconds * MS_NS);
        double emptyNs = measurement.emptyNs(milliseconds * MS_NS / 4);
        FastPathMeasurement.Result result = measurement.run(milliseconds * MS_NS);
        CacheStatistics cache = measurement.statistics();
        System.out.printf(
                "| %s | %,d | %.1f | %.1f | %.0f | %.2f | %.2f | %.3f | %,d | %d | %.1f |%n",
                name,
                flowCount,
                result.nsPerPacket(),
                emptyNs,
                (result.nsPerPacket() - emptyNs) * ghz,
                result.hitsExact(),
                result.hitsMegaflow(),
                result.misses(),
                cache.megaflows(),
                cache.masks(),
                result.longestUs());
    }
}
