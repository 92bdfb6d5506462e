// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.agent.config.ConfigFile;
import io.makas.agent.docs.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ChartValuesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nonsense: 1                                                   | nonsense
            cni: {mtu: big}                                               | /cni/mtu
            cni: {mtu: 20000}                                             | /cni/mtu
            cni: {binDir: opt/cni/bin}                                    | /cni/binDir
            cni: {confName: makas.conf}                                   | /cni/confName
            cni: {ipam: {type: ../sh}}                                    | /cni/ipam/type
            image: {pullPolicy: Sometimes}                                | /image/pullPolicy
            image: {name: x}                                              | name
            config: {workers: {idle: off}}                                | /config/workers/idle
            config: {workers: {cores: [0, 0]}}                            | /config/workers/cores
            config: {dpdk: {mode: off}}                                   | /config/dpdk/mode
            config: {grpc: {socket: /tmp/a}}                              | grpc
            config: {ports: [{name: a, type: afxdp}]}                     | /config/ports/0
            config: {ports: [{name: a, type: tap, interface: b}]}         | /config/ports/0
            config: {ports: [{name: a b, type: afxdp, interface: b}]}     | /config/ports/0
            config: {ports: [{name: a, type: vhost-user, socket: /tmp/a}]}| /config/ports/0
            config: {limits: {megaflows: 0}}                              | /config/limits/megaflows
            hugepages: {pageSize: 4Ki}                                    | /hugepages/pageSize
            javaOptions: [Xmx1g]                                          | /javaOptions/0
            resources: {cpu: 1}                                           | cpu
            tolerations: {operator: Exists}                               | /tolerations
            """)
    void shouldRefuseWrongValuesByName(String values, String expected) throws IOException {
        Path file = Files.writeString(folder.resolve("values.yaml"), values);

        var refused = assertThrows(IllegalStateException.class, () -> Chart.with(file));

        String message = refused.getMessage().replace('.', '/');
        assertTrue(message.contains(expected), refused.getMessage());
    }

    /** A key that the agent learns must be allowed here as well, else nobody can set it with the chart. */
    @Test
    void shouldKnowEveryKeyOfTheAgentsConfiguration() {
        JsonObject agent = yaml(ConfigFile.documentation());
        // Decided by the chart.
        Set.of("grpc", "cni", "flow-file").forEach(agent::remove);
        JsonObject schema = JsonParser.parseString(Repository.read("helm/makas/values.schema.json"))
                .getAsJsonObject();

        JsonObject allowed =
                Chart.at(schema, "properties", "config", "properties").getAsJsonObject();

        assertEquals(keys(agent, ""), keysOfSchema(allowed, ""));
    }

    /** The chart's defaults are the agent's, but where it says why not. */
    @Test
    void shouldLeaveTheAgentsDefaultsAlone() {
        JsonObject agent = yaml(ConfigFile.documentation());
        Set.of("grpc", "cni", "flow-file").forEach(agent::remove);
        agent.getAsJsonObject("dpdk").addProperty("mode", "off");
        agent.getAsJsonObject("log").addProperty("format", "json");

        JsonObject values = yaml(Repository.read("helm/makas/values.yaml")).getAsJsonObject("config");

        assertEquals(agent, values);
    }

    /** Helm checks values against the schema only where there are any. */
    @Test
    void shouldDescribeEveryValueInTheSchema() {
        JsonObject schema = JsonParser.parseString(Repository.read("helm/makas/values.schema.json"))
                .getAsJsonObject();

        Set<String> described =
                new TreeSet<>(Chart.at(schema, "properties").getAsJsonObject().keySet());
        described.remove("global");

        assertEquals(
                described,
                new TreeSet<>(yaml(Repository.read("helm/makas/values.yaml")).keySet()));
    }

    private static Set<String> keys(JsonObject object, String prefix) {
        Set<String> keys = new TreeSet<>();
        for (Map.Entry<String, JsonElement> each : object.entrySet()) {
            keys.add(prefix + each.getKey());
            if (each.getValue() instanceof JsonObject inner) {
                keys.addAll(keys(inner, prefix + each.getKey() + "."));
            }
        }
        return keys;
    }

    private static Set<String> keysOfSchema(JsonObject properties, String prefix) {
        Set<String> keys = new TreeSet<>();
        for (Map.Entry<String, JsonElement> each : properties.entrySet()) {
            keys.add(prefix + each.getKey());
            if (each.getValue().getAsJsonObject().get("properties") instanceof JsonObject inner) {
                keys.addAll(keysOfSchema(inner, prefix + each.getKey() + "."));
            }
        }
        return keys;
    }

    private static JsonObject yaml(String text) {
        Object loaded = new Load(LoadSettings.builder().build()).loadFromString(text);
        return new Gson().toJsonTree(loaded).getAsJsonObject();
    }
}
