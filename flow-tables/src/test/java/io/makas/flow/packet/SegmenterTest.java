// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

final class SegmenterTest {

    private static final long SEED = 20261122;
    private static final int GUARD_BYTES = 64;
    private static final byte GUARD = 0x5e;

    private final Segmenter segmenter = new Segmenter();

    @Test
    void shouldCutAsLinuxDoes() {
        byte[] large = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1024, 80)
                .flags(Tcp.ACK | Tcp.PSH | Tcp.FIN | Tcp.CWR)
                .payload(new byte[2_500])
                .build();
        MemorySegment memory = MemorySegment.ofArray(large);
        Ipv4.setIdentification(memory, 14, 0xffff);
        Tcp.setSequence(memory, 34, -1_000);

        List<byte[]> segments = cut(large, 14, 1_000, true);

        assertEquals(
                List.of(1_054, 1_054, 554), segments.stream().map(s -> s.length).toList());
        assertEquals(List.of(-1_000, 0, 1_000), each(segments, s -> Tcp.sequence(s, 34)));
        assertEquals(List.of(0xffff, 0, 1), each(segments, s -> Ipv4.identification(s, 14)));
        assertEquals(
                List.of(Tcp.ACK | Tcp.CWR, Tcp.ACK, Tcp.ACK | Tcp.PSH | Tcp.FIN),
                each(segments, s -> Tcp.flags(s, 34)));
    }

    @Test
    void shouldCutEveryPacketAsANaiveOneDoes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 3_000; i++) {
            boolean ipv6 = random.nextBoolean();
            boolean tcp = random.nextBoolean();
            FrameBuilder builder = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
            int network = 14;
            for (int tags = random.nextInt(3); tags > 0; tags--) {
                builder.vlan(1 + random.nextInt(4_000));
                network += 4;
            }
            int transport = network + network(builder, ipv6, random);
            int options = tcp ? 4 * random.nextInt(11) : 0;
            byte[] large = transport(builder, tcp, options, random);
            int payload = transport + (tcp ? 20 + options : 8);
            int segmentPayload = 1 + random.nextInt(random.nextInt(10) == 0 ? 65_535 : 3_000);
            NaiveSegments naive = new NaiveSegments(network, transport, payload, ipv6, tcp);

            List<byte[]> expected = naive.cut(large, segmentPayload);

            assertSame(expected, cut(large, network, segmentPayload, true), "seed " + SEED + ", packet " + i);
            expected.forEach(segment -> NaiveSegments.put16(segment, naive.checksumAt(), naive.pseudoHeader(segment)));
            assertSame(expected, cut(large, network, segmentPayload, false), "seed " + SEED + ", packet " + i);
        }
    }

    @Test
    void shouldCutBehindLabelsThatWerePushed() {
        byte[] inner = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv6("fd00::1", "fd00::2")
                .tcp(1024, 80)
                .payload(new byte[3_000])
                .build();
        byte[] labelled = new byte[inner.length + 4];
        System.arraycopy(inner, 0, labelled, 0, 12);
        System.arraycopy(new byte[] {(byte) 0x88, 0x47, 0, 1, 1, 64}, 0, labelled, 12, 6);
        System.arraycopy(inner, 14, labelled, 18, inner.length - 14);

        List<byte[]> segments = cut(labelled, 18, 1_400, true);

        assertSame(new NaiveSegments(18, 58, 78, true, true).cut(labelled, 1_400), segments, "labelled");
    }

    @Test
    void shouldTellWhatCannotBeCut() {
        FrameBuilder tcp = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1, 2)
                .payload(new byte[100]);
        byte[] shortHeader = tcp.build();
        shortHeader[46] = 0x40;
        byte[] longHeader = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tcp(1, 2)
                .payload(new byte[3])
                .build();
        longHeader[46] = 0x60;
        byte[] fragment = tcp.fragment(0, true).build();
        byte[] ping = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .icmp(8, 0)
                .payload(new byte[3_000])
                .build();

        for (byte[] frame : List.of(shortHeader, longHeader, fragment, ping, new byte[60])) {
            MemorySegment memory = MemorySegment.ofArray(frame);
            assertEquals(0, Segmenter.headerBytes(memory, 0, Layers.locate(memory, 0, frame.length)));
        }
    }

    private static int network(FrameBuilder builder, boolean ipv6, Random random) {
        if (!ipv6) {
            byte[] options = new byte[4 * random.nextInt(11)];
            random.nextBytes(options);
            builder.ipv4("10.5.0.1", "10.6.0.2").options(options);
            return 20 + options.length;
        }
        builder.ipv6("fd00::1:ffff", "fd00::2");
        int bytes = 40;
        if (random.nextBoolean()) {
            builder.extension(IpProtocol.HOP_BY_HOP, new byte[8]);
            bytes += 8;
        }
        if (random.nextBoolean()) {
            byte[] destinationOptions = new byte[24];
            destinationOptions[1] = 2;
            builder.extension(IpProtocol.DESTINATION_OPTIONS, destinationOptions);
            bytes += 24;
        }
        return bytes;
    }

    private static byte[] transport(FrameBuilder builder, boolean tcp, int optionBytes, Random random) {
        int most = random.nextInt(5) == 0 ? 65_000 - 500 : 6_000;
        byte[] rest = new byte[optionBytes + 1 + random.nextInt(most)];
        random.nextBytes(rest);
        if (!tcp) {
            return builder.udp(1024, 53).payload(rest).build();
        }
        byte[] frame = builder.tcp(random.nextInt(65_536), 80)
                .flags(random.nextInt(256))
                .payload(rest)
                .build();
        int header = frame.length - rest.length - 20;
        MemorySegment memory = MemorySegment.ofArray(frame);
        Tcp.setHeaderBytes(memory, header, 20 + optionBytes);
        Tcp.setSequence(memory, header, random.nextInt());
        return frame;
    }

    /** Cuts a frame in native memory, where what is written past a segment would show. */
    private List<byte[]> cut(byte[] frame, int network, int segmentPayload, boolean complete) {
        try (Arena arena = Arena.ofConfined()) {
            int room = frame.length + GUARD_BYTES;
            MemorySegment memory = arena.allocate(2L * room);
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
            long layers = Layers.locateIp(memory, 0, frame.length, network);
            segmenter.begin(memory, 0, layers, segmentPayload);
            List<byte[]> segments = new ArrayList<>();
            while (segmenter.left() > 0) {
                int bytes = segmenter.nextBytes();
                memory.asSlice(room).fill(GUARD);
                segmenter.next(room, complete);
                segments.add(memory.asSlice(room, bytes).toArray(ValueLayout.JAVA_BYTE));
                assertEquals(GUARD, memory.get(ValueLayout.JAVA_BYTE, room + bytes));
            }
            return segments;
        }
    }

    private static void assertSame(List<byte[]> expected, List<byte[]> actual, String where) {
        assertEquals(expected.size(), actual.size(), where);
        for (int i = 0; i < expected.size(); i++) {
            assertArrayEquals(expected.get(i), actual.get(i), where + ", segment " + i);
        }
    }

    private static List<Integer> each(List<byte[]> segments, ToIntFunction<MemorySegment> property) {
        return segments.stream()
                .map(segment -> property.applyAsInt(MemorySegment.ofArray(segment)))
                .toList();
    }
}
