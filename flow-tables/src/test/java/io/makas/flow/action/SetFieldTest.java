// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.key.Field;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.MacAddress;
import io.makas.flow.packet.Tcp;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each field of a frame, set in one frame, gives byte for byte the other frame, which was built with that value. */
class SetFieldTest {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";
    private static final String C = "02:00:00:00:00:0c";
    private static final byte[] PAYLOAD = "odd number of bytes".getBytes();
    private static final byte[] ROUTE = Arrays.copyOf(new byte[] {0, 2, 0, 1}, 24);
    private static final long FD00 = 0xfd00L << 48;

    static Stream<Arguments> linkChanges() {
        return Stream.of(
                of("eth_dst", Code.set(Field.ETH_DST, 0x0c), eth(A, B), eth(A, "00:00:00:00:00:0c")),
                of("eth_src", Code.set(Field.ETH_SRC, 0x02000000000cL), eth(A, B), eth(C, B)),
                of("eth_dst, last byte", Code.set(Field.ETH_DST, 0x0c, 0xff), eth(A, B), eth(A, C)),
                of("vlan_vid", Code.set(Field.VLAN_VID, 0x1fff), vlan(0x6001), vlan(0x6fff)),
                of("vlan_pcp", Code.set(Field.VLAN_PCP, 5), vlan(0x6001), vlan(0xa001)),
                of("vlan_tci", Code.set(Field.VLAN_TCI, 0xb005), vlan(0x6001), vlan(0xa005)),
                of("arp_op", Code.set(Field.ARP_OP, 2), arp(1, A, "10.0.0.1"), arp(2, A, "10.0.0.1")),
                of("arp_op over 255", Code.set(Field.ARP_OP, 2), arp(0x0101, A, "10.0.0.1"), arp(2, A, "10.0.0.1")),
                of("arp_sha", Code.set(Field.ARP_SHA, 0x02000000000cL), arp(1, A, "10.0.0.1"), arp(1, C, "10.0.0.1")),
                of("arp_spa", Code.set(Field.ARP_SPA, 0xff000001), arp(1, A, "10.0.0.1"), arp(1, A, "255.0.0.1")),
                of(
                        "arp_tha",
                        Code.set(Field.ARP_THA, 0x02000000000cL),
                        base().arp(1, A, "1.1.1.1", B, "2.2.2.2"),
                        base().arp(1, A, "1.1.1.1", C, "2.2.2.2")),
                of(
                        "arp_tpa",
                        Code.set(Field.ARP_TPA, 0x03030303),
                        base().arp(1, A, "1.1.1.1", B, "2.2.2.2"),
                        base().arp(1, A, "1.1.1.1", B, "3.3.3.3")),
                of("mpls_label", Code.set(Field.MPLS_LABEL, 0xfffff), mpls(1, 2, 3), mpls(0xfffff, 2, 3)),
                of("mpls_tc", Code.set(Field.MPLS_TC, 7), mpls(1, 2, 3), mpls(1, 7, 3)),
                of("mpls_ttl", Code.set(Field.MPLS_TTL, 255), mpls(1, 2, 3), mpls(1, 2, 255)));
    }

    static Stream<Arguments> ipv4Changes() {
        return Stream.of(
                of("ip_src, tcp", Code.set(Field.IP_SRC, 0xc0a80101), tcp("10.0.0.1", 1, 2), tcp("192.168.1.1", 1, 2)),
                of(
                        "ip_src /8",
                        Code.set(Field.IP_SRC, 0x0b000000L, 0xff000000L),
                        tcp("10.0.0.1", 1, 2),
                        tcp("11.0.0.1", 1, 2)),
                of("ip_dst, udp", Code.set(Field.IP_DST, 0x0a000003), udp("10.0.0.2"), udp("10.0.0.3")),
                of("ip_dst, icmp", Code.set(Field.IP_DST, 0x0a000003), icmp("10.0.0.2", 8, 0), icmp("10.0.0.3", 8, 0)),
                of("ip_dst, sctp", Code.set(Field.IP_DST, 0x0a000003), sctp("10.0.0.2", 1, 2), sctp("10.0.0.3", 1, 2)),
                of("ip_tos", Code.set(Field.IP_TOS, 0xb9), tos(0x03), tos(0xb9)),
                of("ip_dscp", Code.set(Field.IP_DSCP, 46), tos(0x03), tos(0xbb)),
                of("ip_ecn", Code.set(Field.IP_ECN, 1), tos(0xbb), tos(0xb9)),
                of("ip_ttl", Code.set(Field.IP_TTL, 64), ipv4().ttl(5), ipv4().ttl(64)));
    }

    static Stream<Arguments> ipv6Changes() {
        return Stream.of(
                of("ip_dscp, ipv6", Code.set(Field.IP_DSCP, 46), tos6(0x03), tos6(0xbb)),
                of(
                        "ip_ttl, ipv6",
                        Code.set(Field.IP_TTL, 64),
                        ipv6("fd00::2").ttl(5),
                        ipv6("fd00::2").ttl(64)),
                of(
                        "ipv6_label",
                        Code.set(Field.IPV6_LABEL, 0xabcde),
                        ipv6("fd00::2").tos(0xff),
                        ipv6("fd00::2").tos(0xff).label(0xabcde)),
                of(
                        "ipv6_dst, tcp",
                        dst6(0x99),
                        ipv6("fd00::2").tcp(1, 2),
                        ipv6("fd00::99").tcp(1, 2)),
                of("ipv6_dst, icmpv6", dst6(0x99), icmp6("fd00::2", 128, 0), icmp6("fd00::99", 128, 0)),
                of(
                        "ipv6_src",
                        Code.set128(Field.IPV6_SRC, FD00 + 1, 1, 0xff, 0),
                        icmp6("fd00::2", 128, 0),
                        base().ipv6("fd00:0:0:1::1", "fd00::2").icmp(128, 0).payload(PAYLOAD)),
                of("another version's address", Code.set(Field.IP_DST, 80), ipv6("fd00::2"), ipv6("fd00::2")));
    }

    static Stream<Arguments> transportChanges() {
        return Stream.of(
                of("tcp_src", Code.set(Field.TCP_SRC, 65535), tcp("10.0.0.1", 1, 2), tcp("10.0.0.1", 65535, 2)),
                of(
                        "tcp_dst",
                        Code.set(Field.TCP_DST, 0x8000, 0xff00),
                        tcp("10.0.0.1", 1, 2),
                        tcp("10.0.0.1", 1, 0x8002)),
                of("sctp_src", Code.set(Field.SCTP_SRC, 99), sctp("10.0.0.2", 1, 2), sctp("10.0.0.2", 99, 2)),
                of("sctp_dst", Code.set(Field.SCTP_DST, 99), sctp("10.0.0.2", 1, 2), sctp("10.0.0.2", 1, 99)),
                of("icmp_type", Code.set(Field.ICMP_TYPE, 0), icmp("10.0.0.2", 8, 0), icmp("10.0.0.2", 0, 0)),
                of("icmp, all zeros", Code.set(Field.ICMP_TYPE, 0), emptyIcmp(8), emptyIcmp(0)),
                of("icmp_code", Code.set(Field.ICMP_CODE, 7), icmp("10.0.0.2", 8, 0), icmp("10.0.0.2", 8, 7)),
                of("icmpv6_type", Code.set(Field.ICMPV6_TYPE, 129), icmp6("fd00::2", 128, 0), icmp6("fd00::2", 129, 0)),
                of("icmpv6_code", Code.set(Field.ICMPV6_CODE, 5), icmp6("fd00::2", 128, 0), icmp6("fd00::2", 128, 5)),
                of("nd_target", Code.set128(Field.ND_TARGET, FD00, 9, -1, -1), nd(135, 8, 1, A), nd(135, 9, 1, A)),
                of("nd_sll", Code.set(Field.ND_SLL, 0x02000000000cL), nd(135, 8, 1, A), nd(135, 8, 1, C)),
                of("nd_tll", Code.set(Field.ND_TLL, 0x02000000000cL), nd(136, 8, 2, A), nd(136, 8, 2, C)),
                of("nd_tll that is not there", Code.set(Field.ND_TLL, 0x0c), nd(136, 8, 1, A), nd(136, 8, 1, A)),
                of("another protocol's port", Code.set(Field.TCP_DST, 80), udp("10.0.0.2"), udp("10.0.0.2")),
                of("a register", Code.set(Field.REG0, 80), udp("10.0.0.2"), udp("10.0.0.2")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"linkChanges", "ipv4Changes", "ipv6Changes", "transportChanges"})
    void shouldMakeTheFrameThatHasTheValue(String name, int[] set, byte[] before, byte[] after) {
        byte[] changed =
                RecordingSink.run(before, 0, Code.of(set, Code.last(1))).only();

        assertArrayEquals(after, changed);
    }

    @Test
    void shouldLeaveAUdpChecksumOfZero() {
        byte[] frame = udp("10.0.0.2").build();
        frame[14 + 20 + 6] = 0;
        frame[14 + 20 + 7] = 0;

        byte[] changed = RecordingSink.run(
                        frame, 0, Code.of(Code.set(Field.UDP_DST, 99), Code.set(Field.IP_DST, 99), Code.last(1)))
                .only();

        assertEquals(0, changed[14 + 20 + 6] | changed[14 + 20 + 7]);
        assertEquals(99, changed[14 + 20 + 3]);
    }

    @Test
    void shouldSendAComputedUdpChecksumOfZeroAsAllOnes() {
        byte[] zeroSum = base().ipv4("10.0.0.1", "10.0.0.2").udp(0, 0).build();
        int checksum = (zeroSum[40] & 0xff) << 8 | zeroSum[41] & 0xff;

        byte[] changed = RecordingSink.run(zeroSum, 0, Code.of(Code.set(Field.UDP_SRC, checksum), Code.last(1)))
                .only();

        assertEquals((byte) 0xff, changed[40]);
        assertEquals((byte) 0xff, changed[41]);
        assertArrayEquals(base().ipv4("10.0.0.1", "10.0.0.2").udp(checksum, 0).build(), changed);
    }

    @Test
    void shouldNotCountARoutedDestinationIntoTheChecksum() {
        byte[] before = base().ipv6("fd00::1", "fd00::2")
                .extension(IpProtocol.ROUTING, ROUTE)
                .tcp(1, 2)
                .build();
        int checksumAt = before.length - Tcp.HEADER_BYTES + 16;

        byte[] changed =
                RecordingSink.run(before, 0, Code.of(dst6(0x99), Code.last(1))).only();

        assertEquals(before[checksumAt], changed[checksumAt]);
        assertEquals(before[checksumAt + 1], changed[checksumAt + 1]);
        assertEquals((byte) 0x99, changed[14 + 39]);
    }

    private static Arguments of(String name, int[] set, FrameBuilder before, FrameBuilder after) {
        return Arguments.of(name, set, before.build(), after.build());
    }

    private static int[] dst6(long low) {
        return Code.set128(Field.IPV6_DST, 0, low, 0, 0xff);
    }

    private static FrameBuilder base() {
        return FrameBuilder.ethernet(A, B);
    }

    private static FrameBuilder eth(String source, String destination) {
        return FrameBuilder.ethernet(source, destination).type(0x9999).payload(PAYLOAD);
    }

    private static FrameBuilder vlan(int tci) {
        return base().vlan(0x8100, tci).type(0x9999).payload(PAYLOAD);
    }

    private static FrameBuilder ipv4() {
        return base().vlan(3).ipv4("10.0.0.1", "10.0.0.2");
    }

    private static FrameBuilder tos(int tos) {
        return ipv4().tos(tos).udp(1, 2);
    }

    private static FrameBuilder tos6(int tos) {
        return ipv6("fd00::2").tos(tos).label(0x12345).udp(1, 2);
    }

    private static FrameBuilder tcp(String source, int sourcePort, int destinationPort) {
        return base().vlan(3)
                .ipv4(source, "10.0.0.2")
                .options(new byte[] {1, 1, 1, 0})
                .tcp(sourcePort, destinationPort)
                .flags(Tcp.SYN)
                .payload(PAYLOAD)
                .padTo(100);
    }

    private static FrameBuilder udp(String destination) {
        return base().ipv4("10.0.0.1", destination).udp(1000, 2000).payload(PAYLOAD);
    }

    private static FrameBuilder sctp(String destination, int sourcePort, int destinationPort) {
        return base().ipv4("10.0.0.1", destination)
                .sctp(sourcePort, destinationPort)
                .payload(PAYLOAD)
                .padTo(90);
    }

    private static FrameBuilder icmp(String destination, int type, int code) {
        return base().ipv4("10.0.0.1", destination).icmp(type, code).payload(PAYLOAD);
    }

    private static FrameBuilder emptyIcmp(int type) {
        return base().ipv4("10.0.0.1", "10.0.0.2").icmp(type, 0);
    }

    private static FrameBuilder ipv6(String destination) {
        return base().ipv6("fd00::1", destination);
    }

    private static FrameBuilder icmp6(String destination, int type, int code) {
        return ipv6(destination).icmp(type, code).payload(PAYLOAD);
    }

    private static FrameBuilder nd(int type, int target, int option, String mac) {
        byte[] address = new byte[16];
        address[0] = (byte) 0xfd;
        address[15] = (byte) target;
        byte[] nonce = {14, 1, 1, 2, 3, 4, 5, 6};
        byte[] link = new byte[8];
        link[0] = (byte) option;
        link[1] = 1;
        System.arraycopy(MacAddress.of(mac).bytes(), 0, link, 2, 6);
        return ipv6("fd00::2").icmp(type, 0).payload(address).payload(nonce).payload(link);
    }

    private static FrameBuilder arp(int operation, String mac, String address) {
        return base().arp(operation, mac, address, "00:00:00:00:00:00", "10.0.0.2");
    }

    private static FrameBuilder mpls(int label, int trafficClass, int ttl) {
        return base().mpls(label, trafficClass, false, ttl).mpls(9, 1, true, 64).payload(PAYLOAD);
    }
}
