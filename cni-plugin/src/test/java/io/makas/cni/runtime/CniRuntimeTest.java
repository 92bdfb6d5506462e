// SPDX-License-Identifier: Apache-2.0
package io.makas.cni.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.cni.CniVersion;
import io.makas.cni.Json;
import io.makas.cni.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniRuntimeTest {

    private static final Container CONTAINER = new Container(
            "c0ffee",
            Path.of("/run/netns/blue"),
            "eth0",
            Map.of("K8S_POD_NAME", "web-0"),
            Map.of("mac", new JsonPrimitive("02:00:00:00:00:01"), "ips", new JsonPrimitive("x")));

    @TempDir
    Path folder;

    @Test
    void shouldExecutePluginsInOrderWithThePreviousResult() throws Exception {
        Shell.plugin(folder, "first", "env > $here/env; echo '{\"ips\": [{\"address\": \"10.1.0.5/24\"}]}'");
        Shell.plugin(folder, "second", "echo '{\"ips\": [{\"address\": \"10.1.0.6/24\"}]}'");

        CniResult result = runtime("").add(CONTAINER);

        assertEquals("10.1.0.6/24", result.ips().getFirst().address().toString());
        assertEquals(List.of("first ADD", "second ADD"), Shell.calls(folder));
        JsonObject first = input(0);
        assertEquals("pods", first.get("name").getAsString());
        assertEquals("1.0.0", first.get("cniVersion").getAsString());
        assertEquals("kept", first.get("own").getAsString());
        assertEquals(
                "{\"mac\":\"02:00:00:00:00:01\"}", first.get("runtimeConfig").toString());
        assertFalse(first.has("capabilities"));
        assertFalse(first.has("prevResult"));
        assertEquals(
                "{\"ips\":[{\"address\":\"10.1.0.5/24\"}]}",
                input(1).get("prevResult").toString());
        assertTrue(Files.readAllLines(folder.resolve("env"))
                .containsAll(List.of(
                        "CNI_COMMAND=ADD",
                        "CNI_CONTAINERID=c0ffee",
                        "CNI_NETNS=/run/netns/blue",
                        "CNI_IFNAME=eth0",
                        "CNI_ARGS=K8S_POD_NAME=web-0",
                        "CNI_PATH=" + folder)));
    }

    @Test
    void shouldDeleteInReverseWithTheFinalResult() throws Exception {
        Shell.plugin(folder, "first", "echo '{\"a\": 1}'");
        Shell.plugin(folder, "second", "echo '{\"a\": 2}'");
        CniRuntime runtime = runtime("");
        runtime.add(CONTAINER);

        runtime.check(CONTAINER);
        runtime.del(CONTAINER);
        runtime.del(CONTAINER);

        assertEquals(
                List.of("first CHECK", "second CHECK", "second DEL", "first DEL", "second DEL", "first DEL"),
                Shell.calls(folder).subList(2, 8));
        for (int call = 2; call < 6; call++) {
            assertEquals("{\"a\":2}", input(call).get("prevResult").toString());
        }
        assertFalse(input(6).has("prevResult"), "there is no result any more");
    }

    @Test
    void shouldDeleteWhatAFailedAddLeft() throws Exception {
        Shell.plugin(folder, "first", "echo '{}'");
        Shell.plugin(folder, "second", "[ $CNI_COMMAND = DEL ] || { echo '{\"code\": 7, \"msg\": \"no\"}'; exit 1; }");

        CniError error = assertThrows(CniError.class, () -> runtime("").add(CONTAINER));

        assertEquals(7, error.code());
        assertEquals(List.of("first ADD", "second ADD", "second DEL", "first DEL"), Shell.calls(folder));
    }

    @Test
    void shouldGoOnCollectingAfterAFailure() throws Exception {
        Shell.plugin(
                folder,
                "first",
                "[ $CNI_COMMAND != GC ] || { echo '{\"code\": 7, \"msg\": \"no\"}'; exit 1; }; echo '{}'");
        Shell.plugin(folder, "second", "echo '{}'");
        CniRuntime runtime = runtime("\"cniVersions\": [\"1.1.0\", \"7.0.0\"], ");
        runtime.add(CONTAINER);

        assertThrows(CniError.class, runtime::gc);

        assertEquals(List.of("first GC", "second GC"), Shell.calls(folder).subList(2, 4));
        assertEquals("1.1.0", input(2).get("cniVersion").getAsString());
        assertEquals(
                "[{\"containerID\":\"c0ffee\",\"ifname\":\"eth0\"}]",
                input(3).get("cni.dev/valid-attachments").toString());
    }

    @Test
    void shouldNotCheckWhereTheListForbidsIt() throws Exception {
        runtime("\"disableCheck\": true, ").check(CONTAINER);

        assertEquals(List.of(), Shell.calls(folder));
    }

    @Test
    void shouldAskForVersions() throws Exception {
        Shell.plugin(folder, "first", "echo '{\"supportedVersions\": [\"1.0.0\"]}'");
        Shell.plugin(folder, "second", "echo '{\"supportedVersions\": [\"1.0.0\", \"1.1.0\"]}'");

        assertEquals(
                List.of(List.of("1.0.0"), List.of("1.0.0", "1.1.0")),
                runtime("").versions());
    }

    @Test
    void shouldRefuseAListWithoutPluginsOrVersion() {
        for (String list : List.of(
                "{\"cniVersion\": \"1.0.0\", \"name\": \"a\"}",
                "{\"cniVersion\": \"1.0.0\", \"name\": \"a\", \"plugins\": [{}]}",
                "{\"cniVersion\": \"9.0.0\", \"name\": \"a\", \"plugins\": [{\"type\": \"x\"}]}")) {
            assertThrows(CniError.class, () -> Conflist.parse(list.getBytes(StandardCharsets.UTF_8), "list"), list);
        }
    }

    @Test
    void shouldChooseTheNewestVersionThatItKnows() throws CniError {
        Conflist list = Conflist.parse("""
                {"cniVersion": "0.4.0", "cniVersions": ["0.3.1", "1.0.0", "8.0.0"], "name": "a",
                 "plugins": [{"type": "x"}]}""".getBytes(StandardCharsets.UTF_8), "list");

        assertEquals(CniVersion.V1_0_0, list.version());
    }

    private CniRuntime runtime(String members) throws CniError {
        String list = "{" + members + """
                "cniVersion": "1.0.0", "name": "pods", "plugins": [
                  {"type": "first", "own": "kept", "capabilities": {"mac": true, "ips": false, "dns": true}},
                  {"type": "second"}]}""";
        return new CniRuntime(Conflist.parse(list.getBytes(StandardCharsets.UTF_8), "the list"), List.of(folder));
    }

    private JsonObject input(int call) throws IOException, CniError {
        return Json.parseObject(Shell.inputs(folder).get(call).getBytes(StandardCharsets.UTF_8), "input");
    }
}
