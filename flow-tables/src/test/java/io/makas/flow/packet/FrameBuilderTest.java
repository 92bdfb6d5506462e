// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Frames as they are on the wire, with checksums that tcpdump -vv calls correct. */
class FrameBuilderTest {

    private static final String MACS = "02000000000b02000000000a";

    @Test
    void shouldBuildUdpOverIpv4() {
        byte[] frame = base().ipv4("10.0.0.1", "10.0.0.2")
                .udp(1000, 2000)
                .payload((byte) 'h', (byte) 'i')
                .build();

        assertFrame("0800 4500001e 00000000 4011 66cd 0a000001 0a000002 03e8 07d0 000a 77b6 6869", frame);
    }

    @Test
    void shouldBuildTcpOverTaggedIpv4() {
        byte[] frame = base().vlan(0x600a)
                .ipv4("10.0.0.1", "10.0.0.2")
                .tos(0xb8)
                .ttl(5)
                .tcp(1000, 80)
                .flags(Tcp.SYN)
                .build();

        assertFrame(
                "8100 600a 0800 45b80028 00000000 0506 a116 0a000001 0a000002"
                        + "03e8 0050 00000000 00000000 5002 ffff 97a8 0000",
                frame);
    }

    @Test
    void shouldBuildIcmpv6OverIpv6() {
        byte[] frame = base().ipv6("fd00::1", "fd00::2")
                .label(0x12345)
                .tos(3)
                .icmp(128, 0)
                .build();

        assertFrame(
                "86dd 60312345 0008 3a40 fd000000000000000000000000000001 fd000000000000000000000000000002"
                        + "80 00 85b8 00000000",
                frame);
    }

    @Test
    void shouldBuildArp() {
        byte[] frame = base().arp(1, "02:00:00:00:00:0a", "10.0.0.1", "00:00:00:00:00:00", "10.0.0.2")
                .build();

        assertFrame("0806 0001 0800 06 04 0001 02000000000a 0a000001 000000000000 0a000002", frame);
    }

    @Test
    void shouldBuildSctpAndIcmpAndMplsAndSnap() {
        assertFrame(
                "0800 45000020 00000000 4084 6658 0a000001 0a000002 03e8 0050 00000000 bef9d75f",
                base().ipv4("10.0.0.1", "10.0.0.2").sctp(1000, 80).build());
        assertFrame(
                "0800 4500001c 00000000 4001 66df 0a000001 0a000002 08 00 f7ff 00000000",
                base().ipv4("10.0.0.1", "10.0.0.2").icmp(8, 0).build());
        assertFrame(
                "8847 00001440 00002b05 aa",
                base().mpls(1, 2, false, 64)
                        .mpls(2, 5, true, 5)
                        .payload((byte) 0xaa)
                        .build());
        assertFrame(
                "000a aaaa03 000000 9999 0102",
                base().snap().type(0x9999).payload((byte) 1, (byte) 2).build());
    }

    @Test
    void shouldPadBehindThePacket() {
        byte[] frame = base().ipv4("10.0.0.1", "10.0.0.2")
                .padTo(FrameBuilder.MIN_WIRE_BYTES)
                .build();

        assertEquals(60, frame.length);
        assertEquals(20, frame[17]);
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertRefused(
                "an Ethernet type after a network header",
                frame -> frame.ipv4("1.1.1.1", "2.2.2.2").vlan(3));
        assertRefused("an IP protocol without IP", frame -> frame.udp(1, 2));
        assertRefused(
                "a second transport header",
                frame -> frame.ipv4("1.1.1.1", "2.2.2.2").udp(1, 2).tcp(3, 4));
        assertRefused(
                "TCP flags without TCP",
                frame -> frame.ipv4("1.1.1.1", "2.2.2.2").udp(1, 2).flags(Tcp.SYN));
        assertRefused("a TTL without IP", frame -> frame.ttl(3));
        assertRefused(
                "3 bytes of IPv4 options",
                frame -> frame.ipv4("1.1.1.1", "2.2.2.2").options(new byte[3]));
        assertRefused(
                "a flow label without IPv6",
                frame -> frame.ipv4("1.1.1.1", "2.2.2.2").label(1));
    }

    private static void assertRefused(String wrong, Consumer<FrameBuilder> steps) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> steps.accept(base()));
        assertEquals("cannot build a frame with " + wrong, refusal.getMessage());
    }

    private static FrameBuilder base() {
        return FrameBuilder.ethernet("02:00:00:00:00:0a", "02:00:00:00:00:0b");
    }

    private static void assertFrame(String expectedBehindAddresses, byte[] frame) {
        assertEquals(
                MACS + expectedBehindAddresses.replace(" ", ""), HexFormat.of().formatHex(frame));
    }
}
