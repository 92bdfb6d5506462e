// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.jmh;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.Frame;
import io.makas.flow.action.ProgramRunner;
import io.makas.flow.key.Field;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Time to run a program on one packet, TCP over IPv4, in bursts of 32 frames in native memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ProgramRunnerBenchmark {

    private static final String[] PROGRAMS = {"OUTPUT", "TAG", "ROUTE", "TRANSLATE"};
    private static final int WARM_UP_BURSTS = 40_000;
    private static final int BURST = 32;
    private static final int STRIDE_BYTES = 2048;
    private static final int HEADROOM_BYTES = 128;

    /** TAG pushes and pops a tag; ROUTE sets both Ethernet addresses and the TTL; TRANSLATE sets an IP address and a port. */
    @Param({"OUTPUT", "TAG", "ROUTE", "TRANSLATE"})
    public String program;

    private final ProgramRunner runner = new ProgramRunner();
    private final Frame frame = new Frame();
    private final CountingSink sink = new CountingSink();
    private ActionProgram compiled;
    private Arena arena;
    private long start;
    private int lengthBytes;

    /** Shows the compiler all programs, then chooses one. */
    @Setup
    public void setUp() {
        arena = Arena.ofShared();
        MemorySegment memory = arena.allocate((long) BURST * STRIDE_BYTES, 64);
        start = memory.address() + HEADROOM_BYTES;
        byte[] bytes = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1000, 80)
                .padTo(FrameBuilder.MIN_WIRE_BYTES)
                .build();
        lengthBytes = bytes.length;
        for (int index = 0; index < BURST; index++) {
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, (long) index * STRIDE_BYTES + HEADROOM_BYTES, bytes.length);
        }
        for (int round = 0; round < WARM_UP_BURSTS; round++) {
            if (round % 100 == 0) {
                compiled = compile(PROGRAMS[round / 100 % PROGRAMS.length]);
            }
            run();
        }
        compiled = compile(program);
    }

    /** Frees the burst. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Runs the program on each frame of the burst. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long run() {
        for (int index = 0; index < BURST; index++) {
            frame.set(Memory.ALL, start + (long) index * STRIDE_BYTES, lengthBytes, HEADROOM_BYTES);
            runner.run(compiled, frame, sink);
        }
        return sink.count;
    }

    /** Runs this benchmark alone; arguments are values of {@link #program}, none for all. */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(ProgramRunnerBenchmark.class.getName());
        if (arguments.length > 0) {
            options.param("program", arguments);
        }
        new Runner(options.build()).run();
    }

    private static ActionProgram compile(String kind) {
        int[] last = {ActionProgram.OP_OUTPUT_LAST, 2};
        return switch (kind) {
            case "OUTPUT" -> join(last);
            case "TAG" -> join(new int[] {ActionProgram.OP_PUSH_VLAN, 0x8100, 10, ActionProgram.OP_POP_VLAN}, last);
            case "ROUTE" ->
                join(
                        set(Field.ETH_SRC, 0x02000000000aL),
                        set(Field.ETH_DST, 0x02000000000bL),
                        set(Field.IP_TTL, 63),
                        last);
            case "TRANSLATE" -> join(set(Field.IP_DST, 0x0a00000a), set(Field.TCP_DST, 8080), last);
            default -> throw new IllegalArgumentException("no program " + kind);
        };
    }

    private static int[] set(Field field, long value) {
        long mask = field.ones();
        return new int[] {
            ActionProgram.OP_SET_FIELD,
            field.ordinal(),
            (int) (value >>> 32),
            (int) value,
            (int) (mask >>> 32),
            (int) mask
        };
    }

    private static ActionProgram join(int[]... operations) {
        return new ActionProgram(
                IntStream.range(0, operations.length)
                        .flatMap(index -> IntStream.of(operations[index]))
                        .toArray(),
                null);
    }

    private static final class CountingSink implements ProgramRunner.Sink {

        private long count;

        @Override
        public void output(int port, Frame sent, boolean last) {
            count += sent.address;
        }

        @Override
        public void controller(Frame sent, int maxBytes, int context) {
            count++;
        }

        @Override
        public void sample(Frame sent, int sample) {
            count++;
        }

        @Override
        public int meter(Frame sent, int meter) {
            return 0;
        }

        @Override
        public Frame copy(Frame sent, int depth) {
            return null;
        }

        @Override
        public void recirculate(Frame sent, int recirculation) {
            count++;
        }

        @Override
        public void done(Frame sent, DropReason reason) {
            count++;
        }
    }
}
