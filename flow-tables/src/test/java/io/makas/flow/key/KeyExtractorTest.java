// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Literal frames and their keys: the words from {@link KeyLayout}, in hexadecimal, zeros at the end left out. */
class KeyExtractorTest {

    private static final String MACS = "02000000000b 02000000000a";
    private static final String IPV4_ADDRESSES = "0a000001 0a000002";
    private static final String IPV6_ADDRESSES = "fd000000000000000000000000000001 fd000000000000000000000000000002";
    private static final String DST = "02000000000b";
    private static final String SRC = "02000000000a";

    static Stream<Arguments> linkFrames() {
        return Stream.of(
                link("unknown type", "9999 0102", "9999", "0000", "0000"),
                link("header only", "0800", "0800", "0000", "0000"),
                link("one tag", "8100 600a 9999", "9999", "700a", "0000"),
                link("priority tag", "8100 0000 9999", "9999", "1000", "0000"),
                link("two tags", "88a8 0014 8100 600a 9999", "9999", "1014", "700a"),
                link("three tags", "88a8 0014 8100 600a 8100 0001 0800", "8100", "1014", "700a"),
                link("tag without type", "8100 600a 99", "8100", "0000", "0000"),
                link("second tag without type", "88a8 0014 8100 600a 99", "8100", "1014", "0000"),
                link("802.3 with LLC", "0026 4242 03 0000000000000000", "05ff", "0000", "0000"),
                link("802.3 with SNAP", "0026 aaaa03 000000 9999 00", "9999", "0000", "0000"),
                link("SNAP of an organisation", "0026 aaaa03 00000c 2000", "05ff", "0000", "0000"),
                link("SNAP cut short", "0026 aaaa03 000000 99", "05ff", "0000", "0000"),
                link("SNAP with a length", "0026 aaaa03 000000 0100", "05ff", "0000", "0000"),
                link("largest length", "05ff", "05ff", "0000", "0000"),
                link("smallest type", "0600", "0600", "0000", "0000"));
    }

    static Stream<Arguments> mplsFrames() {
        return Stream.of(
                mpls("one entry", "8847", "00001140 45000000", "00001140 00000000", "0"),
                mpls("two entries", "8848", "00001440 00002b05 ffffffff", "00001440 00002b05", "0"),
                mpls(
                        "four entries",
                        "8847",
                        "00001040 00002040 00003040 00004140",
                        "00001040 00002040",
                        "00003040 00000000"),
                mpls("half an entry", "8847", "00001040 0000", "00001040 00000000", "0"),
                mpls("no entry", "8847", "", "0", "0"));
    }

    static Stream<Arguments> arpFrames() {
        String addresses = "020000000001 0a000001 020000000002 0a000002";
        return Stream.of(
                arp("reply", "0806", "0001 0800 06 04 0002" + addresses, "02", true),
                arp("reverse", "8035", "0001 0800 06 04 0003" + addresses, "03", true),
                arp("padded", "0806", "0001 0800 06 04 00ff" + addresses + "00".repeat(18), "ff", true),
                arp("opcode over 255", "0806", "0001 0800 06 04 0102" + addresses, "00", true),
                arp("cut short", "0806", "0001 0800 06 04 0002" + addresses.substring(0, 41), "00", false),
                arp("another hardware", "0806", "0006 0800 06 04 0002" + addresses, "00", false),
                arp("another protocol", "0806", "0001 86dd 06 04 0002" + addresses, "00", false),
                arp("another length", "0806", "0001 0800 06 10 0002" + addresses, "00", false));
    }

    static Stream<Arguments> ipv4Frames() {
        return Stream.of(
                ipv4("UDP", "45b8001e 00004000 4011 0000", "03e8 07d0 000a 0000 6869", "1100", "03e8 07d0 0000 b8 40"),
                ipv4(
                        "UDP, padded",
                        "45b8001c 00004000 4011 0000",
                        "03e8 07d0 000a 0000 000000000000",
                        "1100",
                        "03e8 07d0 0000 b8 40"),
                ipv4("UDP cut short", "45b8001b 00004000 4011 0000", "03e8 07d0 000a 00", "1100", "b840"),
                ipv4(
                        "UDP cut by the total length",
                        "45b8001b 00004000 4011 0000",
                        "03e8 07d0 000a 0000",
                        "1100",
                        "b840"),
                ipv4(
                        "TCP",
                        "45000028 00000000 0106 0000",
                        "03e8 0050 00000000 00000000 5f12 ffff 0000 0000",
                        "0600",
                        "03e8 0050 0f12 00 01"),
                ipv4(
                        "TCP cut short",
                        "45000027 00000000 0106 0000",
                        "03e8 0050 00000000 00000000 5f12 ffff 0000 00",
                        "0600",
                        "0001"),
                ipv4(
                        "options",
                        "46000020 00000000 4011 0000",
                        "01010101 03e8 07d0 0008 0000",
                        "1100",
                        "03e8 07d0 0000 00 40",
                        "0a000001 0a000002"),
                ipv4(
                        "first fragment",
                        "4500001c 00002000 4011 0000",
                        "03e8 07d0 0008 0000",
                        "1101",
                        "03e8 07d0 0000 00 40"),
                ipv4("later fragment", "4500001c 00002001 4011 0000", "03e8 07d0 0008 0000", "1103", "0040"),
                ipv4("last fragment", "4500001c 00000001 4011 0000", "03e8 07d0 0008 0000", "1103", "0040"),
                ipv4("ICMP", "4500001c 00000000 4001 0000", "0800 0000 00000000", "0100", "0008 0000 0000 00 40"),
                ipv4("ICMP cut short", "4500001b 00000000 4001 0000", "0301 0000 000000", "0100", "0040"),
                ipv4("ICMPv6 is nothing here", "4500001c 00000000 403a 0000", "8000 0000 00000000", "3a00", "0040"),
                ipv4(
                        "SCTP",
                        "45000020 00000000 4084 0000",
                        "03e8 0050 00000000 00000000",
                        "8400",
                        "03e8 0050 0000 00 40"),
                ipv4("GRE", "45000018 00000000 402f 0000", "0000 0800", "2f00", "0040"),
                ipv4("total length too long", "4500001d 00000000 4011 0000", "03e8 07d0 0008 0000", "0000", "0", "0"),
                ipv4("total length too short", "45000013 00000000 4011 0000", "03e8 07d0 0008 0000", "0000", "0", "0"),
                ipv4("header too short", "4400001c 00000000 4011 0000", "03e8 07d0 0008 0000", "0000", "0", "0"),
                ipv4("header longer than all", "4f00001c 00000000 4011 0000", "03e8 07d0 0008 0000", "0000", "0", "0"));
    }

    static Stream<Arguments> ipv6Frames() {
        String route = "11 00 00 01 00000000";
        return Stream.of(
                ipv6("UDP", "0008 11 40", "03e8 07d0 0008 0000", "1100", "03e8 07d0 0000 b8 40", 10),
                ipv6("padding is no payload", "0007 11 40", "03e8 07d0 0008 0000", "1100", "b840", 10),
                ipv6(
                        "hop-by-hop and routing",
                        "0018 00 40",
                        "2b00000000000000" + route + "03e8 07d0 0008 0000",
                        "1100",
                        "03e8 07d0 0000 b8 40",
                        10),
                ipv6(
                        "destination options of 16 bytes",
                        "0018 3c 40",
                        "1101" + "00".repeat(14) + "03e8 07d0 0008 0000",
                        "1100",
                        "03e8 07d0 0000 b8 40",
                        10),
                ipv6(
                        "authentication header",
                        "0014 33 40",
                        "1101" + "00".repeat(10) + "03e8 07d0 0008 0000",
                        "1100",
                        "03e8 07d0 0000 b8 40",
                        10),
                ipv6(
                        "first fragment",
                        "0010 2c 40",
                        "1100 0001 00000000 03e8 07d0 0008 0000",
                        "1101",
                        "03e8 07d0 0000 b8 40",
                        10),
                ipv6("later fragment", "0010 2c 40", "1100 0008 00000000 03e8 07d0 0008 0000", "2c03", "b840", 10),
                ipv6(
                        "only fragment",
                        "0010 2c 40",
                        "1100 0000 00000000 03e8 07d0 0008 0000",
                        "1100",
                        "03e8 07d0 0000 b8 40",
                        10),
                ipv6("extension cut short", "0007 00 40", "11000000000000", "0000", "0", 10),
                ipv6(
                        "extension longer than all",
                        "0010 00 40",
                        "1102000000000000 03e8 07d0 0008 0000",
                        "0000",
                        "0",
                        10),
                ipv6("no next header", "0000 3b 40", "", "3b00", "b840", 10),
                ipv6("ICMPv6", "0008 3a 40", "8000 0000 00010002", "3a00", "0080 0000 0000 b8 40", 10));
    }

    static Stream<Arguments> neighbourFrames() {
        String target = "fd000000000000000000000000000009";
        String high = "fd00000000000000";
        String sll = "0101 020000000001";
        String tll = "0201 020000000002";
        return Stream.of(
                nd("solicitation", 135, 24, target + sll, "0", high, "9", "020000000001 0000"),
                nd("advertisement", 136, 24, target + tll, "0", high, "9", "0", "020000000002 0000"),
                nd("flags", 136, 16, target, "e0000000", high, "9"),
                nd(
                        "unknown and long options first",
                        135,
                        48,
                        target + "0e01000000000000 0102" + "00".repeat(14) + sll,
                        "0",
                        high,
                        "9",
                        "020000000001 0000"),
                nd("option twice", 135, 32, target + sll + sll, "0"),
                nd("option of no length", 135, 32, target + "0100000000000000" + sll, "0", high, "9"),
                nd("option longer than all", 135, 24, target + "0102 020000000001", "0", high, "9"),
                nd("half an option", 135, 22, target + "0101 02000000", "0", high, "9"),
                nd("half a target", 135, 8, high, "0"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"linkFrames", "mplsFrames", "arpFrames", "ipv4Frames", "ipv6Frames", "neighbourFrames"})
    void shouldExtract(String name, byte[] frame, int extent, long[] expected) {
        long[] key = new long[KeyLayout.PACKET_WORDS];
        Arrays.fill(key, -1);

        int got = KeyExtractor.extract(MemorySegment.ofArray(frame), 0, frame.length, 7, key, 0);

        assertEquals(extent, got);
        assertArrayEquals(hex(Arrays.copyOf(expected, extent)), hex(Arrays.copyOf(key, extent)));
    }

    @Test
    void shouldHaveNoKeyForLessThanAnEthernetHeader() {
        for (int length = 0; length < 14; length++) {
            MemorySegment memory = MemorySegment.ofArray(new byte[length]);

            assertEquals(KeyExtractor.TOO_SHORT, KeyExtractor.extract(memory, 0, length, 7, new long[16], 0));
        }
    }

    @Test
    void shouldCarryAnyPortNumber() {
        long[] key = new long[KeyLayout.PACKET_WORDS];

        KeyExtractor.extract(MemorySegment.ofArray(new byte[60]), 0, 60, 0xfffffffe, key, 0);

        assertEquals(0xfffffffeL, Field.IN_PORT.in(key));
    }

    private static Arguments link(String name, String behindAddresses, String type, String tci, String tci2) {
        return frame(name, behindAddresses, 5, "7" + type + "0000", DST + tci, SRC + tci2);
    }

    private static Arguments mpls(String name, String type, String stack, String word14, String word15) {
        String[] words = words(type + "0000");
        words[14] = word14;
        words[15] = word15;
        return frame("MPLS: " + name, type + stack, 16, words);
    }

    private static Arguments arp(String name, String type, String packet, String operation, boolean whole) {
        String[] words = words(type + operation + "00");
        if (whole) {
            words[3] = IPV4_ADDRESSES;
            words[12] = "020000000001 0000";
            words[13] = "020000000002 0000";
        }
        return frame("ARP: " + name, type + packet, 16, words);
    }

    private static String[] words(String word0) {
        String[] words = new String[KeyLayout.PACKET_WORDS];
        Arrays.fill(words, "0");
        words[0] = "7" + word0;
        words[1] = DST + "0000";
        words[2] = SRC + "0000";
        return words;
    }

    private static Arguments ipv4(String name, String start, String rest, String protocolAndFragment, String word4) {
        return ipv4(name, start, rest, protocolAndFragment, word4, IPV4_ADDRESSES);
    }

    private static Arguments ipv4(
            String name, String start, String rest, String protocolAndFragment, String word4, String addresses) {
        return frame(
                "IPv4: " + name,
                "0800" + start + IPV4_ADDRESSES + rest,
                5,
                "7 0800" + protocolAndFragment,
                DST + "0000",
                SRC + "0000",
                addresses,
                word4);
    }

    private static Arguments ipv6(
            String name, String lengthToLimit, String rest, String protocolAndFragment, String word4, int extent) {
        return frame(
                "IPv6: " + name,
                "86dd 6b812345" + lengthToLimit + IPV6_ADDRESSES + rest,
                extent,
                "7 86dd" + protocolAndFragment,
                DST + "0000",
                SRC + "0000",
                "0",
                word4,
                "fd00000000000000",
                "1",
                "fd00000000000000",
                "2",
                // Open vSwitch, too, sees nothing but addresses where the extension headers end too early.
                word4.equals("0") ? "0" : "12345 00000000");
    }

    private static Arguments nd(
            String name, int type, int bytesBehindHeader, String rest, String reserved, String... from10) {
        String[] words = words("86dd 3a00");
        words[4] = String.format("%04x 0000 0000 00 ff", type);
        words[5] = "fd00000000000000";
        words[6] = "1";
        words[7] = "fd00000000000000";
        words[8] = "2";
        words[9] = reserved;
        System.arraycopy(from10, 0, words, 10, from10.length);
        String header = String.format("86dd 60000000 %04x 3a ff", 8 + bytesBehindHeader);
        String message = String.format("%02x00 0000 ", type) + "0".repeat(8 - reserved.length()) + reserved;
        return frame("ND: " + name, header + IPV6_ADDRESSES + message + rest, 16, words);
    }

    private static Arguments frame(String name, String behindAddresses, int extent, String... words) {
        byte[] bytes = HexFormat.of().parseHex((MACS + behindAddresses).replace(" ", ""));
        long[] key = new long[KeyLayout.PACKET_WORDS];
        for (int word = 0; word < words.length; word++) {
            key[word] = Long.parseUnsignedLong(words[word].replace(" ", ""), 16);
        }
        return Arguments.of(name, bytes, extent, key);
    }

    private static String[] hex(long[] words) {
        return Arrays.stream(words).mapToObj(Long::toHexString).toArray(String[]::new);
    }
}
