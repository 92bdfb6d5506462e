// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresRoot;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That the benchmark measures; how fast it is on this machine at this moment is no matter of a test. */
final class VhostCommandTest {

    @TempDir
    private Path directory;

    @Test
    @RequiresRoot
    @RequiresHugepages(freeMib = 768)
    @RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
    void shouldMeasureBothSidesAndWriteWhatItSaw() throws Exception {
        Path json = directory.resolve("vhost.json");

        int exit = new CommandLine(new VhostCommand())
                .execute("--seconds=1", "--warm-up=1", "--rounds=1", "--flows=32", "--json=" + json);

        assertEquals(0, exit);
        JsonObject report = JsonParser.parseString(Files.readString(json)).getAsJsonObject();
        assertTrue(report.get("mpps").getAsDouble() > 0, report.toString());
        assertTrue(report.get("testpmd_mpps").getAsDouble() > 0, report.toString());
        assertTrue(report.get("packets_per_burst").getAsDouble() >= 1, report.toString());
        JsonObject hits = report.getAsJsonObject("cache_hits");
        assertTrue(hits.get("exact").getAsLong() > 0, report.toString());
        assertEquals(1, report.getAsJsonArray("rounds").size());
    }

    @Test
    void shouldRefuseWhatTheGuestCannotSend() {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new VhostCommand()).setErr(new PrintWriter(errors));

        assertEquals(2, command.execute("--flows=7"));

        assertTrue(errors.toString().contains("--flows 7"), errors.toString());
    }

    @Test
    void shouldRefuseAProcessorThatIsNotThere() {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new VhostCommand()).setErr(new PrintWriter(errors));

        assertEquals(2, command.execute("--switch-core=4096"));

        assertTrue(errors.toString().contains("--switch-core 4096"), errors.toString());
    }
}
