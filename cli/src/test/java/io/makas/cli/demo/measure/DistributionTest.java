// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DistributionTest {

    @Test
    void shouldTakePercentilesByNearestRank() {
        Distribution times = Distribution.of(upTo(1_000), 0);

        assertEquals(500, times.p50Us());
        assertEquals(990, times.p99Us());
        assertEquals(999, times.p999Us());
        assertEquals(500.5, times.meanUs());
        assertEquals(1_000, times.samples());
    }

    @Test
    void shouldAgreeWithSortingForRandomSamples() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            double[] samples = random.doubles(1 + random.nextInt(3_000), 1, 500).toArray();

            Distribution times = Distribution.of(samples, 0);

            Arrays.sort(samples);
            String where = "seed " + seed + ", run " + run + ", " + samples.length + " samples";
            assertEquals(samples[(samples.length + 1) / 2 - 1], times.p50Us(), where);
            assertEquals(samples[(samples.length * 999 + 999) / 1_000 - 1], times.p999Us(), where);
            assertEquals(samples[0], times.curveUs(0), where);
        }
    }

    @Test
    void shouldCountValuesAsOftenAsTheyOccurred() {
        Distribution counted = Distribution.ofCounted(new double[] {2, 3, 50}, new long[] {900, 99, 1}, 4);

        assertEquals(1_000, counted.samples());
        assertEquals(4, counted.lost());
        assertEquals(2, counted.p50Us());
        assertEquals(3, counted.p99Us());
        assertEquals(3, counted.p999Us());
        assertEquals(50, counted.curveUs(Distribution.DECADES * Distribution.STEPS_A_DECADE));
        assertEquals((2 * 900 + 3 * 99 + 50) / 1_000.0, counted.meanUs(), 1e-9);
    }

    @Test
    void shouldTakeTheMedianRoundForEachFigureAndAddUpSamples() {
        List<Distribution> rounds = List.of(
                Distribution.of(new double[] {10, 20, 30}, 0),
                Distribution.of(new double[] {11, 21, 1_000}, 0),
                Distribution.of(new double[] {500, 501, 502}, 0));

        Distribution median = Distribution.medianOf(rounds);

        assertEquals(21, median.p50Us());
        assertEquals(502, median.p99Us());
        assertEquals(344, median.meanUs());
        assertEquals(9, median.samples());
        assertEquals(11, median.curveUs(0));
    }

    @Test
    void shouldTakeTheMiddleOfTwoRounds() {
        assertEquals(3, Distribution.median(List.of(2, 4), Integer::doubleValue));
        assertEquals(4, Distribution.median(List.of(9, 4, 1), Integer::doubleValue));
    }

    @Test
    void shouldDrawNoPointThatRestsOnTooFewSamples() {
        int few = Distribution.of(upTo(100), 0).drawnPoints();
        int many = Distribution.of(upTo(100_000), 0).drawnPoints();

        assertEquals(0.95, Distribution.fraction(few - 1), 0.01);
        assertEquals(Distribution.DECADES * Distribution.STEPS_A_DECADE + 1, many);
    }

    @Test
    void shouldRefuseToDescribeNothing() {
        assertThrows(IllegalArgumentException.class, () -> Distribution.of(new double[0], 0));
    }

    private static double[] upTo(int count) {
        return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
    }
}
