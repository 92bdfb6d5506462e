// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.jmh;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.cache.FlowCache;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.match.Match;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time of a packet that the cache answers: its key is extracted and looked up, in bursts of 32 of 4,096 flows. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 700, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class CacheHitBenchmark {

    private static final int BURST = 32;
    private static final int FLOWS = 4_096;
    private static final int STRIDE_BYTES = 2048;
    private static final int EXACT_ENTRIES = 1 << 14;

    private final long[] all = new long[FLOWS];
    private final long[] addresses = new long[BURST];
    private final int[] lengths = new int[BURST];
    private final long[] keys = new long[(BURST + 1) * KeyExtractor.STRIDE];
    private final int[] extents = new int[BURST];
    private final int[] answers = new int[BURST];
    private final Pipeline pipeline = new Pipeline(System::nanoTime, 10);
    private final FlowCache cache = new FlowCache(EXACT_ENTRIES, FLOWS, pipeline.changes());
    private Arena arena;
    private int next;

    /** Writes a frame of each flow and lets the cache learn it. */
    @Setup
    public void setUp() throws FlowModException {
        arena = Arena.ofShared();
        MemorySegment memory = arena.allocate((long) FLOWS * STRIDE_BYTES, 64);
        pipeline.setPorts(List.of(new PortState(1), new PortState(2)));
        pipeline.apply(List.of(new FlowMod.Add(0, 1, Match.ANY, Instructions.apply(new Action.Output(2)))));
        for (int flow = 0; flow < FLOWS; flow++) {
            byte[] frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                    .ipv4("10.0." + (flow >> 8) + "." + (flow & 0xff), "10.1.0.1")
                    .udp(1024 + flow, 2000)
                    .padTo(FrameBuilder.MIN_WIRE_BYTES)
                    .build();
            long at = (long) flow * STRIDE_BYTES + 128;
            MemorySegment.copy(frame, 0, memory, JAVA_BYTE, at, frame.length);
            all[flow] = memory.address() + at;
            Arrays.fill(lengths, frame.length);
        }
        for (int i = 0; i < 2 * FLOWS / BURST; i++) {
            hitBurst();
            for (int packet = 0; packet < BURST; packet++) {
                if (answers[packet] == FlowCache.UNKNOWN) {
                    long[] key = new long[KeyLayout.WORDS];
                    System.arraycopy(keys, packet * KeyExtractor.STRIDE, key, 0, KeyLayout.RECEIVED_WORDS);
                    cache.learn(keys, packet * KeyExtractor.STRIDE, extents[packet], pipeline.translate(key));
                }
            }
        }
    }

    /** Frees the frames. */
    @TearDown
    public void tearDown() {
        arena.close();
    }

    /** Extracts the keys of a burst and looks them up. */
    @Benchmark
    @OperationsPerInvocation(BURST)
    public int[] hitBurst() {
        System.arraycopy(all, next, addresses, 0, BURST);
        next = next + BURST & FLOWS - 1;
        KeyExtractor.extractBurst(Memory.ALL, addresses, lengths, BURST, 1, keys, extents);
        cache.lookup(keys, KeyExtractor.STRIDE, extents, BURST, answers);
        return answers;
    }
}
