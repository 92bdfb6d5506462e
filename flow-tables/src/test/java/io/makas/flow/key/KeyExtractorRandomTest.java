// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.makas.flow.packet.RandomFrames;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@link KeyExtractor} beside {@link PlainKeyExtractor}, on arrays that end where the frame ends: reading on would throw. */
class KeyExtractorRandomTest {

    private static final long SEED = 20260101;
    private static final long UNTOUCHED = 0x5a5a_5a5a_5a5a_5a5aL;
    private static final int ROUNDS = 5_000;
    private static final int SPOILT_PER_FRAME = 140;

    private final long[] key = new long[3 + KeyLayout.PACKET_WORDS];
    private int cases;

    @Test
    void shouldAgreeWithThePlainExtractorOnRightCutAndSpoiltFrames() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomFrames frames = new RandomFrames(random);

        for (int round = 0; round < ROUNDS; round++) {
            byte[] frame = frames.next();
            for (int length = 0; length < Math.min(frame.length, 160); length++) {
                compare(RandomFrames.cut(frame, length));
            }
            compare(frame);
            for (int count = 0; count < SPOILT_PER_FRAME; count++) {
                byte[] spoilt = frames.spoil(frame);
                compare(random.nextInt(4) == 0 ? RandomFrames.cut(spoilt, random.nextInt(spoilt.length)) : spoilt);
            }
        }
        for (int round = 0; round < 100_000; round++) {
            compare(frames.bytes(random.nextInt(100)));
        }

        assertTrue(cases > 1_000_000, cases + " cases");
    }

    @Test
    void shouldNotLookAtBytesBehindTheFrame() {
        SplittableRandom random = new SplittableRandom(SEED);
        RandomFrames frames = new RandomFrames(random);

        for (int round = 0; round < 20_000; round++) {
            byte[] frame = frames.next();
            int length = random.nextInt(frame.length + 1);
            byte[] expected = RandomFrames.cut(frame, length);
            byte[] longer = frames.bytes(length + 7 + 64);
            System.arraycopy(frame, 0, longer, 7, length);

            int extent = extract(MemorySegment.ofArray(longer), 7, length);

            PlainKeyExtractor plain = new PlainKeyExtractor(expected, 9);
            assertEquals(plain.extent, extent);
            for (int word = 0; word < extent; word++) {
                assertEquals(plain.key[word], key[3 + word]);
            }
        }
    }

    @Test
    void shouldExtractABurstAsItDoesEachFrame() {
        SplittableRandom random = new SplittableRandom(SEED + 1);
        RandomFrames frames = new RandomFrames(random);
        int capacity = KeyExtractor.MAX_BURST;
        long[] keys = new long[capacity * KeyExtractor.STRIDE];
        int[] extents = new int[capacity];
        long[] addresses = new long[capacity];
        int[] lengths = new int[capacity];
        byte[] room = new byte[capacity * 1024];

        for (int round = 0; round < 300; round++) {
            int count = random.nextInt(capacity + 1);
            for (int index = 0; index < count; index++) {
                byte[] frame = random.nextBoolean() ? frames.nextWithTransport() : frames.spoil(frames.next());
                addresses[index] = index * 1024;
                lengths[index] = random.nextInt(8) == 0 ? random.nextInt(frame.length) : frame.length;
                System.arraycopy(frame, 0, room, index * 1024, frame.length);
            }

            KeyExtractor.extractBurst(MemorySegment.ofArray(room), addresses, lengths, count, 7, keys, extents);

            for (int index = 0; index < count; index++) {
                long[] expected = new long[KeyExtractor.STRIDE];
                int extent = KeyExtractor.extract(
                        MemorySegment.ofArray(room), addresses[index], lengths[index], 7, expected, 0);
                int offset = index * KeyExtractor.STRIDE;
                assertEquals(extent, extents[index]);
                assertArrayEquals(expected, Arrays.copyOfRange(keys, offset, offset + KeyExtractor.STRIDE));
            }
        }
    }

    private void compare(byte[] frame) {
        PlainKeyExtractor plain = new PlainKeyExtractor(frame, 9);
        int extent;
        try {
            extent = extract(MemorySegment.ofArray(frame), 0, frame.length);
        } catch (IndexOutOfBoundsException e) {
            fail(
                    "read outside of the frame, seed " + SEED + ", frame "
                            + HexFormat.of().formatHex(frame),
                    e);
            return;
        }
        compareBurstOfOne(frame, plain);
        int words = Math.max(extent, 0);
        boolean same = extent == plain.extent
                && Arrays.equals(key, 3, 3 + words, plain.key, 0, words)
                && key[2] == UNTOUCHED
                && (3 + words == key.length || key[3 + words] == UNTOUCHED);
        if (!same) {
            fail("seed " + SEED + ", frame " + HexFormat.of().formatHex(frame)
                    + "\nplain " + plain.extent + " " + hex(plain.key)
                    + "\ngot   " + extent + " " + hex(key));
        }
        cases++;
    }

    private void compareBurstOfOne(byte[] frame, PlainKeyExtractor plain) {
        int[] extents = new int[1];
        long[] keys = new long[KeyExtractor.STRIDE];
        try {
            KeyExtractor.extractBurst(
                    MemorySegment.ofArray(frame), new long[1], new int[] {frame.length}, 1, 9, keys, extents);
        } catch (IndexOutOfBoundsException e) {
            fail(
                    "burst read outside of the frame, seed " + SEED + ", frame "
                            + HexFormat.of().formatHex(frame),
                    e);
        }
        if (extents[0] != plain.extent || !Arrays.equals(keys, 0, 16, plain.key, 0, 16)) {
            fail("burst, seed " + SEED + ", frame " + HexFormat.of().formatHex(frame));
        }
    }

    private int extract(MemorySegment memory, long address, int lengthBytes) {
        Arrays.fill(key, UNTOUCHED);
        return KeyExtractor.extract(memory, address, lengthBytes, 9, key, 3);
    }

    private static String hex(long[] words) {
        return Arrays.toString(Arrays.stream(words).mapToObj(Long::toHexString).toArray());
    }
}
