// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PartialChecksumTest {

    private static final long SEED = 20260315;

    @Test
    void shouldCompleteWhatALinuxSenderLeft() {
        // 0x0a05 + 0x0001 + 0x0a05 + 0x0002 (addresses) + 6 (TCP) + 40 (bytes), as tcpdump shows it at the other end of
        // a veth.
        byte[] pseudo = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.5.0.1", "10.5.0.2")
                .tcp(46_374, 5_201)
                .payload(new byte[20])
                .build();
        byte[] whole = pseudo.clone();
        setTcpChecksum(pseudo, 0x143b);

        assertTrue(complete(pseudo));

        assertArrayEquals(whole, pseudo);
    }

    @Test
    void shouldCompleteEveryProtocolAndEveryLength() {
        Random random = new Random(SEED);
        for (int i = 0; i < 2_000; i++) {
            byte[] payload = new byte[random.nextInt(200)];
            random.nextBytes(payload);
            for (FrameBuilder builder : frames()) {
                byte[] whole = builder.payload(payload).build();
                byte[] partial = whole.clone();
                makePartial(partial);

                assertTrue(complete(partial), "seed " + SEED);

                assertArrayEquals(whole, partial, "seed " + SEED);
            }
        }
    }

    @Test
    void shouldLeaveRightAndWrongChecksumsAlone() {
        for (FrameBuilder builder : frames()) {
            byte[] whole = builder.payload(new byte[] {1, 2, 3}).build();
            byte[] untouched = whole.clone();

            assertFalse(complete(untouched));
            assertArrayEquals(whole, untouched);

            whole[whole.length - 1] ^= 1;
            untouched = whole.clone();
            assertFalse(complete(untouched), "a frame that was damaged stays damaged");
            assertArrayEquals(whole, untouched);
        }
    }

    @Test
    void shouldLeaveFragmentsAndOtherPacketsAlone() {
        byte[] fragment = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.5.0.1", "10.5.0.2")
                .fragment(0, true)
                .udp(1, 2)
                .payload(new byte[64])
                .build();
        byte[] ping = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.5.0.1", "10.5.0.2")
                .icmp(8, 0)
                .build();

        assertFalse(complete(fragment.clone()));
        assertFalse(complete(ping.clone()));
        assertFalse(complete(new byte[60]));
    }

    @Test
    void shouldLeaveAnUdpChecksumThatIsNotUsedAlone() {
        byte[] frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.5.0.1", "10.5.0.2")
                .udp(1, 2)
                .build();
        long layers = layers(frame);
        Bytes.put16(MemorySegment.ofArray(frame), Layers.transport(layers) + Udp.CHECKSUM, 0);

        assertFalse(complete(frame));
    }

    private static List<FrameBuilder> frames() {
        String red = "02:00:00:00:00:01";
        String blue = "02:00:00:00:00:02";
        return List.of(
                FrameBuilder.ethernet(red, blue).ipv4("10.5.0.1", "10.5.0.2").tcp(1024, 80),
                FrameBuilder.ethernet(red, blue).ipv4("10.5.0.1", "10.5.0.2").udp(1024, 53),
                FrameBuilder.ethernet(red, blue).ipv4("10.5.0.1", "10.5.0.2").sctp(1024, 80),
                FrameBuilder.ethernet(red, blue)
                        .vlan(7)
                        .ipv6("fd00::1", "fd00::2")
                        .tcp(1024, 80),
                FrameBuilder.ethernet(red, blue).ipv6("fd00::1", "fd00::2").udp(1024, 53));
    }

    /** What the kernel does where hardware is to complete it. */
    private static void makePartial(byte[] frame) {
        MemorySegment memory = MemorySegment.ofArray(frame);
        long layers = layers(frame);
        int header = Layers.transport(layers);
        int pseudo = Checksum.fold(TransportChecksum.pseudoHeader(memory, 0, layers));
        switch (Layers.protocol(layers)) {
            case IpProtocol.TCP -> Bytes.put16(memory, header + Tcp.CHECKSUM, pseudo);
            case IpProtocol.UDP -> Bytes.put16(memory, header + Udp.CHECKSUM, pseudo);
            default -> Arrays.fill(frame, header + 8, header + 12, (byte) 0);
        }
    }

    private static void setTcpChecksum(byte[] frame, int value) {
        long layers = layers(frame);
        Bytes.put16(MemorySegment.ofArray(frame), Layers.transport(layers) + Tcp.CHECKSUM, value);
        assertEquals(IpProtocol.TCP, Layers.protocol(layers));
    }

    private static boolean complete(byte[] frame) {
        return PartialChecksum.complete(MemorySegment.ofArray(frame), 0, layers(frame));
    }

    private static long layers(byte[] frame) {
        return Layers.locate(MemorySegment.ofArray(frame), 0, frame.length);
    }
}
