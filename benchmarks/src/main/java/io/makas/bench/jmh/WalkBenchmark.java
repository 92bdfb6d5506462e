// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.jmh;

import io.makas.bench.tables.RuleSet;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.FlowModException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Time of one walk through the pipeline, as a packet needs that no cache answers: what to do, for which packets, and what that
 * depends on. Each of 16,384 packets in turn, so that their keys do not lie in the first cache of the processor.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx4g")
public class WalkBenchmark {

    private static final int PACKETS = 1 << 14;
    private static final int PORTS = 64;

    /** How many different masks an access list of 1,000 rules has; 0 is a router of 10,000 prefixes. */
    @Param({"24", "100", "300", "0"})
    public int masks;

    private Pipeline pipeline;
    private long[][] packets;
    private int next;

    /** Fills the tables. */
    @Setup
    public void setUp() throws FlowModException {
        RuleSet rules = masks == 0 ? RuleSet.router(10_000, 1) : new RuleSet(1_000, masks, 1);
        packets = rules.packets(PACKETS);
        pipeline = new Pipeline(System::nanoTime, 100_000);
        pipeline.setPorts(
                IntStream.rangeClosed(1, PORTS).mapToObj(PortState::new).toList());
        pipeline.apply(List.copyOf(rules.rules()));
        pipeline.index();
    }

    /** A walk. */
    @Benchmark
    public Translation walk() {
        return pipeline.translate(packets[next++ & PACKETS - 1]);
    }

    /** Runs this benchmark alone, with what it allocates; arguments are numbers of masks. */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(WalkBenchmark.class.getName()).addProfiler(GCProfiler.class);
        if (arguments.length > 0) {
            options.param("masks", arguments);
        }
        new Runner(options.build()).run();
    }
}
