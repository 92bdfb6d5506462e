// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.tables;

import io.makas.bench.jmh.CacheHitBenchmark;
import io.makas.bench.jmh.ClassifierBenchmark;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code makas bench tables}: every row of the table in {@code benchmarks/README.md}. */
@Command(
        name = "tables",
        mixinStandardHelpOptions = true,
        description = "Flow tables: look-ups, edits, memory, and packets that the cache answers.")
public final class TablesCommand implements Callable<Integer> {

    private static final int MILLION = 1_000_000;
    private static final double NS_PER_US = 1e3;

    @Option(
            names = "--quick",
            description = "Fewer and shorter rounds, and no tables of a million: says whether it runs, not how fast.")
    private boolean isQuick;

    @Override
    public Integer call() throws RunnerException {
        int entries = isQuick ? MILLION / 20 : MILLION;
        // Weighed first, in a heap that nothing else has grown.
        EditMeasurement edits = new EditMeasurement(entries, System::nanoTime);
        row("what", "value");
        row("---", "---");
        row("memory, 5-tuples, bytes an entry", format(edits.bytesPerEntry()));
        row("bulk install, entries a second", "%,.0f".formatted(edits.bulkPerSecond(isQuick ? 1 : 5)));
        EditMeasurement.Singles singles = isQuick ? edits.singles(2_000, 5_000) : edits.singles(100_000, 400_000);
        row("single edit with look-ups going on, µs", distribution(singles.edits()));
        row("look-up with edits going on, µs", distribution(singles.lookups()));
        lookups("lookup", isQuick ? List.of("1000") : List.of("1000", "10000", "100000", "1000000"));
        lookups("linearScan", isQuick ? List.of("1000") : List.of("1000", "10000", "100000"));
        for (RunResult result : run(new OptionsBuilder(), CacheHitBenchmark.class.getName())) {
            row("key extraction and exact-match hit, ns a packet", score(result));
        }
        return 0;
    }

    private void lookups(String method, List<String> entries) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.param("entries", entries.toArray(new String[0]));
        for (RunResult result : run(options, ClassifierBenchmark.class.getName() + "." + method)) {
            row(
                    "%s, %s entries, %s masks, ns"
                            .formatted(
                                    method,
                                    result.getParams().getParam("entries"),
                                    result.getParams().getParam("masks")),
                    score(result));
        }
    }

    private Collection<RunResult> run(OptionsBuilder options, String what) throws RunnerException {
        options.include(what.replace(".", "\\.")).verbosity(VerboseMode.SILENT);
        if (isQuick) {
            options.warmupIterations(1).measurementIterations(1);
            options.warmupTime(TimeValue.milliseconds(200)).measurementTime(TimeValue.milliseconds(200));
        }
        return new ArrayList<>(new Runner(options.build()).run());
    }

    private static String score(RunResult result) {
        return format(result.getPrimaryResult().getScore());
    }

    private static String distribution(Histogram times) {
        return "p50 %s, p99 %s, p99.9 %s, max %s"
                .formatted(
                        format(times.getValueAtPercentile(50) / NS_PER_US),
                        format(times.getValueAtPercentile(99) / NS_PER_US),
                        format(times.getValueAtPercentile(99.9) / NS_PER_US),
                        format(times.getMaxValue() / NS_PER_US));
    }

    private static String format(double value) {
        return value < 100 ? "%.1f".formatted(value) : "%,.0f".formatted(value);
    }

    private static void row(String what, String value) {
        System.out.println("| " + what + " | " + value + " |");
    }
}
