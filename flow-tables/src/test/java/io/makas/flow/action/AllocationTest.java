// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.packet.RandomFrames;
import io.makas.flow.pipeline.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A packet costs no object: not to extract its key, nor to run the longest program on it. */
class AllocationTest {

    private static final int FRAMES = 256;
    private static final int BURST = 32;
    private static final int STRIDE_BYTES = 2048;
    private static final int HEADROOM_BYTES = 64;
    private static final int WARM_UP_ROUNDS = 600;
    private static final int MEASURED_ROUNDS = 200;
    private static final int ATTEMPTS = 5;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final int[] lengths = new int[FRAMES];
    private final long[] key = new long[KeyLayout.PACKET_WORDS];
    private final long[] burstAddresses = new long[BURST];
    private final int[] burstLengths = new int[BURST];
    private final long[] keys = new long[BURST * KeyExtractor.STRIDE];
    private final int[] extents = new int[BURST];
    private final Frame frame = new Frame();
    private final ProgramRunner runner = new ProgramRunner();
    private final CountingSink sink = new CountingSink();
    private final ActionProgram program = new ActionProgram(
            Code.of(
                    Code.output(1),
                    Code.set(Field.ETH_DST, 5),
                    Code.set(Field.IP_SRC, 5),
                    Code.set(Field.TCP_DST, 5),
                    Code.set(Field.UDP_DST, 5),
                    Code.set(Field.SCTP_DST, 5),
                    Code.set(Field.ARP_SPA, 5),
                    Code.set128(Field.IPV6_DST, 1, 2, -1, -1),
                    Code.decTtl(),
                    Code.pushVlan(0x8100, 5),
                    Code.controller(0xffff, 0),
                    Code.popVlan(),
                    Code.last(2)),
            null);

    @Test
    void shouldAllocateNothingForAPacket() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) FRAMES * STRIDE_BYTES);
            fill(memory);
            for (int round = 0; round < WARM_UP_ROUNDS; round++) {
                carryAll(memory);
            }

            // The compiler may still change its mind once or twice, and puts values back into objects when it does.
            long leastBytes = Long.MAX_VALUE;
            for (int attempt = 0; attempt < ATTEMPTS && leastBytes != 0; attempt++) {
                leastBytes = Math.min(leastBytes, allocatedBytes(memory));
            }

            assertEquals(0, leastBytes, "bytes for " + MEASURED_ROUNDS * FRAMES + " packets");
        }
    }

    private long allocatedBytes(MemorySegment memory) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < MEASURED_ROUNDS; round++) {
            carryAll(memory);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private void fill(MemorySegment memory) {
        RandomFrames frames = new RandomFrames(new SplittableRandom(7));
        for (int index = 0; index < FRAMES; index++) {
            byte[] bytes = frames.next();
            lengths[index] = bytes.length;
            MemorySegment.copy(bytes, 0, memory, JAVA_BYTE, (long) index * STRIDE_BYTES + HEADROOM_BYTES, bytes.length);
        }
    }

    private void carryAll(MemorySegment memory) {
        for (int index = 0; index < FRAMES; index++) {
            long address = (long) index * STRIDE_BYTES + HEADROOM_BYTES;
            KeyExtractor.extract(memory, address, lengths[index], 1, key, 0);
            burstAddresses[index % BURST] = address;
            burstLengths[index % BURST] = lengths[index];
            if (index % BURST == BURST - 1) {
                KeyExtractor.extractBurst(memory, burstAddresses, burstLengths, BURST, 1, keys, extents);
            }
            frame.set(memory, address, lengths[index], HEADROOM_BYTES);
            runner.run(program, frame, sink);
        }
    }

    private static final class CountingSink implements ProgramRunner.Sink {

        private long count;

        @Override
        public void output(int port, Frame sent, boolean last) {
            count++;
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
