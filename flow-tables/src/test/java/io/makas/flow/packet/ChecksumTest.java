// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ChecksumTest {

    private static final long SEED = 1071;

    @Test
    void shouldSumTheExampleOfRfc1071() {
        assertEquals(~0xddf2 & 0xffff, checksum("0001f203f4f5f6f7"));
    }

    @Test
    void shouldSumAKnownIpv4Header() {
        assertEquals(0xb861, checksum("4500007300004000401100 00c0a80001c0a800c7".replace(" ", "")));
    }

    @Test
    void shouldTakeAnOddLastByteAsFollowedByZero() {
        assertEquals(checksum("0102030405060708090a0b00"), checksum("0102030405060708090a0b"));
        assertEquals(0xffff - 0xff00, checksum("ff"));
    }

    @Test
    void shouldNotOverflowOnTheLongestPacket() {
        byte[] ones = new byte[65535];
        Arrays.fill(ones, (byte) 0xff);

        assertEquals(0xff, Checksum.of(Checksum.sum(MemorySegment.ofArray(ones), 0, ones.length)));
    }

    @Test
    void shouldUpdateTheExampleOfRfc1624() {
        assertEquals(0x0000, Checksum.update(0xdd2f, Checksum.delta16(0x5555, 0x3285)));
    }

    @Test
    void shouldUpdateToWhatASumAnewGives() {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] data = new byte[40];
        MemorySegment memory = MemorySegment.ofArray(data);
        for (int round = 0; round < 100_000; round++) {
            random.nextBytes(data);
            data[39] = 1;
            if (round % 3 == 0) {
                Arrays.fill(data, 0, 32, (byte) (round % 2 == 0 ? 0 : 0xff));
            }
            int before = Checksum.of(Checksum.sum(memory, 0, 40));
            long old = Bytes.i64(memory, 8);
            long changed = random.nextInt(4) == 0 ? -random.nextInt(2) : random.nextLong();

            Bytes.put64(memory, 8, changed);

            int after = Checksum.of(Checksum.sum(memory, 0, 40));
            assertEquals(after, Checksum.update(before, Checksum.delta64(old, changed)), "seed " + SEED);
        }
    }

    @Test
    void shouldComputeTheCheckValueOfCrc32c() {
        byte[] digits = "123456789".getBytes(US_ASCII);

        assertEquals(0xe3069283, Crc32c.of(MemorySegment.ofArray(digits), 0, digits.length));
    }

    @Test
    void shouldUpdateACrcFromTheDifferenceAlone() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int length = 4; length < 100; length++) {
            byte[] data = new byte[length];
            random.nextBytes(data);
            MemorySegment memory = MemorySegment.ofArray(data);
            int at = random.nextInt(length - 3);
            int before = Crc32c.of(memory, 0, length);
            int old = Bytes.i32(memory, at);
            int changed = random.nextInt();

            Bytes.put32(memory, at, changed);

            int expected = Crc32c.of(memory, 0, length);
            assertEquals(expected, before ^ Crc32c.delta32(old ^ changed, length - at - 4), "seed " + SEED);
        }
    }

    private static int checksum(String hex) {
        byte[] data = HexFormat.of().parseHex(hex);
        return Checksum.of(Checksum.sum(MemorySegment.ofArray(data), 0, data.length));
    }
}
