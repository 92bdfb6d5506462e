// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.packet.RandomFrames;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any program on any bytes: nothing is read or written besides them, every buffer comes back, and a frame stays a frame. */
class ProgramRunnerFuzzTest {

    private static final int PROGRAM_BYTES = 64;

    static Stream<byte[]> inputs() {
        SplittableRandom random = new SplittableRandom(3032);
        RandomFrames frames = new RandomFrames(random);
        return Stream.generate(() -> {
                    byte[] frame = frames.next();
                    byte[] input = new byte[PROGRAM_BYTES + frame.length];
                    random.nextBytes(input);
                    System.arraycopy(frame, 0, input, PROGRAM_BYTES, frame.length);
                    return input;
                })
                .limit(200);
    }

    @MethodSource("inputs")
    @FuzzTest(maxDuration = "20s")
    void shouldRunAnyProgramOnAnyBytes(byte[] input) {
        if (input.length < PROGRAM_BYTES + 14) {
            return;
        }
        Bytes bytes = new Bytes(input, PROGRAM_BYTES);
        int headroomBytes = bytes.nextInt(64);
        int[] code = new RandomPrograms(bytes).next();
        byte[] frame = Arrays.copyOfRange(input, PROGRAM_BYTES, input.length);

        // The sink sees to it that the buffers come back, and that nothing is touched in front of the headroom.
        RecordingSink sink = new RecordingSink().metering(1, -1, 0, 3, 2).with(frame, headroomBytes, code);

        for (RecordingSink.Output output : sink.outputs) {
            assertTrue(output.bytes().length >= 14);
            long[] key = new long[KeyExtractor.STRIDE];
            int extent =
                    KeyExtractor.extract(MemorySegment.ofArray(output.bytes()), 0, output.bytes().length, 1, key, 0);
            assertTrue(extent > 0);
        }
    }

    /** Numbers made of bytes, and zeros when there are no more. */
    private static final class Bytes implements RandomGenerator {

        private final byte[] bytes;
        private final int end;
        private int at;

        Bytes(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        @Override
        public long nextLong() {
            return next(8);
        }

        @Override
        public int nextInt(int bound) {
            return (int) (next(bound <= 256 ? 1 : 4) % bound);
        }

        @Override
        public boolean nextBoolean() {
            return (next(1) & 1) != 0;
        }

        private long next(int count) {
            long number = 0;
            for (int i = 0; i < count; i++) {
                number = number << 8 | (at < end ? bytes[at++] & 0xff : 0);
            }
            return count < 8 ? number & 0x7fff_ffff : number;
        }
    }
}
