// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Iperf3ResultTest {

    @Test
    void shouldTakeWhatTheReceiverOfTcpGot() {
        double gbps = Iperf3Result.tcpGbps(Golden.read("iperf3-tcp.json"));

        assertEquals(14.855, gbps, 0.001);
    }

    @Test
    void shouldCountReceivedDatagramsNotSentOnes() {
        double kpps = Iperf3Result.udpKpps(Golden.read("iperf3-udp.json"));

        assertEquals((160_560 - 66_920) / 1.001834 / 1e3, kpps, 0.001);
    }

    @Test
    void shouldRefuseATestThatReceivedNothing() {
        String json = Golden.read("iperf3-udp.json").replace("66920", "160560");

        var refusal = assertThrows(ToolOutputException.class, () -> Iperf3Result.udpKpps(json));

        assertTrue(refusal.getMessage().contains("nothing was received"), refusal.getMessage());
    }

    @Test
    void shouldSayWhatIperf3Said() {
        var refusal =
                assertThrows(ToolOutputException.class, () -> Iperf3Result.tcpGbps(Golden.read("iperf3-refused.json")));

        assertTrue(refusal.getMessage().contains("unable to connect to server: Connection refused"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "iperf3: error", "{\"end\":{}}", "{\"end\":{\"sum_received\":{}}}"})
    void shouldRefuseWhatIsNoResult(String output) {
        assertThrows(ToolOutputException.class, () -> Iperf3Result.tcpGbps(output));
        assertThrows(ToolOutputException.class, () -> Iperf3Result.udpKpps(output));
    }

    @Test
    void shouldTellABusyServerFromOtherErrors() {
        assertTrue(
                Iperf3Result.serverBusy("{\"error\": \"error - the server is busy running a test. try again later\"}"));
        assertFalse(Iperf3Result.serverBusy(Golden.read("iperf3-refused.json")));
    }
}
