// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class LatencyChartTest {

    private static final int PATHS_DRAWN = 7;

    private final String svg = LatencyChart.svg(Samples.report());

    @Test
    void shouldBeWellFormedXmlWhateverTheMachineIsCalled() throws Exception {
        Document document = parse();

        assertEquals("svg", document.getDocumentElement().getTagName());
        assertTrue(texts(document).stream().anyMatch(text -> text.contains("A & B") && text.contains("6.1.0 <test>")));
    }

    @Test
    void shouldNameEveryLineWithItsPlacement() throws Exception {
        List<String> texts = texts(parse());

        for (String path : List.of("bridge", "afxdp")) {
            for (String placement : List.of("same-core", "cross-core", "free")) {
                assertTrue(texts.contains(path + ", " + placement), path + " " + placement);
            }
        }
        assertTrue(texts.contains("vhost-user, same-core"));
        assertTrue(texts.contains("same-core: both ends on CPU 0, switch worker on CPU 1"));
    }

    @Test
    void shouldDrawEachPathOnceAndOnceInTheLegend() throws Exception {
        assertEquals(2 * PATHS_DRAWN, parse().getElementsByTagName("path").getLength());
    }

    @Test
    void shouldKeepEveryLineInsideThePlot() {
        Matcher point = Pattern.compile("[ML](\\d+\\.\\d) (\\d+\\.\\d)").matcher(svg);

        int points = 0;
        while (point.find()) {
            points++;
            double x = Double.parseDouble(point.group(1));
            double y = Double.parseDouble(point.group(2));
            assertTrue(x >= 84 && x <= 790 && y >= 104 && y <= 520, point.group());
        }
        assertTrue(points > PATHS_DRAWN * 50);
    }

    @Test
    void shouldNeedNothingFromOutside() {
        assertFalse(svg.contains("href"));
        assertFalse(svg.contains("@import"));
    }

    @Test
    void shouldRefuseAReportWithoutRoundTrips() {
        Report full = Samples.report();
        Report empty = new Report(full.machine(), full.cores(), 1, List.of(), List.of(), List.of());

        assertThrows(IllegalArgumentException.class, () -> LatencyChart.svg(empty));
    }

    private Document parse() throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document document) {
        NodeList nodes = document.getElementsByTagName("text");
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
