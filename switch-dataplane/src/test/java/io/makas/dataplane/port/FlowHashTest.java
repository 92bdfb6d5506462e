// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FlowHashTest {

    private static final String MACS = "020000000001" + "020000000002";
    /** UDP from 10.0.0.1 to 10.0.0.2, port 1000 to 2000. */
    private static final String IPV4 = "0800" + "4500002e000000004011000001020304" + "05060708" + "03e807d0";
    /** The same packet's second fragment: what lies where the ports were is data. */
    private static final String FRAGMENT = "0800" + "4500002e000000b94011000001020304" + "05060708" + "aabbccdd";

    private static final String FRAGMENT_OTHER_DATA =
            "0800" + "4500002e000000b94011000001020304" + "05060708" + "11223344";
    private static final String IPV6 = "86dd" + "600000000008" + "1140" + "20010db8000000000000000000000001"
            + "20010db8000000000000000000000002" + "03e807d0";

    @Test
    void shouldBeTheSameForAllFramesOfAFlow() {
        assertEquals(hash(MACS + IPV4 + "aaaa"), hash(MACS + IPV4 + "bbbbbbbb"));
        assertEquals(hash(MACS + IPV6 + "aaaa"), hash(MACS + IPV6 + "bbbbbbbb"));
    }

    @Test
    void shouldDifferByPort() {
        assertNotEquals(hash(MACS + IPV4), hash(MACS + IPV4.replace("03e807d0", "03e907d0")));
        assertNotEquals(hash(MACS + IPV6), hash(MACS + IPV6.replace("03e807d0", "03e907d0")));
    }

    @Test
    void shouldDifferByAddress() {
        assertNotEquals(hash(MACS + IPV4), hash(MACS + IPV4.replace("05060708", "05060709")));
        assertNotEquals(hash(MACS + IPV6), hash(MACS + IPV6.replace("0000000203", "0000000303")));
    }

    @Test
    void shouldTakeNoPortsFromFragments() {
        assertEquals(hash(MACS + FRAGMENT), hash(MACS + FRAGMENT_OTHER_DATA));
    }

    @Test
    void shouldLookThroughOneVlanTag() {
        assertEquals(hash(MACS + IPV4), hash(MACS + "81000005" + IPV4));
    }

    @Test
    void shouldGoByEthernetAddressesWithoutIp() {
        String arp = "0806" + "0001080006040001";

        assertEquals(hash(MACS + arp + "01"), hash(MACS + arp + "02"));
        assertNotEquals(hash(MACS + arp), hash(MACS.replace("0002", "0003") + arp));
    }

    @Test
    void shouldReadNothingBehindAFrameOfEveryLength() {
        byte[] whole = HexFormat.of().parseHex(MACS + "81000005" + IPV6);
        for (int length = 14; length <= whole.length; length++) {
            byte[] frame = Arrays.copyOf(whole, length);

            assertEquals(hash(frame, (byte) 0x00), hash(frame, (byte) 0xff), "frame of " + length + " bytes");
        }
    }

    @Test
    void shouldSpreadFlowsEvenly() {
        int[] rings = new int[4];
        for (int port = 1; port <= 4000; port++) {
            long hash = hash(MACS + IPV4.replace("03e8", String.format("%04x", port))) & 0xffff_ffffL;
            rings[(int) (hash * rings.length >>> 32)]++;
        }

        assertTrue(Arrays.stream(rings).allMatch(count -> count > 900), Arrays.toString(rings));
    }

    private static int hash(String hex) {
        return hash(HexFormat.of().parseHex(hex), (byte) 0);
    }

    private static int hash(byte[] frame, byte behind) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(256).fill(behind);
            MemorySegment.copy(frame, 0, memory, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, frame.length);
            return FlowHash.of(memory.address(), frame.length);
        }
    }
}
