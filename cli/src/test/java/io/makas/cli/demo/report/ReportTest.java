// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReportTest {

    @Test
    void shouldHaveExactlyTheKeysThatReadersOfTheReportExpect() {
        JsonObject json = json();

        assertEquals(Set.of("machine", "results", "throughput", "checks"), json.keySet());
        for (JsonElement row : json.getAsJsonArray("results")) {
            assertEquals(
                    Set.of(
                            "path",
                            "placement",
                            "protocol",
                            "bytes",
                            "p50_us",
                            "p99_us",
                            "p999_us",
                            "mean_us",
                            "samples"),
                    row.getAsJsonObject().keySet());
        }
        for (JsonElement row : json.getAsJsonArray("throughput")) {
            assertEquals(
                    Set.of("path", "placement", "tcp_gbps", "udp_kpps"),
                    row.getAsJsonObject().keySet());
        }
        for (JsonElement row : json.getAsJsonArray("checks")) {
            assertEquals(Set.of("name", "ok"), row.getAsJsonObject().keySet());
        }
    }

    @Test
    void shouldWriteTheFiguresOfARow() {
        JsonObject row = json().getAsJsonArray("results").get(0).getAsJsonObject();

        assertEquals("bridge", row.get("path").getAsString());
        assertEquals("same-core", row.get("placement").getAsString());
        assertEquals("udp", row.get("protocol").getAsString());
        assertEquals(64, row.get("bytes").getAsInt());
        assertEquals(18, row.get("p50_us").getAsDouble());
        assertTrue(row.get("samples").getAsLong() > 0);
    }

    @Test
    void shouldWriteNullWhereThereIsNoTcp() {
        JsonObject row = json().getAsJsonArray("throughput").get(2).getAsJsonObject();

        assertEquals("vhost-user", row.get("path").getAsString());
        assertTrue(row.get("tcp_gbps").isJsonNull());
        assertEquals(4_321.5, row.get("udp_kpps").getAsDouble());
    }

    @Test
    void shouldSayOfEachPlacementWhichCpusItMeans() {
        JsonObject machine = json().getAsJsonObject("machine");

        assertEquals(1, machine.get("bridge_nf_call_iptables").getAsInt());
        assertEquals(
                "both ends on CPU 0, switch worker on CPU 1",
                machine.getAsJsonObject("placements").get("same-core").getAsString());
        assertEquals(
                Set.of("same-core", "cross-core", "free"),
                machine.getAsJsonObject("placements").keySet());
    }

    @Test
    void shouldPrintEveryRowUnderItsPlacement() {
        String table = Table.of(Samples.report());

        List<String> lines = table.lines().toList();
        int sameCore = lines.indexOf("same-core: both ends on CPU 0, switch worker on CPU 1");
        int crossCore = lines.indexOf("cross-core: ends on CPUs 0 and 1, switch worker on CPU 1");
        assertTrue(sameCore >= 0 && crossCore > sameCore, table);
        assertTrue(lines.subList(sameCore, crossCore).stream().anyMatch(line -> line.contains("vhost-user, udp 64 B")));
        assertTrue(lines.subList(sameCore, crossCore).stream().anyMatch(line -> line.contains("no TCP")));
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80), table);
    }

    @Test
    void shouldSayOfWhichRowsRoundTripsWereLost() {
        List<String> lines = Table.of(Samples.report()).lines().toList();

        assertTrue(lines.contains("afxdp, same-core, udp: 1 more round trips never came back"), lines::toString);
        assertTrue(lines.stream().noneMatch(line -> line.startsWith("bridge") && line.contains("never")));
    }

    @Test
    void shouldRoundToThreeDigits() {
        assertEquals("1.23", Table.short3(1.2345));
        assertEquals("10.0", Table.short3(9.999));
        assertEquals("18.7", Table.short3(18.66));
        assertEquals("100", Table.short3(99.96));
        assertEquals("12,346", Table.short3(12_345.6));
    }

    private static JsonObject json() {
        return JsonParser.parseString(Samples.report().toJson()).getAsJsonObject();
    }
}
