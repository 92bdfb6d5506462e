// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.agent.docs.Repository;
import io.makas.cni.CniResult;
import io.makas.cni.runtime.CniRuntime;
import io.makas.cni.runtime.Conflist;
import io.makas.cni.runtime.Container;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.TestNamespaces;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with the configuration and the capabilities that the chart gives it, and no others. */
@RequiresRoot
@RequiresCommand(
        value = {"setpriv", "nsenter", "ping", "/usr/lib/cni/host-local"},
        debianPackage = "util-linux, iputils-ping, containernetworking-plugins")
class ChartRightsTest {

    private static final Path LAUNCHER = Repository.root().resolve("cni-plugin/target/makas-cni");
    private static final Path PLUGINS = Path.of("/usr/lib/cni");
    private static final long LIMIT_S = 30;

    @TempDir
    Path folder;

    private final TestNamespaces namespaces = new TestNamespaces();
    private final Chart chart = Chart.with(Map.of());
    private Process agent;

    @BeforeEach
    void start() throws Exception {
        for (String name : List.of("makas.yaml", "flows", "status.json")) {
            Files.writeString(folder.resolve(name), local(chart.file(name)));
        }
        List<String> command = new ArrayList<>(
                List.of("nsenter", "--net=" + namespaces.create().name()));
        command.addAll(List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all" + capabilities()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.makas.agent.Main",
                "--config",
                folder.resolve("makas.yaml").toString()));
        agent = new ProcessBuilder(command)
                .redirectError(folder.resolve("log").toFile())
                .start();
        var stdout = new BufferedReader(new InputStreamReader(agent.getInputStream(), StandardCharsets.UTF_8));
        assertEquals("ready", stdout.readLine(), this::log);
    }

    @AfterEach
    void stop() throws Exception {
        agent.destroyForcibly().waitFor();
        namespaces.close();
    }

    @Test
    void shouldSufficeToWirePodsAndToSayThatItCan() throws Exception {
        assertEquals(
                0,
                run(List.of(
                        LAUNCHER.toString(),
                        "--status",
                        folder.resolve("status.json").toString())),
                this::log);
        CniRuntime runtime = new CniRuntime(conflist(), List.of(LAUNCHER.getParent(), PLUGINS));
        NetNamespace first = namespaces.create();
        NetNamespace second = namespaces.create();

        runtime.add(container("first", first));
        CniResult result = runtime.add(container("second", second));

        String address = result.ips().getFirst().address().toString().split("/")[0];
        List<String> ping = List.of("nsenter", "--net=" + first.name(), "ping", "-c", "2", "-i", "0.2", address);
        assertEquals(0, run(ping), this::log);
        runtime.del(container("first", first));
        runtime.del(container("second", second));
        agent.destroy();
        assertTrue(agent.waitFor(LIMIT_S, TimeUnit.SECONDS));
        assertEquals(0, agent.exitValue(), this::log);
    }

    private String capabilities() {
        StringBuilder text = new StringBuilder();
        for (String name : Chart.texts(Chart.at(chart.agent(), "securityContext", "capabilities", "add"))) {
            text.append(",+").append(name.toLowerCase(Locale.ROOT));
        }
        return text.toString();
    }

    private Conflist conflist() throws Exception {
        JsonObject json =
                JsonParser.parseString(local(chart.file("10-makas.conflist"))).getAsJsonObject();
        json.getAsJsonArray("plugins")
                .get(0)
                .getAsJsonObject()
                .getAsJsonObject("ipam")
                .addProperty("dataDir", folder.resolve("leases").toString());
        return Conflist.parse(json.toString().getBytes(StandardCharsets.UTF_8), "conflist");
    }

    /** With the folder of this test in place of those of a node. */
    private String local(String text) {
        return text.replace("/run/makas", folder.toString()).replace("/etc/makas", folder.toString());
    }

    private int run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().put("CNI_PATH", PLUGINS.toString());
        return builder.start().waitFor();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"))
                    + (Files.exists(folder.resolve("output")) ? Files.readString(folder.resolve("output")) : "");
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static Container container(String name, NetNamespace namespace) {
        return Container.of(name, Path.of(namespace.name()), "eth0");
    }
}
