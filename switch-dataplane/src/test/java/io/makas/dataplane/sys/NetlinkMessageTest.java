// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.makas.flow.packet.MacAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bytes as strace shows them of ip(8) on x86-64. */
final class NetlinkMessageTest {

    @BeforeEach
    void onlyOnLittleEndianMachines() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN, "golden bytes are little-endian");
    }

    @Test
    void shouldWriteTheRequestForAnInterfaceByName() {
        assertBytes(
                "28000000 1200 0100 07000000 00000000" // nlmsghdr: 40 bytes, RTM_GETLINK, NLM_F_REQUEST
                        + "00 00 0000 00000000 00000000 00000000" // ifinfomsg
                        + "0700 0300 6c6f00 00", // IFLA_IFNAME "lo", padded
                LinkMessages.get("lo").bytes(7));
    }

    @Test
    void shouldNestThePeerInsideTheVeth() {
        byte[] bytes = LinkMessages.createVeth("h", "p", 9, 1450, MacAddress.of("02:00:00:00:00:07"))
                .bytes(1);

        assertBytes(
                "9c000000 1000 0506 01000000 00000000" // RTM_NEWLINK, REQUEST | ACK | EXCL | CREATE
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0600 0300 6800 0000" // IFLA_IFNAME "h"
                        + "0800 0400 aa050000 0800 1f00 01000000 0800 2000 01000000" // MTU, one queue each way
                        + "5c00 1280 0900 0100 7665746800 000000" // IFLA_LINKINFO { IFLA_INFO_KIND "veth"
                        + "4c00 0280 4800 0180" // IFLA_INFO_DATA { VETH_INFO_PEER {
                        + "00 00 0000 00000000 00000000 00000000"
                        + "0600 0300 7000 0000 0800 0400 aa050000 0800 1f00 01000000 0800 2000 01000000"
                        + "0800 1c00 09000000" // IFLA_NET_NS_FD 9
                        + "0a00 0100 020000000007 0000", // IFLA_ADDRESS
                bytes);
    }

    @Test
    void shouldWriteTheDefaultRouteWithoutADestination() throws Exception {
        Route route = Route.defaultVia(InetAddress.getByName("169.254.1.1"), 2).believed();

        assertBytes(
                "2c000000 1800 0506 01000000 00000000" // RTM_NEWROUTE
                        + "02 00 00 00 fe 04 00 01 04000000" // rtmsg: main table, static, unicast, RTNH_F_ONLINK
                        + "0800 0500 a9fe0101 0800 0400 02000000", // RTA_GATEWAY, RTA_OIF
                AddressMessages.addRoute(route).bytes(1));
    }

    @Test
    void shouldReadAttributesAndIgnoreAMalformedEnd() {
        byte[] bytes = HexFormat.of().parseHex("0800 0400 aa050000 0600 0300 6800 0000 ff00 0500 11".replace(" ", ""));

        NetlinkAttributes attributes =
                new NetlinkAttributes(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));

        assertEquals(1450, attributes.u32(4, 0));
        assertEquals("h", attributes.text(3, ""));
        assertEquals(-1, attributes.u32(5, -1));
        assertNull(attributes.mac(4), "4 bytes are no Ethernet address");
    }

    @Test
    void shouldReadAttributesInsideAnAttribute() {
        byte[] bytes = HexFormat.of().parseHex("1000 1280 0900 0100 7665746800 000000".replace(" ", ""));

        NetlinkAttributes attributes =
                new NetlinkAttributes(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));

        assertEquals("veth", attributes.nested(18).text(1, ""));
        assertEquals("absent", attributes.nested(99).text(1, "absent"));
    }

    private static void assertBytes(String expected, byte[] actual) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(actual));
    }
}
