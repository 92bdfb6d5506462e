// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {

    @Test
    void shouldReadAndWriteEthernetAddresses() {
        MacAddress address = MacAddress.of("02:00:0A:f4:00:07");

        assertEquals(0x02000af40007L, address.bits());
        assertEquals("02:00:0a:f4:00:07", address.toString());
        assertArrayEquals(new byte[] {2, 0, 10, (byte) 0xf4, 0, 7}, address.bytes());
        assertEquals(address, MacAddress.of(address.bytes()));
        assertFalse(address.isMulticast());
        assertTrue(MacAddress.BROADCAST.isMulticast());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "02:00:00:00:00",
                "02:00:00:00:00:00:00",
                "0200:00:00:00:00",
                "02-00-00-00-00-00",
                "02:00:00:00:00:0g"
            })
    void shouldRefuseWhatIsNoEthernetAddress(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> MacAddress.of(text));

        assertTrue(refusal.getMessage().contains("'" + text + "'"), refusal.getMessage());
    }

    @Test
    void shouldReadAndWriteIpv4Addresses() {
        assertEquals(0xc0a800fe, IpAddress.ipv4("192.168.0.254"));
        assertEquals("192.168.0.254", IpAddress.text(0xc0a800fe));
        assertEquals("0.0.0.0", IpAddress.text(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10.0.1", "1", "10.0.0.256", "10.0.0.1.2", "a.b.c.d", "fd00::1", "localhost", "10.0.0.1 "})
    void shouldRefuseWhatIsNoIpv4Address(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.ipv4(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::",
                "::1",
                "fd00::",
                "fd00::7",
                "2001:db8::1:0:0:1",
                "2001:db8:0:1:1:1:1:1",
                "1:2:3:4:5:6:7:8",
                "::ffff:10.0.0.1",
                "fe80::200:ff:fe00:1",
                "0:1::"
            })
    void shouldReadAndWriteIpv6AddressesInTheFormOfRfc5952(String text) {
        assertEquals(text, IpAddress.text(IpAddress.ipv6High(text), IpAddress.ipv6Low(text)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0.1", "fd00::1::2", "fd00::g", ":::", "fd00::1%lo", "host"})
    void shouldRefuseWhatIsNoIpv6Address(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpAddress.ipv6High(text));
    }
}
