// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import java.util.Collection;

/** Figures of several rounds. */
final class Statistics {

    private Statistics() {}

    /** The middle value; the mean of the two middle ones of an even number; NaN of none. */
    static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** How far the values lie apart: largest less smallest, as a share of the median. */
    static double spread(Collection<Double> values) {
        double largest = values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
        double smallest = values.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
        return (largest - smallest) / median(values);
    }

    /** With three digits behind the point; JSON knows no NaN. */
    static double rounded(double value) {
        return Double.isFinite(value) ? Math.round(value * 1_000) / 1_000.0 : 0;
    }
}
