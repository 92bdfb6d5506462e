// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.jmh;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.dataplane.sys.Memory;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.packet.FrameBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
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

/** Time to extract one packet's key, in bursts of 32 frames in native memory, as a worker does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class KeyExtractorBenchmark {

    private static final String[] KINDS = {"UDP", "TCP", "TAGGED_TCP", "MIXED", "ICMP", "UDP6", "TCP6", "ARP"};
    private static final int WARM_UP_BURSTS = 40_000;
    private static final int BURST = 32;
    private static final int STRIDE_BYTES = 2048;

    /** What the frames are: MIXED is one half UDP, one half TCP with a tag, in no order that can be guessed. */
    @Param({"UDP", "TCP", "TAGGED_TCP", "MIXED", "ICMP", "UDP6", "TCP6", "ARP"})
    public String frames;

    private final long[] addresses = new long[BURST];
    private final int[] lengths = new int[BURST];
    private final long[] keys = new long[BURST * KeyExtractor.STRIDE];
    private final int[] extents = new int[BURST];
    private Arena arena;

    /** Shows the compiler all kinds of frames, as a worker meets them, then writes the burst. */
    @Setup
    public void setUp() {
        arena = Arena.ofShared();
        MemorySegment memory = arena.allocate((long) BURST * STRIDE_BYTES, 64);
        for (int round = 0; round < WARM_UP_BURSTS; round++) {
            if (round % 100 == 0) {
                fill(memory, KINDS[round / 100 % KINDS.length]);
            }
            extractBurst();
            extract();
        }
        fill(memory, frames);
    }

    private void fill(MemorySegment memory, String kind) {
        for (int index = 0; index < BURST; index++) {
            boolean mixedTcp = (0x9e3779b9 >>> index & 1) != 0;
            byte[] frame = build(kind.equals("MIXED") ? mixedTcp ? "TAGGED_TCP" : "UDP" : kind, index);
            long at = (long) index * STRIDE_BYTES + 128;
            MemorySegment.copy(frame, 0, memory, JAVA_BYTE, at, frame.length);
            addresses[index] = memory.address() + at;
            lengths[index] = frame.length;
        }
    }

    /** Frees the burst. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Extracts the keys of the burst at once. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long[] extractBurst() {
        KeyExtractor.extractBurst(Memory.ALL, addresses, lengths, BURST, 1, keys, extents);
        return keys;
    }

    /** Extracts the keys of the burst one by one. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public long[] extract() {
        for (int index = 0; index < BURST; index++) {
            KeyExtractor.extract(Memory.ALL, addresses[index], lengths[index], 1, keys, index * KeyExtractor.STRIDE);
        }
        return keys;
    }

    /** Runs this benchmark alone; arguments are values of {@link #frames}, none for all. */
    public static void main(String[] arguments) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(KeyExtractorBenchmark.class.getName());
        if (arguments.length > 0) {
            options.param("frames", arguments);
        }
        new Runner(options.build()).run();
    }

    private static byte[] build(String kind, int index) {
        FrameBuilder frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        String source = "10.0.0." + (1 + index);
        switch (kind) {
            case "UDP" -> frame.ipv4(source, "10.0.1.1").udp(1000 + index, 2000);
            case "TCP" -> frame.ipv4(source, "10.0.1.1").tcp(1000 + index, 80);
            case "TAGGED_TCP" -> frame.vlan(10).ipv4(source, "10.0.1.1").tcp(1000 + index, 80);
            case "ICMP" -> frame.ipv4(source, "10.0.1.1").icmp(8, 0);
            case "UDP6" -> frame.ipv6("fd00::1", "fd00::2").udp(1000 + index, 2000);
            case "TCP6" -> frame.ipv6("fd00::1", "fd00::2").tcp(1000 + index, 80);
            case "ARP" -> frame.arp(1, "02:00:00:00:00:01", source, "00:00:00:00:00:00", "10.0.1.1");
            default -> throw new IllegalArgumentException("no frames of kind " + kind);
        }
        return frame.padTo(FrameBuilder.MIN_WIRE_BYTES).build();
    }
}
