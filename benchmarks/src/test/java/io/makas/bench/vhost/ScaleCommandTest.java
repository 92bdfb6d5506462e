// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.bench.traffic.RuleText;
import io.makas.bench.vhost.ScaleCommand.Curve;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScaleCommandTest {

    @TempDir
    private Path folder;

    @Test
    void shouldRefuseACurveThatItDoesNotKnow() {
        StringWriter errors = new StringWriter();
        CommandLine command = new CommandLine(new ScaleCommand()).setErr(new PrintWriter(errors));
        Path json = folder.resolve("scale.json");

        assertEquals(2, command.execute("--curves=hosts", "--json=" + json));

        assertTrue(errors.toString().contains("'hosts'"), errors.toString());
        assertTrue(Files.notExists(json));
    }

    @Test
    void shouldHaveRulesForEachPointOfEachCurve() throws IOException {
        for (String rules : Curve.MASKS.rules(50).values()) {
            assertEquals(1_001, RuleText.of(rules, false, 1).mods().size());
        }
        for (String rules : Curve.RULES.rules(300).values()) {
            assertEquals(301, RuleText.of(rules, false, 1).mods().size());
        }
        assertEquals(2, Curve.FLOWS.rules(1).size());
        assertEquals("port", Curve.PORTS.rules(250).get("in_port → output"));
    }
}
