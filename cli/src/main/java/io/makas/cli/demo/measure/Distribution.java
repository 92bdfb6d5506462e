// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long round trips took, as a curve of percentiles. The raw samples are not kept.
 *
 * <p>The curve has {@value #STEPS_A_DECADE} points for each factor of ten between a percentile and 100 %, which is what a
 * plot with equal room for 90, 99, 99.9 and 99.99 % needs. A percentile is the smallest sample that at least so many
 * samples do not exceed (nearest rank).
 */
public final class Distribution {

    /** Points of the curve from one of 0, 90, 99, 99.9 and 99.99 % to the next. */
    public static final int STEPS_A_DECADE = 20;

    /** Decades of the curve; it ends at 99.99 %. */
    public static final int DECADES = 4;

    /** A percentile further out than this needs at least so many samples beyond it to be drawn. */
    private static final int SAMPLES_BEYOND = 5;

    private final long samples;
    private final long lost;
    private final double meanUs;
    private final double p50Us;
    private final double p99Us;
    private final double p999Us;
    private final double[] curveUs;

    private Distribution(long samples, long lost, double meanUs, double[] percentilesUs, double[] curveUs) {
        this.samples = samples;
        this.lost = lost;
        this.meanUs = meanUs;
        this.p50Us = percentilesUs[0];
        this.p99Us = percentilesUs[1];
        this.p999Us = percentilesUs[2];
        this.curveUs = curveUs;
    }

    /**
     * The distribution of these samples.
     *
     * @param samplesUs times in µs, one at least
     * @param lost round trips that never came back and are in no figure
     */
    public static Distribution of(double[] samplesUs, long lost) {
        long[] once = new long[samplesUs.length];
        Arrays.fill(once, 1);
        double[] sorted = samplesUs.clone();
        Arrays.sort(sorted);
        return ofCounted(sorted, once, lost);
    }

    /**
     * The distribution of values that occurred so many times each.
     *
     * @param valuesUs values in µs, ascending
     * @param counts how often each occurred
     * @param lost round trips that never came back and are in no figure
     */
    public static Distribution ofCounted(double[] valuesUs, long[] counts, long lost) {
        long samples = Arrays.stream(counts).sum();
        if (samples == 0) {
            throw new IllegalArgumentException("a distribution needs at least one sample");
        }
        double sumUs = 0;
        for (int i = 0; i < valuesUs.length; i++) {
            sumUs += valuesUs[i] * counts[i];
        }
        double[] wanted = new double[STEPS_A_DECADE * DECADES + 1];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = fraction(i);
        }
        return new Distribution(
                samples,
                lost,
                sumUs / samples,
                percentiles(valuesUs, counts, samples, 0.5, 0.99, 0.999),
                percentiles(valuesUs, counts, samples, wanted));
    }

    /** The median of several rounds, for each figure and each point of the curve; samples and losses are added up. */
    public static Distribution medianOf(List<Distribution> rounds) {
        double[] curve = new double[STEPS_A_DECADE * DECADES + 1];
        for (int i = 0; i < curve.length; i++) {
            int point = i;
            curve[i] = median(rounds, round -> round.curveUs[point]);
        }
        return new Distribution(
                rounds.stream().mapToLong(Distribution::samples).sum(),
                rounds.stream().mapToLong(Distribution::lost).sum(),
                median(rounds, Distribution::meanUs),
                new double[] {
                    median(rounds, Distribution::p50Us),
                    median(rounds, Distribution::p99Us),
                    median(rounds, Distribution::p999Us)
                },
                curve);
    }

    /** The median of a figure over several rounds; the mean of the middle two where their number is even. */
    public static <T> double median(List<T> rounds, ToDoubleFunction<T> figure) {
        double[] values = rounds.stream().mapToDouble(figure).sorted().toArray();
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** The fraction of samples that point {@code i} of the curve stands for: 0 for the first, 0.9999 for the last. */
    public static double fraction(int i) {
        return 1 - Math.pow(10, -(double) i / STEPS_A_DECADE);
    }

    /** Number of samples. */
    public long samples() {
        return samples;
    }

    /** Round trips that never came back; no figure knows of them. */
    public long lost() {
        return lost;
    }

    /** Arithmetic mean in µs. */
    public double meanUs() {
        return meanUs;
    }

    /** Median in µs. */
    public double p50Us() {
        return p50Us;
    }

    /** 99th percentile in µs. */
    public double p99Us() {
        return p99Us;
    }

    /** 99.9th percentile in µs. */
    public double p999Us() {
        return p999Us;
    }

    /** Number of points of the curve that rest on enough samples to be drawn. */
    public int drawnPoints() {
        int points = 1;
        while (points < curveUs.length && (1 - fraction(points)) * samples >= SAMPLES_BEYOND) {
            points++;
        }
        return points;
    }

    /** Value of point {@code i} of the curve, in µs. */
    public double curveUs(int i) {
        return curveUs[i];
    }

    private static double[] percentiles(double[] values, long[] counts, long samples, double... fractions) {
        double[] result = new double[fractions.length];
        int at = 0;
        long seen = counts[0];
        for (int i = 0; i < fractions.length; i++) {
            // The small part taken off keeps 0.99 × 100 from becoming rank 100.
            long rank = Math.max(1, (long) Math.ceil(fractions[i] * samples - 1e-9 * samples));
            while (seen < rank) {
                seen += counts[++at];
            }
            result[i] = values[at];
        }
        return result;
    }
}
