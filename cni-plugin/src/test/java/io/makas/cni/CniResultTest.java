// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.makas.cni.CniResult.Dns;
import io.makas.cni.CniResult.Interface;
import io.makas.cni.CniResult.Ip;
import io.makas.cni.CniResult.Route;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CniResultTest {

    private static final CniResult RESULT = new CniResult(
            List.of(
                    Interface.of("mk0123456789a", "02:00:00:00:00:01", 1_450, ""),
                    new Interface(
                            "eth0", "02:00:00:00:00:02", 1_450, "/run/netns/blue", "/run/vhost.sock", "0000:00:1f.6")),
            List.of(
                    new Ip(Cidr.of("10.1.0.5/16"), Cidr.addressOf("10.1.0.1"), 1),
                    new Ip(Cidr.of("2001:db8::5/64"), null, 1)),
            List.of(new Route(Cidr.of("0.0.0.0/0"), Cidr.addressOf("10.1.0.1"), 1_400, 1_360, 100, 7, 253)),
            new Dns(List.of("10.1.0.1"), "pods.local", List.of("local"), List.of("ndots:5")));

    private static final String DNS = """
            "dns":{"nameservers":["10.1.0.1"],"domain":"pods.local","search":["local"],"options":["ndots:5"]}}""";

    @Test
    void shouldWriteVersion11WithMtuSocketAndRouteProperties() {
        assertEquals("""
                {"cniVersion":"1.1.0","interfaces":[\
                {"name":"mk0123456789a","mac":"02:00:00:00:00:01","mtu":1450},\
                {"name":"eth0","mac":"02:00:00:00:00:02","mtu":1450,"sandbox":"/run/netns/blue",\
                "socketPath":"/run/vhost.sock","pciID":"0000:00:1f.6"}],\
                "ips":[{"interface":1,"address":"10.1.0.5/16","gateway":"10.1.0.1"},\
                {"interface":1,"address":"2001:db8::5/64"}],\
                "routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1","mtu":1400,"advmss":1360,"priority":100,"table":7,\
                "scope":253}],\
                """ + DNS, Json.print(RESULT.toJson(CniVersion.V1_1_0)));
    }

    @Test
    void shouldWriteVersion10WithoutThem() {
        assertEquals("""
                {"cniVersion":"1.0.0","interfaces":[\
                {"name":"mk0123456789a","mac":"02:00:00:00:00:01"},\
                {"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/blue"}],\
                "ips":[{"interface":1,"address":"10.1.0.5/16","gateway":"10.1.0.1"},\
                {"interface":1,"address":"2001:db8::5/64"}],\
                "routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}],\
                """ + DNS, Json.print(RESULT.toJson(CniVersion.V1_0_0)));
    }

    @ParameterizedTest
    @EnumSource(names = {"V0_3_0", "V0_3_1", "V0_4_0"})
    void shouldWriteTheIpVersionInOlderVersions(CniVersion version) {
        assertEquals("""
                {"cniVersion":"%s","interfaces":[\
                {"name":"mk0123456789a","mac":"02:00:00:00:00:01"},\
                {"name":"eth0","mac":"02:00:00:00:00:02","sandbox":"/run/netns/blue"}],\
                "ips":[{"version":"4","interface":1,"address":"10.1.0.5/16","gateway":"10.1.0.1"},\
                {"version":"6","interface":1,"address":"2001:db8::5/64"}],\
                "routes":[{"dst":"0.0.0.0/0","gw":"10.1.0.1"}],\
                """.formatted(version) + DNS, Json.print(RESULT.toJson(version)));
    }

    @Test
    void shouldLeaveOutEmptyListsAndKeepDns() {
        assertEquals("{\"cniVersion\":\"1.1.0\",\"dns\":{}}", Json.print(CniResult.EMPTY.toJson(CniVersion.V1_1_0)));
    }

    @Test
    void shouldReadBackWhatTheNewestVersionWrites() throws CniError {
        assertEquals(RESULT, CniResult.parse(RESULT.toJson(CniVersion.V1_1_0), "it"));
    }

    @Test
    void shouldReadOlderVersions() throws CniError {
        CniResult read = CniResult.parse(RESULT.toJson(CniVersion.V0_3_1), "it");

        assertEquals(RESULT.ips(), read.ips());
        assertEquals("eth0", read.interfaces().get(1).name());
    }

    @Test
    void shouldMoveInterfaceNumbersWhenResultsAreJoined() {
        CniResult joined = RESULT.and(RESULT);

        assertEquals(4, joined.interfaces().size());
        assertEquals(
                List.of(1, 1, 3, 3),
                joined.ips().stream().map(Ip::interfaceIndex).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "1:0:0:0:0:0:0:1, 1::1",
        "0:0:0:0:0:0:0:0, ::",
        "0:0:0:0:0:0:0:1, ::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80:0:0:0:0:0:0:0, fe80::",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "10.0.0.1, 10.0.0.1"
    })
    void shouldWriteAddressesAsRfc5952Asks(String address, String expected) {
        assertEquals(expected, Cidr.text(Cidr.addressOf(address)));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1",
        "10.0.0/8",
        "10.0.0.1/33",
        "::1/129",
        "host/8",
        "10.0.0.256/8",
        "fe80::1%eth0/64",
        "1/8",
        "/8"
    })
    void shouldRefuseWhatIsNoSubnet(String text) {
        assertThrows(IllegalArgumentException.class, () -> Cidr.of(text));
    }
}
