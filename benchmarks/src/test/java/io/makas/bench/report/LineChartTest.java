// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class LineChartTest {

    @Test
    void shouldBeWellFormedWithADotForEachMeasurement() throws Exception {
        LineChart chart = new LineChart(
                "a < b & c",
                Axis.logarithmic("flows", 1, 1_000_000),
                Axis.linear("Mpps", 13.2),
                List.of(
                        new Series("makas", List.of(new Series.Point(1, 13.2), new Series.Point(1_000_000, 5.9))),
                        new Series("ovs", List.of(new Series.Point(1, 8.8)))));

        Document svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(chart.svg())));

        assertEquals(3, svg.getElementsByTagName("circle").getLength());
        assertFalse(chart.svg().contains("NaN"));
    }

    @Test
    void shouldHaveTicksThatPeopleLike() {
        assertEquals(
                List.of("0", "2", "4", "6", "8", "10", "12", "14"),
                Axis.linear("", 13.2).ticks().stream().map(Axis.Tick::text).toList());
        assertEquals(
                List.of("1", "10", "100", "1000", "10 k", "100 k", "1 M"),
                Axis.logarithmic("", 1, 1_000_000).ticks().stream()
                        .map(Axis.Tick::text)
                        .toList());
        assertEquals(
                List.of("1", "2", "5", "10", "20"),
                Axis.logarithmic("", 0.9, 30).ticks().stream()
                        .map(Axis.Tick::text)
                        .toList());
    }

    @Test
    void shouldDrawOneValueAndNone() {
        for (Axis axis : List.of(Axis.linear("", 0), Axis.logarithmic("", 5, 5), Axis.logarithmic("", 0, 0))) {
            assertTrue(Double.isFinite(axis.position(5)), axis.toString());
            assertTrue(Double.isFinite(axis.position(0)), axis.toString());
        }
    }
}
