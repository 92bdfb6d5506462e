// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {

    @Test
    void shouldTakeTheMiddleValue() {
        assertEquals(3, Statistics.median(List.of(9.0, 1.0, 3.0)));
        assertEquals(2, Statistics.median(List.of(9.0, 1.0, 3.0, 1.0)));
        assertTrue(Double.isNaN(Statistics.median(List.of())));
    }

    @Test
    void shouldTellTheSpreadByTheMedian() {
        assertEquals(0.5, Statistics.spread(List.of(3.0, 4.0, 5.0)));
    }

    @Test
    void shouldRoundToWhatJsonKnows() {
        assertEquals(1.235, Statistics.rounded(1.23456));
        assertEquals(0, Statistics.rounded(Double.NaN));
    }
}
