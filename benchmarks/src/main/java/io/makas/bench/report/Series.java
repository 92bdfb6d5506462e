// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.report;

import java.util.List;

/**
 * A line of a chart.
 *
 * @param name what it is, for the legend
 * @param points from left to right
 */
public record Series(String name, List<Point> points) {

    /**
     * A point of it.
     *
     * @param x value along the horizontal axis
     * @param y value along the vertical axis
     */
    public record Point(double x, double y) {}

    /** Keeps the list immutable. */
    public Series {
        points = List.copyOf(points);
    }
}
