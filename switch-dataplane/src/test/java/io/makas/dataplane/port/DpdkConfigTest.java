// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.packet.MacAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may ask of a port on a DPDK device, before DPDK sees any of it. */
final class DpdkConfigTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000:00:04.0",
                "04:00.1",
                "10000:e1:00.0,option=1",
                "net_tap0,iface=tap0",
                "net_pcap0,rx_pcap=/tmp/a.pcap,tx_pcap=/tmp/b.pcap",
                "eth_af_packet0,iface=veth0"
            })
    void shouldTakeAddressesAndVirtualDevices(String devargs) {
        assertDoesNotThrow(() -> new PortConfig.Dpdk("d1", devargs));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "eth0",
                "0000:00:04",
                "0000:00:04.9",
                "net_null0 --no-huge",
                "net_null0,\n--log-level=8",
                "net_null0,size=\0",
                "--vdev=net_null0",
                "crypto_null0",
                "net_\u00fc0",
                "class=eth",
                ",,,",
                "net_"
            })
    void shouldRefuseWhatNamesNoDevice(String devargs) {
        var refused = assertThrows(IllegalArgumentException.class, () -> new PortConfig.Dpdk("d1", devargs));

        assertTrue(refused.getMessage().contains("net_tap0,iface=tap0"), refused.getMessage());
        assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }

    @Test
    void shouldRefuseDevargsOfEndlessLengthInAFewWords() {
        var refused = assertThrows(
                IllegalArgumentException.class, () -> new PortConfig.Dpdk("d1", "net_" + "x".repeat(1 << 20)));

        assertTrue(refused.getMessage().length() < 400, refused.getMessage());
    }

    @Test
    void shouldNameTheNumberThatIsOutOfItsRange() {
        assertRefused("queues 0", 0, 0, 0);
        assertRefused("queues 65", 65, 0, 0);
        assertRefused("descriptors 7", 1, 7, 0);
        assertRefused("descriptors -1", 1, -1, 0);
        assertRefused("mtu 67", 1, 0, 67);
        assertRefused("mtu 9001", 1, 0, 9_001);
    }

    @Test
    void shouldRefuseAnAddressOfManyStations() {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> new PortConfig.Dpdk("d1", "net_null0", 1, 0, 0, Optional.of(MacAddress.of("01:00:5e:00:00:01"))));

        assertTrue(refused.getMessage().contains("01:00:5e:00:00:01"), refused.getMessage());
    }

    private static void assertRefused(String words, int queues, int descriptors, int mtuBytes) {
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> new PortConfig.Dpdk("d1", "net_null0", queues, descriptors, mtuBytes, Optional.empty()));
        assertTrue(refused.getMessage().contains(words), refused.getMessage());
    }
}
