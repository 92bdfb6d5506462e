// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AfXdpTrafficTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dl_dst=02:00:00:00:00:2a|0100020000_00002a",
                "dl_vlan=100|02000000000000_64",
                "dl_type=0x88b5|030000000000_88b5",
                "udp_dst=4789|040000000000_12b5",
                "udp_dst=4789,tun_id=7|05000012b5_000007",
                "udp_dst=65535,tun_id=16777215|050000ffffffffff"
            })
    void shouldWriteWhatItReadsAndMakeTheKeyThatTheProgramLooksUp(String text, String key) {
        AfXdpTraffic traffic = AfXdpTraffic.parse(text);

        assertEquals(text, traffic.toString());
        assertEquals(Long.parseLong(key.replace("_", ""), 16), traffic.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "vlan=1",
                "dl_vlan=4096",
                "dl_vlan=-1",
                "dl_vlan=",
                "dl_type=0x5ff",
                "dl_type=65536",
                "dl_dst=02:00",
                "udp_dst=0",
                "udp_dst=99999999999",
                "tun_id=7",
                "udp_dst=4789,tun_id=16777216",
                "dl_vlan=1,dl_type=0x800"
            })
    void shouldRefuseAnythingElseByWhatItSays(String text) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> AfXdpTraffic.parse(text));

        assertTrue(e.getMessage().startsWith("traffic '" + text + "'"), e.getMessage());
    }
}
