// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * Lines over two axes, as SVG that needs no style sheet and no script.
 *
 * @param title what it shows
 * @param horizontal the horizontal axis
 * @param vertical the vertical axis
 * @param series the lines, eight at most
 */
public record LineChart(String title, Axis horizontal, Axis vertical, List<Series> series) {

    private static final int WIDTH = 820;
    private static final int HEIGHT = 440;
    private static final int LEFT = 72;
    private static final int RIGHT = 190;
    private static final int TOP = 40;
    private static final int BOTTOM = 56;
    private static final int LEGEND_STEP = 22;
    /** Colours that people with any colour vision can tell apart (Okabe and Ito). */
    private static final List<String> COLOURS =
            List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999");

    /** Keeps the list immutable. */
    public LineChart {
        series = List.copyOf(series);
    }

    /** The chart as an {@code svg} element. */
    public String svg() {
        StringBuilder svg = new StringBuilder();
        svg.append(format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " font-family=\"sans-serif\" font-size=\"13\">%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        svg.append(format("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT));
        text(svg, LEFT, TOP - 16, "start", "font-size=\"16\" font-weight=\"bold\"", title);
        axes(svg);
        for (int i = 0; i < series.size(); i++) {
            line(svg, i, series.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void axes(StringBuilder svg) {
        for (Axis.Tick tick : horizontal.ticks()) {
            double x = x(tick.value());
            svg.append(format(
                    "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#ddd\"/>%n",
                    x, TOP, x, HEIGHT - BOTTOM));
            text(svg, x, HEIGHT - BOTTOM + 18, "middle", "", tick.text());
        }
        for (Axis.Tick tick : vertical.ticks()) {
            double y = y(tick.value());
            svg.append(format(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
                    LEFT, y, WIDTH - RIGHT, y));
            text(svg, LEFT - 8, y + 4, "end", "", tick.text());
        }
        svg.append(format(
                "<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"#333\"/>%n",
                LEFT, TOP, HEIGHT - BOTTOM, WIDTH - RIGHT));
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 14, "middle", "", horizontal.label());
        double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
        text(svg, 18, middle, "middle", format("transform=\"rotate(-90 18 %.1f)\"", middle), vertical.label());
    }

    private void line(StringBuilder svg, int index, Series line) {
        String colour = COLOURS.get(index % COLOURS.size());
        StringBuilder path = new StringBuilder();
        for (Series.Point point : line.points()) {
            path.append(format("%s%.1f %.1f", path.isEmpty() ? "M" : " L", x(point.x()), y(point.y())));
        }
        svg.append(format("<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n", path, colour));
        // Dots where somebody measured, unless there are so many that they are the line.
        if (line.points().size() <= 40) {
            for (Series.Point point : line.points()) {
                svg.append(format(
                        "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n",
                        x(point.x()), y(point.y()), colour));
            }
        }
        int y = TOP + 10 + index * LEGEND_STEP;
        svg.append(format(
                "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>%n",
                WIDTH - RIGHT + 14, y, WIDTH - RIGHT + 36, y, colour));
        text(svg, WIDTH - RIGHT + 42, y + 4, "start", "", line.name());
    }

    private double x(double value) {
        return LEFT + horizontal.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - vertical.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String attributes, String text) {
        svg.append(format(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>%s</text>%n",
                x, y, anchor, attributes, HtmlPage.escaped(text)));
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern.replace("%n", "\n"), arguments);
    }
}
