// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TestPmdTest {

    @Test
    void shouldAddTheRatesOfBothPortsForEachSecond() {
        String output = """
                  Throughput (since last show)
                  Rx-pps:            0          Rx-bps:            0
                  Tx-pps:            0          Tx-bps:            0
                  Rx-pps:           12          Rx-bps:            0
                  Rx-pps:      5200000          Rx-bps:   2662400000
                  Rx-pps:      5300000          Rx-bps:   2713600000
                """;

        assertEquals(List.of(12L, 10_500_000L), TestPmd.parseRates(output));
    }

    @Test
    void shouldLeaveOutASecondOfWhichOnlyOnePortWasPrinted() {
        assertEquals(List.of(3L), TestPmd.parseRates("Rx-pps: 1\nRx-pps: 2\nRx-pps: 4\n"));
    }
}
