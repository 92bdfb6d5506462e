// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SockperfLogTest {

    @ParameterizedTest
    @ValueSource(strings = {"sockperf-udp.log", "sockperf-tcp.log"})
    void shouldReadEveryRoundTripOfARealLog(String file) {
        String log = Golden.read(file);

        double[] samplesUs = SockperfLog.parse(log);

        assertEquals(16, samplesUs.length);
    }

    @Test
    void shouldAgreeWithThePercentilesThatSockperfComputedItself() {
        Distribution times = Distribution.of(SockperfLog.parse(Golden.read("sockperf-udp.log")), 0);

        // sockperf cuts where its own log rounds.
        assertEquals(169.170, times.p50Us(), 0.002);
        assertEquals(228.578, times.p99Us(), 0.002);
        assertEquals(176.420, times.meanUs(), 0.002);
    }

    @Test
    void shouldTellHowManyMessagesWereNeverAnswered() {
        String log = Golden.read("sockperf-udp.log");

        assertEquals(0, SockperfLog.lost(log));
        assertEquals(7, SockperfLog.lost(log.replace("# dropped messages = 0;", "# dropped messages = 7;")));
        assertThrows(ToolOutputException.class, () -> SockperfLog.lost("sockperf: Test ended"));
    }

    @Test
    void shouldRefuseALogWithFewerRoundTripsThanItAnnounces() {
        String log = Golden.read("sockperf-udp.log").replaceFirst("7, 2.66.*\n", "");

        var refusal = assertThrows(ToolOutputException.class, () -> SockperfLog.parse(log));

        assertTrue(refusal.getMessage().contains("lists 15 round trips and announces 16"), refusal.getMessage());
    }

    @Test
    void shouldRefuseALogWithoutRoundTrips() {
        String log = Golden.read("sockperf-udp.log")
                .replace("ReceivedMessages=16", "ReceivedMessages=0")
                .replaceAll("(?m)^\\d+, .*\n", "");

        assertThrows(ToolOutputException.class, () -> SockperfLog.parse(log));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nan?", "-1.0", "0", ""})
    void shouldRefuseATimeThatIsNone(String time) {
        String log = Golden.read("sockperf-udp.log").replace(" 168.960", " " + time);

        assertThrows(ToolOutputException.class, () -> SockperfLog.parse(log));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sockperf: No messages were received from the server. Is the server down?"})
    void shouldShowWhatItCannotRead(String output) {
        var refusal = assertThrows(ToolOutputException.class, () -> SockperfLog.parse(output));

        assertTrue(refusal.getMessage().contains(output), refusal.getMessage());
        assertTrue(refusal.getMessage().startsWith("sockperf: "), refusal.getMessage());
    }
}
