// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.config.SwitchConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The systemd unit: what a typing error would only show on somebody's machine. */
class ServiceUnitTest {

    private final List<String> unit =
            Repository.read("deploy/systemd/makas.service").lines().toList();

    @Test
    void shouldKeepTheCapabilitiesThatTheChartAsksForAndOneMore() {
        Set<String> chart = new TreeSet<>();
        Repository.read("helm/makas/templates/daemonset.yaml")
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("- [A-Z_]+"))
                .forEach(line -> chart.add("CAP_" + line.substring(2)));
        // The chart cannot give the control socket to a group of the node.
        chart.add("CAP_CHOWN");

        assertEquals(chart, new TreeSet<>(List.of(value("CapabilityBoundingSet").split(" "))));
    }

    @Test
    void shouldWaitForTheSocketThatTheSwitchMakesByDefault() {
        assertTrue(value("ExecStartPost").contains("[ -S " + SwitchConfig.DEFAULT_SOCKET + " ]"));
        assertEquals(SwitchConfig.DEFAULT_SOCKET.getParent().toString(), "/run/" + value("RuntimeDirectory"));
    }

    @Test
    void shouldFindJavaInTheEnvironmentOfAService() throws Exception {
        String script =
                "set -euo pipefail; source scripts/common.sh; source scripts/jdk.sh; find_java; echo $MAKAS_JAVA";
        var builder = new ProcessBuilder("/bin/bash", "-c", script)
                .directory(Repository.root().toFile())
                .redirectErrorStream(true);
        builder.environment().clear();
        // systemd sets no HOME for a unit without User=.
        builder.environment().put("MAKAS_HOME", Repository.root().toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

        Process process = builder.start();

        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertEquals(System.getProperty("java.home") + "/bin/java", printed.strip());
    }

    private String value(String key) {
        List<String> found =
                unit.stream().filter(line -> line.startsWith(key + "=")).toList();
        assertEquals(1, found.size(), key);
        return found.getFirst().substring(key.length() + 1);
    }
}
