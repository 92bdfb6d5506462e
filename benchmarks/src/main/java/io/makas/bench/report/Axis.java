// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a chart: what is along it, from where to where, and its ticks.
 *
 * @param label what is along it, with its unit
 * @param isLogarithmic whether equal steps are equal factors; then all values are above 0
 * @param from value at its beginning
 * @param to value at its end
 * @param ticks values with a mark and their text
 */
public record Axis(String label, boolean isLogarithmic, double from, double to, List<Tick> ticks) {

    private static final int WANTED_TICKS = 8;
    private static final double TEN = 10;

    /**
     * A mark.
     *
     * @param value where
     * @param text what stands beside it
     */
    public record Tick(double value, String text) {}

    /** Keeps the list immutable. */
    public Axis {
        ticks = List.copyOf(ticks);
    }

    /** From 0 to at least the largest value, in equal steps. */
    public static Axis linear(String label, double largest) {
        double rough = Math.max(largest, 1e-9) / WANTED_TICKS;
        double power = Math.pow(TEN, Math.floor(Math.log10(rough)));
        double step = rough / power <= 1
                ? power
                : rough / power <= 2 ? 2 * power : rough / power <= 5 ? 5 * power : TEN * power;
        List<Tick> ticks = new ArrayList<>();
        double end = 0;
        for (int i = 0; i <= 1 || end < largest; i++) {
            end = i * step;
            ticks.add(new Tick(end, text(end)));
        }
        return new Axis(label, false, 0, end, ticks);
    }

    /** From the smallest to the largest value, in equal factors, with a tick at each power of ten and, if these are few, between. */
    public static Axis logarithmic(String label, double smallest, double largest) {
        double from = Math.max(smallest, 1e-9);
        double to = Math.max(largest, from * 1.01);
        boolean isShort = Math.log10(to / from) < 3;
        List<Tick> ticks = new ArrayList<>();
        int first = (int) Math.floor(Math.log10(from));
        int last = (int) Math.ceil(Math.log10(to));
        for (int power = first; power <= last; power++) {
            for (int digit : isShort ? new int[] {1, 2, 5} : new int[] {1}) {
                double value = digit * Math.pow(TEN, power);
                if (value >= from * 0.999 && value <= to * 1.001) {
                    ticks.add(new Tick(value, text(value)));
                }
            }
        }
        return new Axis(label, true, from, to, ticks);
    }

    /** Where a value lies: 0 at the beginning, 1 at the end. */
    double position(double value) {
        return isLogarithmic
                ? Math.log(Math.max(value, from) / from) / Math.log(to / from)
                : (value - from) / (to - from);
    }

    /** A value as it stands beside a mark: {@code 0.5}, {@code 20}, {@code 10 k}, {@code 1 M}. */
    static String text(double value) {
        if (value >= 1e6) {
            return trimmed(value / 1e6) + " M";
        }
        if (value >= 1e4) {
            return trimmed(value / 1e3) + " k";
        }
        return trimmed(value);
    }

    private static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }
}
