// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole demonstration as a user runs it, but for the launcher, which would wait for the build that runs this test. */
@RequiresRoot
@RequiresHugepages(freeMib = 320)
@RequiresCommand(value = "sockperf", debianPackage = "sockperf")
class DemoTest {

    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final int PATIENCE_SECONDS = 170;

    @TempDir
    private Path output;

    private Process demo;

    @AfterEach
    void endDemo() throws InterruptedException {
        if (demo != null) {
            demo.destroy();
            demo.waitFor();
        }
    }

    @Test
    void shouldProveMeasureAndLeaveNothingBehind() throws Exception {
        Path copy = output.resolve("copy/report.json");

        start("--quick", "--json", copy.toString());
        int status = await();

        assertEquals(0, status, this::printed);
        assertEquals(List.of(), leftovers());
        JsonObject report = JsonParser.parseString(Files.readString(copy)).getAsJsonObject();
        assertEquals(Files.readString(copy), Files.readString(output.resolve("report.json")));
        assertTrue(Files.readString(output.resolve("latency.svg")).startsWith("<svg"));
        assertChecks(report);
        assertRows(report);
    }

    @Test
    void shouldLeaveNothingBehindWhenStoppedInTheMiddle() throws Exception {
        start("--quick");
        awaitPrinted("Measuring");

        demo.destroy();
        int status = await();

        assertEquals(128 + 15, status, this::printed);
        assertEquals(List.of(), leftovers());
        assertFalse(Files.exists(output.resolve("report.json")));
    }

    private static void assertChecks(JsonObject report) {
        Set<String> names = new TreeSet<>();
        for (JsonElement check : report.getAsJsonArray("checks")) {
            names.add(check.getAsJsonObject().get("name").getAsString());
            assertTrue(check.getAsJsonObject().get("ok").getAsBoolean(), check::toString);
        }
        assertTrue(
                names.containsAll(List.of(
                        "ping",
                        "arp",
                        "udp",
                        "tcp",
                        "drop-flow-stops-udp",
                        "drop-flow-spares-tcp",
                        "drop-flow-counts",
                        "udp-restored")),
                names::toString);
    }

    private static void assertRows(JsonObject report) {
        int placements =
                report.getAsJsonObject("machine").getAsJsonObject("placements").size();
        Set<String> rows = new TreeSet<>();
        for (JsonElement element : report.getAsJsonArray("results")) {
            JsonObject row = element.getAsJsonObject();
            rows.add(row.get("path").getAsString() + " " + row.get("placement").getAsString() + " "
                    + row.get("protocol").getAsString());
            double p50 = row.get("p50_us").getAsDouble();
            double p99 = row.get("p99_us").getAsDouble();
            double p999 = row.get("p999_us").getAsDouble();
            assertTrue(0 < p50 && p50 <= p99 && p99 <= p999, row::toString);
            assertTrue(
                    row.get("mean_us").getAsDouble() > 0 && row.get("samples").getAsLong() > 0, row::toString);
        }
        assertEquals(2 * 2 * placements + 2, rows.size(), rows::toString);
        assertTrue(rows.contains("vhost-user same-core udp"), rows::toString);
        for (JsonElement element : report.getAsJsonArray("throughput")) {
            JsonObject row = element.getAsJsonObject();
            boolean kernelSockets = !row.get("path").getAsString().equals("vhost-user");
            assertEquals(kernelSockets, !row.get("tcp_gbps").isJsonNull(), row::toString);
            assertTrue(row.get("udp_kpps").getAsDouble() > 0, row::toString);
        }
        assertEquals(2 * placements + 2, report.getAsJsonArray("throughput").size());
    }

    private void start(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                String.join(File.pathSeparator, libraries()),
                "io.makas.cli.Main",
                "demo",
                "--output",
                output.toString()));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.resolve("printed").toFile());
        builder.environment().put("MAKAS_HOME", HOME.toString());
        demo = builder.start();
    }

    private static List<String> libraries() throws IOException {
        try (Stream<Path> jars = Files.list(HOME.resolve("target/dist/lib"))) {
            return jars.map(Path::toString).sorted().toList();
        }
    }

    private int await() throws InterruptedException {
        assertTrue(demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), this::printed);
        return demo.exitValue();
    }

    private void awaitPrinted(String words) throws InterruptedException {
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!printed().contains(words)) {
            assertTrue(demo.isAlive() && System.nanoTime() < endNs, this::printed);
            Thread.sleep(20);
        }
    }

    private String printed() {
        try {
            return Files.readString(output.resolve("printed"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** What there is of this demonstration: all its names and directories bear its process id. */
    private List<String> leftovers() throws IOException {
        String id = Long.toString(demo.pid());
        List<String> found = new ArrayList<>();
        found.addAll(names(Path.of("/run/netns"), "mkdemo-" + id + "-.*"));
        found.addAll(names(Path.of("/sys/class/net"), "mkd" + id));
        found.addAll(names(Path.of("/run/makas-demo"), id));
        found.addAll(ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(command ->
                        command.contains("/makas-demo/" + id + "/") || command.contains("mkdemo-" + id + "-"))
                .collect(Collectors.toList()));
        return found;
    }

    private static List<String> names(Path folder, String pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .filter(name -> name.matches(pattern))
                    .toList();
        }
    }
}
