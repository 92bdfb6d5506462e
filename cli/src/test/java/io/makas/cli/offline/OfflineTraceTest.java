// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import io.makas.cli.Main;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The contract of {@code makas trace --offline}, letter by letter. */
final class OfflineTraceTest extends OfflineFixture {

    private static final String IP_TTL_64 = TO_BLUE + "0800450000140000000040060000010101010a000001";
    private static final String IP_TTL_63 = TO_BLUE + "080045000014000000003f060100010101010a000001";
    private static final String IP_TTL_1 = TO_BLUE + "0800450000140000000001060000010101010a000001";
    private static final String OTHER = TO_BLUE + "88cc";

    @Test
    void shouldPrintALineOfJsonForEachPacketInOrder() throws IOException {
        Path flows = write(
                "flows.txt",
                "table=0,priority=9,in_port=1,ip,nw_dst=10.0.0.0/8,actions=dec_ttl,goto_table:3",
                "table=0,priority=0,cookie=0xff,actions=controller:16",
                "table=3,actions=output:2,output:4294967040,controller");
        Path packets = write(
                "in.jsonl",
                "{\"in_port\":1,\"packet\":\"" + IP_TTL_64 + "\",\"time_ms\":0}",
                "{\"time_ms\":7,\"packet\":\"" + OTHER.toUpperCase(Locale.ROOT) + "\",\"in_port\":2}",
                "{\"in_port\":1,\"packet\":\"" + IP_TTL_1 + "\"}");

        Result result = run(flows, "1,2,3", packets, "--json");

        assertEquals("", result.err());
        assertEquals(0, result.exitCode());
        assertEquals(
                List.of(
                        "{\"outputs\":[{\"port\":2,\"packet\":\"" + IP_TTL_63
                                + "\"}],\"packet_ins\":[{\"reason\":\"action\","
                                + "\"table\":3,\"cookie\":\"0x0\",\"packet\":\"" + IP_TTL_63 + "\",\"total_len\":34}],"
                                + "\"drop\":null,\"megaflow\":\"ip,in_port=1,nw_dst=10.0.0.0/8,nw_ttl=0x40/0xc0\",\"tables\":[0,3]}",
                        "{\"outputs\":[],\"packet_ins\":[{\"reason\":\"no_match\",\"table\":0,\"cookie\":\"0xff\","
                                + "\"packet\":\"" + OTHER + "\",\"total_len\":14}],\"drop\":null,"
                                + "\"megaflow\":\"in_port=2\",\"tables\":[0]}"),
                result.out().lines().limit(2).toList());
        assertTrue(result.out().lines().toList().getLast().contains("\"drop\":\"ttl-expired\""), result.out());
        assertEquals(3, result.out().lines().count());
    }

    @Test
    void shouldCarryCountersAndTimeoutsFromPacketToPacket() throws IOException {
        Path flows = write("flows.txt", "idle_timeout=2,ip,actions=output:2", "priority=1,actions=drop");
        Path packets =
                write("in.jsonl", packet(1, IP_TTL_64, 0), packet(1, IP_TTL_64, 1_999), packet(1, IP_TTL_64, 3_999));
        Path dump = folder.resolve("dump.txt");

        Result result = run(flows, "1,2", packets, "--json", "--dump-flows", dump.toString());

        assertEquals(0, result.exitCode(), result.err());
        assertEquals(
                List.of(true, true, false),
                result.out().lines().map(line -> line.contains("\"port\":2")).toList());
        assertEquals(
                List.of(" cookie=0x0, duration=3.999s, table=0, n_packets=1, n_bytes=34, priority=1 actions=drop"),
                Files.readAllLines(dump));
    }

    @Test
    void shouldReadPacketsFromStandardInput() throws IOException {
        Path flows = write("flows.txt", "actions=in_port");
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(
                ("\n" + packet(1, OTHER, 0) + "\r\n\r\n" + packet(2, OTHER, 0)).getBytes(StandardCharsets.UTF_8)));
        try {
            Result result = execute(
                    "trace", "--offline", "--flows", flows.toString(), "--ports", "1,2", "--packets", "-", "--json");

            assertEquals(2, result.out().lines().count(), result.err());
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void shouldExplainEachPacketToPeople() throws IOException {
        Path flows = write("flows.txt", "priority=7,in_port=1,ip,actions=dec_ttl,output:2");

        Result result = run(flows, "1,2", write("in.jsonl", packet(1, IP_TTL_64, 5), packet(2, OTHER, 6)));

        assertTrue(result.out().contains("table 0: priority=7,ip,in_port=1"), result.out());
        assertTrue(result.out().contains(IP_TTL_63), result.out());
        assertTrue(result.out().contains("table-miss"), result.out());
    }

    @Test
    void shouldRunEachCaseOnASwitchOfItsOwn() throws IOException {
        Path cases = write(
                "cases.jsonl",
                "{\"ports\":[1,2],\"groups\":[],\"meters\":[],\"flows\":[\"ip,actions=output:2\",\"priority=1,actions=drop\"],"
                        + "\"packets\":[" + packet(1, IP_TTL_64, 0) + "," + packet(1, OTHER, 0) + "]}",
                "{\"packets\":[" + packet(3, OTHER, 0) + "],\"ports\":[3,4],\"flows\":[]}");

        Result result = execute("trace", "--offline", "--cases", cases.toString(), "--json");

        assertEquals("", result.err());
        assertEquals(
                List.of(
                        "{\"results\":[{\"outputs\":[{\"port\":2,\"packet\":\"" + IP_TTL_64
                                + "\"}],\"packet_ins\":[],\"drop\":null,\"megaflow\":\"ip,in_port=1\",\"tables\":[0]},"
                                + "{\"outputs\":[],\"packet_ins\":[],\"drop\":\"flow-drop\","
                                + "\"megaflow\":\"in_port=1,dl_type=0x88cc\",\"tables\":[0]}],"
                                + "\"counters\":[[1,34],[1,14]],\"error\":null}",
                        "{\"results\":[{\"outputs\":[],\"packet_ins\":[],\"drop\":\"table-miss\","
                                + "\"megaflow\":\"in_port=3\",\"tables\":[0]}],\"counters\":[],\"error\":null}"),
                result.out().lines().toList());
    }

    /** A flow that took another one's place goes on with its counters; one that timed out has its last ones. */
    @Test
    void shouldGiveCountersInTheOrderOfTheFlows() throws IOException {
        Path cases = write(
                "cases.jsonl",
                "{\"ports\":[1],\"flows\":[\"priority=1,actions=drop\",\"hard_timeout=1,ip,actions=drop\","
                        + "\"priority=1,actions=drop\"],\"packets\":[" + packet(1, OTHER, 0) + ","
                        + packet(1, IP_TTL_64, 0) + "," + packet(1, OTHER, 1_000) + "]}");

        Result result = execute("trace", "--offline", "--cases", cases.toString(), "--json");

        assertTrue(result.out().contains("\"counters\":[[2,28],[1,34],[2,28]]"), result.out());
    }

    @Test
    void shouldTraceOnePacketOfTheCommandLine() throws IOException {
        String flows = write("flows.txt", "priority=7,in_port=1,ip,actions=dec_ttl,output:2")
                .toString();

        Result byFields = execute(
                "trace", "--offline", "--flows", flows, "--ports", "1,2", "in_port=1,ip,nw_dst=10.0.0.1,nw_ttl=9");
        Result byBytes = execute("trace", "--offline", "--flows", flows, "--ports", "1,2", "--json", "1", IP_TTL_64);

        assertTrue(byFields.out().contains("[nw_ttl 9 → 8]"), byFields.out());
        assertTrue(byBytes.out().contains("\"before\":\"64\",\"after\":\"63\""), byBytes.out());
    }

    @Test
    void shouldTellHowAResultCameAboutWhenAsked() throws IOException {
        Path flows = write("flows.txt", "priority=7,in_port=1,ip,actions=dec_ttl,output:2");
        Path packets = write("in.jsonl", packet(2, IP_TTL_64, 5));

        String plain = run(flows, "1,2", packets, "--json").out();
        String verbose = run(flows, "1,2", packets, "--json", "--verbose").out();

        assertTrue(verbose.startsWith(plain.substring(0, plain.length() - 2) + ",\"traces\":[{\"packet\":"), verbose);
        assertTrue(
                verbose.contains("\"differences\":[{\"field\":\"in_port\",\"wanted\":\"1\",\"actual\":\"2\"}]"),
                verbose);
        JsonParser.parseString(verbose);
    }

    @Test
    void shouldCarryThousandsOfPacketsOverThousandsOfFlows() throws IOException {
        List<String> flows = new ArrayList<>();
        List<String> packets = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            String address = (i >>> 8) + "." + (i & 255);
            flows.add("priority=" + (100 + i % 7) + ",ip,nw_dst=10." + address + ".1,actions=output:" + (2 + i % 3));
            String hex = String.format("0a%02x%02x01", i >>> 8, i & 255);
            packets.add(packet(1, IP_TTL_64.replace("0a000001", hex), i));
            packets.add(packet(1, IP_TTL_64.replace("0a000001", hex), i));
        }

        Result result = run(
                Files.write(folder.resolve("flows.txt"), flows),
                "1,2,3,4",
                Files.write(folder.resolve("in.jsonl"), packets),
                "--json");

        List<String> lines = result.out().lines().toList();
        assertEquals(20_000, lines.size(), result.err());
        for (int i = 0; i < 20_000; i++) {
            String start = "{\"outputs\":[{\"port\":" + (2 + i / 2 % 3) + ",";
            assertTrue(lines.get(i).startsWith(start), lines.get(i));
        }
    }

    @Test
    void shouldRunAsAProcessOfItsOwn() throws Exception {
        Path flows = write("flows.txt", "actions=output:2");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "trace",
                        "--offline",
                        "--flows",
                        flows.toString(),
                        "--ports",
                        "1,2",
                        "--packets",
                        "-",
                        "--json")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var in = process.outputWriter();
                var out = process.inputReader()) {
            // Each packet is answered before the next one comes.
            in.write(packet(1, OTHER, 0) + "\n");
            in.flush();
            assertTrue(out.readLine().startsWith("{\"outputs\":[{\"port\":2,"));
            in.write(packet(2, OTHER, 0) + "\nx\n");
            in.flush();
            assertTrue(out.readLine().contains("\"drop\":\"output-to-input-port\""));
            assertNull(out.readLine());
            assertEquals(2, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldCarryPacketsThroughGroupsAndMeters() throws IOException {
        Path flows = write("flows.txt", "ip,actions=meter:1,group:1");
        Path groups = write("groups.txt", "group_id=1,type=all,bucket=output:2,bucket=set_field:9->nw_ttl,output:3");
        Path meters = write("meters.txt", "meter=1 pktps burst bands=type=drop rate=1 burst_size=2");
        Path packets = write(
                "in.jsonl",
                packet(1, IP_TTL_64, 0),
                packet(1, IP_TTL_64, 0),
                packet(1, IP_TTL_64, 0),
                packet(1, IP_TTL_64, 1_000));
        String[] options = {"--groups", groups.toString(), "--meters", meters.toString(), "--json"};

        List<String> lines = run(flows, "1,2,3", packets, options).out().lines().toList();

        String sent = "{\"outputs\":[{\"port\":2,\"packet\":\"" + IP_TTL_64 + "\"},{\"port\":3,\"packet\":\"" + TO_BLUE
                + "080045000014000000000906";
        assertTrue(lines.get(0).startsWith(sent), lines.get(0));
        assertTrue(lines.get(1).startsWith(sent), lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"outputs\":[],\"packet_ins\":[],\"drop\":\"meter\","), lines.get(2));
        assertTrue(lines.get(3).startsWith(sent), lines.get(3));
    }

    @Test
    void shouldReadBandsFromLinesOfTheirOwn() throws IOException {
        Path meters = write("meters.txt", "meter=1 pktps burst stats bands=", "  type=drop rate=10 brst_size=5");

        Result result = run(
                write("flows.txt", "actions=drop"),
                "1,2",
                write("in.jsonl", packet(1, OTHER, 5)),
                "--json",
                "--meters",
                meters.toString());

        assertTrue(result.err().startsWith("makas: " + meters + ":2:21: "), result.err());
    }
}
