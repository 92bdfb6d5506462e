// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That the benchmark measures; how fast anything is on this machine at this moment is no matter of a test. */
final class VhostCommandTest {

    @TempDir
    private Path directory;

    @Test
    @RequiresRoot
    @RequiresHugepages(freeMib = 900)
    @RequiresCommand(
            value = {"dpdk-testpmd", "/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk"},
            debianPackage = "dpdk-dev openvswitch-switch-dpdk")
    void shouldMeasureAllSwitchesByTheSameRules() throws Exception {
        JsonObject report = measure("--rules=router:200", "--flows=100", "--peers=ovs,testpmd");

        JsonObject round = report.getAsJsonArray("rounds").get(0).getAsJsonObject();
        assertTrue(round.get("mpps").getAsDouble() > 0, report.toString());
        assertTrue(round.get("checked").getAsLong() > 0, report.toString());
        assertTrue(round.getAsJsonObject("cache_hits").get("exact").getAsLong() > 0, report.toString());
        assertTrue(round.getAsJsonObject("ovs").get("mpps").getAsDouble() > 0, report.toString());
        assertTrue(round.getAsJsonObject("ovs").get("cycles_per_packet").getAsDouble() > 0, report.toString());
        assertTrue(round.getAsJsonObject("testpmd").get("mpps").getAsDouble() > 0, report.toString());
        assertTrue(report.get("median_ratio").getAsDouble() > 0, report.toString());
        assertTrue(report.get("generator_alone_mpps").getAsDouble() > 0, report.toString());
    }

    @Test
    @RequiresRoot
    @RequiresHugepages(freeMib = 320)
    void shouldSendTheFlowsOfATraceThroughASwitchThatLearns() throws Exception {
        Path trace = Files.write(directory.resolve("trace"), new byte[] {
            10, 0, 0, 1, 10, 0, 0, 2, 0, 1, 0, 2, 17, 0, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0, 1, 0, 80, 6, 0, 0, 0
        });

        JsonObject report = measure("--rules=normal", "--trace-flows=" + trace, "--order=zipf", "--frame=200");

        assertEquals(2, report.get("flows").getAsInt());
        assertTrue(report.get("median_mpps").getAsDouble() > 0, report.toString());
    }

    @Test
    @RequiresRoot
    @RequiresHugepages(freeMib = 320)
    void shouldMeasureRoundTripsAndDrawThem() throws Exception {
        JsonObject report = measure("--mode=latency", "--rules=port", "--flows=10");

        JsonObject round = report.getAsJsonArray("rounds").get(0).getAsJsonObject();
        assertTrue(round.get("samples").getAsLong() > 0, report.toString());
        assertTrue(round.get("p50_us").getAsDouble() > 0, report.toString());
        assertTrue(round.get("p99_us").getAsDouble() >= round.get("p50_us").getAsDouble(), report.toString());
        assertTrue(round.get("p999_us").getAsDouble() >= round.get("p99_us").getAsDouble(), report.toString());
        assertTrue(round.getAsJsonObject("pauses").has("collections"), report.toString());
        assertTrue(Files.readString(directory.resolve("vhost.html")).contains("<svg"));
        assertTrue(Files.exists(directory.resolve("vhost.html.pauses.log")));
    }

    @Test
    @RequiresRoot
    @RequiresHugepages(freeMib = 320)
    void shouldTellWhatRestCostsForEachPolicy() throws Exception {
        JsonObject report = measure("--mode=idle", "--rules=port", "--flows=1", "--ports=4");

        Set<String> policies = new HashSet<>();
        for (JsonElement reading : report.getAsJsonArray("idle")) {
            policies.add(reading.getAsJsonObject().get("policy").getAsString());
            assertTrue(reading.getAsJsonObject().get("samples").getAsLong() > 0, reading.toString());
            assertTrue(reading.getAsJsonObject().get("p50_us").getAsDouble() > 0, reading.toString());
        }
        assertEquals(Set.of("latency", "balanced", "power"), policies);
        assertTrue(Files.readString(directory.resolve("vhost.html")).contains("<svg"));
    }

    @Test
    void shouldRefuseWhatIsOutOfRangeWithItsName() {
        for (String option : List.of(
                "--flows=0",
                "--switch-core=4096",
                "--frame=59",
                "--order=random",
                "--peers=vpp",
                "--mode=both",
                "--idle=never",
                "--vhost=kernel",
                "--ring=100",
                "--rounds=0",
                "--ports=1",
                "--rules=/nowhere/rules")) {
            StringWriter errors = new StringWriter();
            CommandLine command = new CommandLine(new VhostCommand()).setErr(new PrintWriter(errors));

            assertEquals(2, command.execute(option), option);

            String value = option.substring(option.indexOf('=') + 1);
            assertTrue(errors.toString().contains(value), errors.toString());
        }
    }

    private JsonObject measure(String... options) throws Exception {
        Path json = directory.resolve("vhost.json");
        CommandLine command = new CommandLine(new VhostCommand());
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.addAll(List.of("--seconds=1", "--warm-up=0", "--rounds=1", "--json=" + json));

        assertEquals(0, command.execute(arguments.toArray(String[]::new)));

        return JsonParser.parseString(Files.readString(json)).getAsJsonObject();
    }
}
