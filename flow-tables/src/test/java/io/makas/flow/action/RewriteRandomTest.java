// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.RandomFrames;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What must hold of every rewrite of every frame: checksums are right, and the key is what the walk thinks it is. */
class RewriteRandomTest {

    private static final long SEED = 1624;

    private static final EnumSet<Field> CHANGE_OTHER_FIELDS = EnumSet.of(Field.ICMPV6_TYPE, Field.ICMPV6_CODE);

    private static final EnumSet<Field> NEIGHBOUR_FIELDS = EnumSet.of(Field.ND_TARGET, Field.ND_SLL, Field.ND_TLL);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final RandomFrames frames = new RandomFrames(random);

    @Test
    void shouldKeepEveryChecksumWhatAComputationAnewGives() {
        RandomPrograms programs = new RandomPrograms(random);
        int compared = 0;
        int changedOnes = 0;
        for (int round = 0; round < 50_000; round++) {
            byte[] frame = random.nextBoolean() ? frames.nextWithTransport() : frames.next();
            int type = NaiveChecksums.typeOfIp(frame);
            if (type == 0 || !Arrays.equals(frame, NaiveChecksums.right(frame, frame))) {
                // Not IP, or random bytes that look like a transport header.
                continue;
            }
            int[] code = Code.of(programs.changes(type), Code.last(1));

            byte[] changed = RecordingSink.run(frame, 20, code).only();

            String what = "seed " + SEED + ", " + new ActionProgram(code, null) + " frame "
                    + HexFormat.of().formatHex(frame);
            assertArrayEquals(NaiveChecksums.right(changed, frame), changed, what);
            compared++;
            changedOnes += Arrays.equals(frame, changed) ? 0 : 1;
        }
        assertTrue(compared > 25_000 && changedOnes > 20_000, compared + " frames, " + changedOnes + " changed");
    }

    @Test
    void shouldKeepTheChecksumOfAPacketInFragments() {
        for (int round = 0; round < 500; round++) {
            byte[] whole = longFrame();
            byte[] first = Arrays.copyOf(whole, 14 + 20 + 24);
            byte[] second = Arrays.copyOf(whole, whole.length - 24);
            System.arraycopy(whole, 14 + 20 + 24, second, 14 + 20, second.length - 14 - 20);
            setFragment(first, 0x2000);
            setFragment(second, 24 / 8);
            int[] code = Code.of(
                    Code.set(Field.IP_SRC, random.nextInt() & 0xffff_ffffL),
                    Code.set(Field.IP_DST, random.nextInt() & 0xffff_ffffL),
                    Code.set(Field.UDP_DST, random.nextInt(0x10000)),
                    Code.last(1));

            byte[] firstChanged = RecordingSink.run(first, 0, code).only();
            byte[] secondChanged = RecordingSink.run(second, 0, code).only();

            byte[] joined = Arrays.copyOf(firstChanged, whole.length);
            System.arraycopy(secondChanged, 14 + 20, joined, 14 + 20 + 24, secondChanged.length - 14 - 20);
            setFragment(joined, 0);
            assertArrayEquals(RecordingSink.run(whole, 0, code).only(), joined);
        }
    }

    @Test
    void shouldKeepTheChecksumOfAnIpv6PacketInFragments() {
        for (int round = 0; round < 500; round++) {
            byte[] whole = ipv6().tcp(random.nextInt(0x10000), 80)
                    .payload(frames.bytes(40))
                    .build();
            byte[] first = fragment(Arrays.copyOfRange(whole, 54, 54 + 24), 0, true);
            byte[] second = fragment(Arrays.copyOfRange(whole, 54 + 24, whole.length), 24, false);
            long address = random.nextLong();
            int[] code = Code.of(
                    Code.set128(Field.IPV6_SRC, address, ~address, -1, -1),
                    Code.set128(Field.IPV6_DST, ~address, address, -1, 0xffff),
                    Code.set(Field.TCP_DST, random.nextInt(0x10000)),
                    Code.last(1));

            byte[] firstChanged = RecordingSink.run(first, 0, code).only();
            byte[] secondChanged = RecordingSink.run(second, 0, code).only();

            byte[] expected = RecordingSink.run(whole, 0, code).only();
            byte[] joined = Arrays.copyOf(expected, expected.length);
            System.arraycopy(firstChanged, 62, joined, 54, 24);
            System.arraycopy(secondChanged, 62, joined, 54 + 24, secondChanged.length - 62);
            assertArrayEquals(expected, joined);
            assertArrayEquals(Arrays.copyOfRange(expected, 22, 54), Arrays.copyOfRange(secondChanged, 22, 54));
        }
    }

    @Test
    void shouldGiveAFrameWithTheKeyThatTheWalkExpects() {
        int applied = 0;
        for (int round = 0; round < 30_000; round++) {
            byte[] frame = frames.next();
            Field field = randomFrameField();
            long[] key = key(frame);
            long value = field == Field.VLAN_VID ? 0x1000 | random.nextInt(0x1000) : random.nextLong() & field.ones();
            long mask = random.nextBoolean() ? field.ones() : random.nextLong() & field.ones();
            if (NEIGHBOUR_FIELDS.contains(field) && key[10] == 0) {
                // The same option twice: nothing of it is in the key, but a set goes through.
                continue;
            }
            if (!hasField(field, key, frame)) {
                byte[] same = RecordingSink.run(frame, 0, Code.of(set(field, value, mask), Code.last(1)))
                        .only();
                assertArrayEquals(
                        frame, same, () -> field + " " + HexFormat.of().formatHex(frame));
                continue;
            }
            long[] expected = key.clone();
            setIn(expected, field, value, mask);

            byte[] changed = RecordingSink.run(frame, 0, Code.of(set(field, value, mask), Code.last(1)))
                    .only();

            int words = CHANGE_OTHER_FIELDS.contains(field) ? KeyLayout.IPV4_WORDS : KeyLayout.PACKET_WORDS;
            assertArrayEquals(
                    Arrays.copyOf(expected, words),
                    Arrays.copyOf(key(changed), words),
                    () -> "seed " + SEED + " " + field + " " + HexFormat.of().formatHex(frame));
            applied++;
        }
        assertTrue(applied > 5_000, applied + " applied");
    }

    @Test
    void shouldReadAndWriteOnlyWithinSpoiltFrames() {
        for (int round = 0; round < 30_000; round++) {
            byte[] frame = frames.spoil(frames.next());
            int length = 14 + random.nextInt(frame.length - 13);
            byte[] cut = RandomFrames.cut(frame, length);

            // The array ends with the frame: what reads or writes further throws.
            byte[] changed = RecordingSink.run(
                            cut,
                            0,
                            Code.of(
                                    randomSet(randomFrameField()),
                                    Code.popVlan(),
                                    randomSet(randomFrameField()),
                                    Code.last(1)))
                    .only();

            assertTrue(changed.length == length || changed.length == length - 4);
        }
    }

    private static FrameBuilder ipv6() {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02").ipv6("fd00::1", "fd00::2");
    }

    private static byte[] fragment(byte[] part, int offsetBytes, boolean more) {
        byte low = (byte) (offsetBytes | (more ? 1 : 0));
        return ipv6().extension(
                        IpProtocol.FRAGMENT, (byte) 0, (byte) 0, (byte) 0, low, (byte) 1, (byte) 2, (byte) 3, (byte) 4)
                .protocol(IpProtocol.TCP)
                .payload(part)
                .build();
    }

    private byte[] longFrame() {
        byte[] frame;
        do {
            frame = frames.nextWithTransport();
        } while (frame.length < 14 + 20 + 24 + 8
                || frame[12] != 8
                || frame[13] != 0
                || frame[23] != IpProtocol.UDP
                || (frame[16] & 0xff) * 256 + (frame[17] & 0xff) != frame.length - 14);
        return frame;
    }

    private static void setFragment(byte[] frame, int word) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        frame[16] = (byte) (frame.length - 14 >>> 8);
        frame[17] = (byte) (frame.length - 14);
        frame[20] = (byte) (word >>> 8);
        frame[21] = (byte) word;
        Ipv4.computeChecksum(memory, 14);
    }

    private int[] randomSet(Field field) {
        long mask = random.nextBoolean() ? field.ones() : random.nextLong() & field.ones();
        return set(field, random.nextLong() & field.ones(), mask);
    }

    private static int[] set(Field field, long value, long mask) {
        return field.widthBits() == 128 ? Code.set128(field, value, ~value, mask, mask) : Code.set(field, value, mask);
    }

    private static void setIn(long[] key, Field field, long value, long mask) {
        int word = field.word();
        if (field.widthBits() == 128) {
            key[word] = key[word] & ~mask | value & mask;
            key[word + 1] = key[word + 1] & ~mask | ~value & mask;
        } else {
            long bits = mask << field.shift() & field.wordMask();
            key[word] = key[word] & ~bits | value << field.shift() & bits;
        }
        if (field == Field.VLAN_VID) {
            key[word] |= 0x1000;
        }
    }

    private Field randomFrameField() {
        Field field;
        do {
            field = Field.values()[random.nextInt(Field.MPLS_TTL.ordinal() + 1)];
        } while (!field.settable() || field == Field.IN_PORT);
        return field;
    }

    /** Whether the frame has the field, told from its key; link-layer options that are not there look like zero. */
    private static boolean hasField(Field field, long[] key, byte[] frame) {
        long layers = Layers.locate(MemorySegment.ofArray(frame), 0, frame.length);
        boolean transport = (Layers.fragment(layers) & Layers.FRAGMENT_LATER) == 0;
        return switch (field) {
            case VLAN_VID, VLAN_PCP -> (key[1] & 0x1000) != 0;
            case ND_TARGET, ND_RESERVED -> field.prerequisite().isMet(key, ones());
            case ND_SLL, ND_TLL -> field.prerequisite().isMet(key, ones()) && field.in(key) != 0 && key[10] != 0;
            case TCP_SRC, TCP_DST ->
                field.prerequisite().isMet(key, ones()) && transport && Layers.transportBytes(layers) >= 20;
            case SCTP_SRC, SCTP_DST ->
                field.prerequisite().isMet(key, ones()) && transport && Layers.transportBytes(layers) >= 12;
            case UDP_SRC, UDP_DST, ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE ->
                field.prerequisite().isMet(key, ones()) && transport && Layers.transportBytes(layers) >= 8;
            case IP_TOS, IP_DSCP, IP_ECN, IP_TTL, IPV6_LABEL ->
                field.prerequisite().isMet(key, ones()) && Layers.hasTransport(layers);
            case IPV6_SRC, IPV6_DST -> field.prerequisite().isMet(key, ones()) && Layers.hasNetwork(layers);
            default -> field.prerequisite().isMet(key, ones());
        };
    }

    private static long[] ones() {
        long[] ones = new long[KeyLayout.WORDS];
        Arrays.fill(ones, -1);
        return ones;
    }

    private static long[] key(byte[] frame) {
        long[] key = new long[KeyLayout.WORDS];
        int extent = KeyExtractor.extract(MemorySegment.ofArray(frame), 0, frame.length, 1, key, 0);
        assertTrue(extent > 0);
        return key;
    }
}
