// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.marcnuri.helm.Helm;
import io.makas.agent.config.ConfigFile;
import io.makas.agent.config.SwitchConfig;
import io.makas.agent.docs.Repository;
import io.makas.cni.CniCommand;
import io.makas.cni.CniError;
import io.makas.cni.NetworkConfig;
import io.makas.cni.runtime.Conflist;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {

    private static final Map<String, Object> DPDK = Map.of("config.dpdk.mode", "auto");

    @TempDir
    Path folder;

    /** Each way to render it that takes another branch of a template. */
    static Stream<Map<String, Object>> variants() {
        return Stream.of(
                Map.of(),
                DPDK,
                Map.of("config.dpdk.mode", "required", "hugepages.pageSize", "1Gi", "config.dpdk.memory-mb", 1024),
                Map.of("cni.enabled", false),
                Map.of("flows", ""),
                Map.of("probes.liveness.enabled", true),
                Map.of("serviceAccount.create", false),
                Map.of("serviceAccount.name", "switch", "serviceAccount.annotations.a", "b"),
                Map.of("podAnnotations.a", "b", "podLabels.c", "d", "imagePullSecrets[0].name", "e"),
                Map.of("javaOptions[0]", "-Xmx256m", "resources.limits.memory", "1Gi"),
                Map.of("config.workers.cores[0]", 3, "config.workers.idle", "latency"));
    }

    @Test
    void shouldLintWithoutAWarning() {
        var result = new Helm(Chart.FOLDER).lint().strict().call();

        assertFalse(result.isFailed(), () -> String.join("\n", result.getMessages()));
        assertTrue(
                result.getMessages().stream().noneMatch(each -> each.contains("[WARNING]") || each.contains("[ERROR]")),
                () -> String.join("\n", result.getMessages()));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldRenderObjectsOfTheKubernetesApi(Map<String, Object> values) {
        Chart chart = Chart.with(values);

        Set<String> names = new HashSet<>();
        for (JsonObject object : chart.objects()) {
            KubernetesModel.check(object);
            String kind = object.get("kind").getAsString();
            String name = Chart.at(object, "metadata", "name").getAsString();
            assertTrue(names.add(kind + "/" + name), kind + "/" + name + " is there twice");
            assertEquals(
                    "kube-system", Chart.at(object, "metadata", "namespace").getAsString());
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldSelectItsOwnPodsAndMountVolumesThatExist(Map<String, Object> values) {
        Chart chart = Chart.with(values);

        JsonObject set = chart.only("DaemonSet");
        var labels = Chart.at(set, "spec", "template", "metadata", "labels").getAsJsonObject();
        Chart.at(set, "spec", "selector", "matchLabels")
                .getAsJsonObject()
                .asMap()
                .forEach((key, value) -> assertEquals(value, labels.get(key)));
        Set<String> volumes = new HashSet<>();
        chart.pod().getAsJsonArray("volumes").forEach(each -> volumes.add(name(each)));
        Set<String> mounted = new HashSet<>();
        for (JsonElement container : containers(chart)) {
            Set<String> paths = new HashSet<>();
            for (JsonElement mount : container.getAsJsonObject().getAsJsonArray("volumeMounts")) {
                mounted.add(name(mount));
                assertTrue(paths.add(Chart.at(mount, "mountPath").getAsString()), "two mounts at one path: " + mount);
            }
        }
        assertEquals(volumes, mounted);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void shouldConfigureTheAgentInItsOwnWords(Map<String, Object> values) throws IOException {
        Chart chart = Chart.with(values);

        SwitchConfig config = agentConfig(chart);

        boolean wired = !Boolean.FALSE.equals(values.get("cni.enabled"));
        assertEquals(Path.of("/run/makas/makas.sock"), config.grpc().socket());
        assertEquals(wired ? Optional.of(Path.of("/run/makas/cni.sock")) : Optional.empty(), config.cniSocket());
        assertEquals("".equals(values.get("flows")), config.flowFile().isEmpty());
        assertEquals(SwitchConfig.defaults().limits(), config.limits());
    }

    @Test
    void shouldPassOnWhatTheUserConfigures() throws IOException {
        Chart chart = Chart.with(Map.of(
                "config.workers.cores[0]",
                3,
                "config.dpdk.mode",
                "required",
                "config.ports[0].name",
                "uplink",
                "config.ports[0].type",
                "dpdk",
                "config.ports[0].devargs",
                "0000:00:04.0",
                "config.limits.megaflows",
                1000000));

        SwitchConfig config = agentConfig(chart);

        assertEquals(List.of(3), config.workers().cores());
        assertEquals(SwitchConfig.DpdkMode.REQUIRED, config.dpdk().mode());
        assertEquals("uplink", config.ports().getFirst().config().name());
        assertEquals(1_000_000, config.limits().megaflows());
    }

    @Test
    void shouldStartWithFlowsThatTheSwitchUnderstands() throws FlowTextException {
        assertEquals(1, FlowText.parseFile(Chart.with(Map.of()).file("flows")).size());
    }

    @Test
    void shouldNameEverySocketAndFolderTheSameEverywhere() {
        Chart chart = Chart.with(Map.of("cni.binDir", "/usr/lib/cni", "cni.confDir", "/etc/net.d"));

        JsonObject plugin = plugin(chart.file("10-makas.conflist"));
        String socket = plugin.get("agentSocket").getAsString();
        assertEquals("/run/makas/cni.sock", socket);
        assertEquals(
                "/run/makas",
                Chart.at(Chart.named(volumes(chart), "run"), "hostPath", "path").getAsString());
        assertEquals("/run/makas", mountPath(chart, "run"));
        // The runtime names the node's folders in its requests: in the container they must be where they are on the
        // node.
        assertEquals(
                "/usr/lib/cni",
                Chart.at(Chart.named(volumes(chart), "cni-bin"), "hostPath", "path")
                        .getAsString());
        assertEquals("/usr/lib/cni", mountPath(chart, "cni-bin"));
        assertEquals("/var/run/netns", mountPath(chart, "netns"));
        assertEquals("/var/lib/cni", mountPath(chart, "cni-state"));
        assertEquals(
                "/etc/net.d",
                Chart.at(Chart.named(volumes(chart), "cni-conf"), "hostPath", "path")
                        .getAsString());
    }

    @Test
    void shouldTellTheRuntimeOfTheNetworkOnlyWhenThePluginCanServe() {
        Chart chart = Chart.with(Map.of());

        List<String> command = Chart.texts(Chart.at(chart.agent(), "lifecycle", "postStart", "exec", "command"));
        List<String> probe = Chart.texts(Chart.at(chart.agent(), "readinessProbe", "exec", "command"));
        assertEquals(
                List.of("conflist", "/etc/makas/10-makas.conflist", mountPath(chart, "cni-conf")),
                command.subList(3, 6));
        assertEquals(probe, command.subList(6, command.size()));
        // Nothing else may write there: not the container that runs before the agent.
        JsonObject install = Chart.named(chart.pod().getAsJsonArray("initContainers"), "install-plugins");
        assertTrue(install.getAsJsonArray("volumeMounts").asList().stream()
                .noneMatch(each -> name(each).equals("cni-conf")));
    }

    @Test
    void shouldInstallTheConflistThatIsShownAsAnExample() {
        Chart chart = Chart.with(Map.of());

        assertEquals(
                JsonParser.parseString(Repository.read("deploy/cni/10-makas.conflist")),
                JsonParser.parseString(chart.file("10-makas.conflist")));
    }

    @Test
    void shouldProbeWithTheConfigurationThatTheRuntimeWouldSend() throws CniError {
        Chart chart = Chart.with(Map.of("cni.mtu", 9000, "cni.ipam.type", "static"));

        byte[] status = chart.file("status.json").getBytes(StandardCharsets.UTF_8);
        byte[] conflist = chart.file("10-makas.conflist").getBytes(StandardCharsets.UTF_8);

        NetworkConfig asked = NetworkConfig.parse(status, CniCommand.STATUS);
        assertEquals(Conflist.parse(conflist, "conflist").name(), asked.name());
        assertEquals(9_000, asked.mtuBytes());
        assertEquals("static", asked.ipamType());
        JsonObject plugin = plugin(chart.file("10-makas.conflist"));
        plugin.addProperty("name", asked.name());
        plugin.addProperty("cniVersion", "1.1.0");
        assertEquals(plugin, asked.json());
    }

    @Test
    void shouldBePrivilegedInNothingButTheCapabilitiesListed() {
        Chart chart = Chart.with(Map.of());

        assertFalse(chart.text().contains("privileged: true"));
        assertFalse(chart.pod().has("hostPID"));
        assertEquals(
                Set.of("NET_ADMIN", "NET_RAW", "BPF", "SYS_ADMIN", "IPC_LOCK"),
                Set.copyOf(Chart.texts(Chart.at(chart.agent(), "securityContext", "capabilities", "add"))));
        for (JsonElement container : containers(chart)) {
            assertEquals(List.of("ALL"), Chart.texts(Chart.at(container, "securityContext", "capabilities", "drop")));
            assertTrue(Chart.at(container, "securityContext", "readOnlyRootFilesystem")
                    .getAsBoolean());
        }
        assertTrue(chart.objects().stream()
                .noneMatch(each -> each.get("kind").getAsString().contains("Role")));
    }

    @Test
    void shouldAskForHugepagesOnlyForDpdk() {
        Chart without = Chart.with(Map.of());
        Chart with = Chart.with(DPDK);
        Chart withOrdinaryMemory = Chart.with(Map.of("config.dpdk.mode", "auto", "config.dpdk.hugepages", false));

        assertFalse(without.text().contains("hugepages-"));
        assertFalse(withOrdinaryMemory.text().contains("hugepages-"));
        assertEquals(
                "256Mi",
                Chart.at(with.agent(), "resources", "limits", "hugepages-2Mi").getAsString());
        assertTrue(Chart.texts(Chart.at(with.agent(), "securityContext", "capabilities", "add"))
                .contains("SYS_NICE"));
    }

    @Test
    void shouldRestartTheAgentWhenItsConfigurationChanges() {
        String before = configurationHash(Chart.with(Map.of()));
        String after = configurationHash(Chart.with(Map.of("config.log.level", "debug")));

        assertFalse(before.equals(after));
    }

    private SwitchConfig agentConfig(Chart chart) throws IOException {
        Path file = folder.resolve("makas.yaml");
        Files.writeString(file, chart.file("makas.yaml"));
        return ConfigFile.read(file);
    }

    private static String configurationHash(Chart chart) {
        return Chart.at(
                        chart.only("DaemonSet"),
                        "spec",
                        "template",
                        "metadata",
                        "annotations",
                        "makas.io/configuration")
                .getAsString();
    }

    private static JsonObject plugin(String conflist) {
        return JsonParser.parseString(conflist)
                .getAsJsonObject()
                .getAsJsonArray("plugins")
                .get(0)
                .getAsJsonObject();
    }

    private static JsonArray volumes(Chart chart) {
        return chart.pod().getAsJsonArray("volumes");
    }

    private static String mountPath(Chart chart, String volume) {
        return Chart.at(Chart.named(chart.agent().getAsJsonArray("volumeMounts"), volume), "mountPath")
                .getAsString();
    }

    private static JsonArray containers(Chart chart) {
        JsonArray all = chart.pod().getAsJsonArray("containers").deepCopy();
        if (chart.pod().has("initContainers")) {
            all.addAll(chart.pod().getAsJsonArray("initContainers"));
        }
        return all;
    }

    private static String name(JsonElement json) {
        return json.getAsJsonObject().get("name").getAsString();
    }
}
