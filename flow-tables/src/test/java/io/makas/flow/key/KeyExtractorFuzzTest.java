// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.makas.flow.packet.RandomFrames;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a frame: each has a key, read from these bytes alone, and the same one whichever way it is read. */
class KeyExtractorFuzzTest {

    private static final int IN_PORT = 7;

    static Stream<byte[]> frames() {
        RandomFrames frames = new RandomFrames(new SplittableRandom(8200));
        return Stream.generate(frames::next).limit(200);
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "15s")
    void shouldReadAKeyFromAnyBytesAndNoneBesides(byte[] frame) {
        // The array ends with the frame: what reads further throws.
        MemorySegment memory = MemorySegment.ofArray(frame);
        long[] key = new long[KeyExtractor.STRIDE];
        long[] burstKey = new long[KeyExtractor.STRIDE];
        int[] extents = new int[1];

        int extent = KeyExtractor.extract(memory, 0, frame.length, IN_PORT, key, 0);
        KeyExtractor.extractBurst(memory, new long[1], new int[] {frame.length}, 1, IN_PORT, burstKey, extents);

        assertEquals(frame.length < 14, extent == KeyExtractor.TOO_SHORT);
        assertEquals(extent, extents[0]);
        assertArrayEquals(key, burstKey);
    }
}
