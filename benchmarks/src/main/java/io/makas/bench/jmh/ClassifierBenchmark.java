// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.jmh;

import io.makas.bench.tables.RuleSet;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowTable;
import io.makas.flow.table.FlowTables;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Time of one look-up in a table, as a packet needs that no cache answers: the entry, and the bits that it depends on. Beside
 * it a linear scan by falling priority, which does not tell the bits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class ClassifierBenchmark {

    private static final int PACKETS = 1 << 14;

    /** How many flows the table has. */
    @Param({"1000", "10000", "100000", "1000000"})
    public int entries;

    /** How many different masks they have; 1 means exact 5-tuples. */
    @Param({"1", "24", "100", "300"})
    public int masks;

    /** Whether the table has an index, as it has after a second in which it was not added to. */
    @Param("true")
    public boolean isIndexed;

    private final long[] consulted = new long[KeyLayout.WORDS];
    private FlowTables tables;
    private FlowTable table;
    private Match[] matches;
    private long[][] packets;
    private int next;

    /** Fills the table. */
    @Setup
    public void setUp() {
        RuleSet rules = new RuleSet(entries, masks, 1);
        packets = rules.packets(PACKETS);
        tables = rules.tables();
        if (isIndexed) {
            tables.index();
            tables.index();
        }
        table = tables.table(0);
        matches = rules.rules().stream()
                .sorted(Comparator.comparingInt(FlowMod.Add::priority).reversed())
                .map(FlowMod.Add::match)
                .toArray(Match[]::new);
    }

    /** The classifier. */
    @Benchmark
    public FlowEntry lookup() {
        long[] packet = packets[next++ & PACKETS - 1];
        Arrays.fill(consulted, 0);
        return table.lookup(packet, tables.version(), consulted);
    }

    /** Each flow after the other. */
    @Benchmark
    public Match linearScan() {
        long[] packet = packets[next++ & PACKETS - 1];
        for (Match match : matches) {
            if (match.matches(packet)) {
                return match;
            }
        }
        return null;
    }

    /** Runs this benchmark alone; arguments are a part of a method's name, numbers of entries and numbers of masks, each with commas. */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(ClassifierBenchmark.class.getName() + (arguments.length > 0 ? ".*" + arguments[0] : ""));
        if (arguments.length > 1) {
            options.param("entries", arguments[1].split(","));
        }
        if (arguments.length > 2) {
            options.param("masks", arguments[2].split(","));
        }
        new Runner(options.build()).run();
    }
}
