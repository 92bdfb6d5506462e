// SPDX-License-Identifier: Apache-2.0
package io.makas.cni.runtime;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.makas.cni.Attachment;
import io.makas.cni.CniCommand;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.cni.Json;
import io.makas.cni.PluginProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Executes the plugins of a conflist as a container runtime does (specification, section 3): in order, each with the result of
 * the one before, for DEL in reverse with the final result; environment, standard input and output, exit code.
 *
 * <p>Thread: any; different containers at the same time, one container one call at a time.
 */
public final class CniRuntime {

    /** How long one plugin may take. */
    public static final Duration LIMIT = Duration.ofSeconds(120);

    private final Conflist conflist;
    private final List<Path> pluginPath;
    private final Map<Attachment, JsonObject> results = new ConcurrentHashMap<>();

    /**
     * A runtime with one network.
     *
     * @param pluginPath folders with the plugins' executables, searched in order
     */
    public CniRuntime(Conflist conflist, List<Path> pluginPath) {
        this.conflist = conflist;
        this.pluginPath = List.copyOf(pluginPath);
    }

    /**
     * Attaches a container. If a plugin fails, the container is deleted from the network first.
     *
     * @throws CniError what the plugin that failed has printed
     */
    public CniResult add(Container container) throws CniError {
        try {
            return addWithoutCleanUp(container);
        } catch (CniError e) {
            deleteAfterFailure(container, e);
            throw e;
        }
    }

    /** Attaches a container; what a failure leaves behind is the caller's to delete. */
    public CniResult addWithoutCleanUp(Container container) throws CniError {
        JsonObject previous = null;
        for (JsonObject plugin : conflist.plugins()) {
            JsonObject config = conflist.requestConfig(plugin, container.capabilities());
            if (previous != null) {
                config.add("prevResult", previous);
            }
            byte[] result = execute(CniCommand.ADD, environment(container), config);
            previous = Json.parseObject(result, "result of plugin '" + Conflist.type(plugin) + "'");
        }
        results.put(container.attachment(), previous);
        return CniResult.parse(previous, "the result of ADD");
    }

    /** Loses what is known of a container, as a runtime does that lost its state; for {@link #gc}. */
    public void forget(Container container) {
        results.remove(container.attachment());
    }

    /** Detaches a container; may be repeated. */
    public void del(Container container) throws CniError {
        for (JsonObject plugin : conflist.plugins().reversed()) {
            execute(CniCommand.DEL, environment(container), withResult(plugin, container));
        }
        results.remove(container.attachment());
    }

    /** Asks the plugins whether the attachment is as they left it. */
    public void check(Container container) throws CniError {
        if (conflist.disableCheck()) {
            return;
        }
        for (JsonObject plugin : conflist.plugins()) {
            execute(CniCommand.CHECK, environment(container), withResult(plugin, container));
        }
    }

    /** Asks the plugins whether they could serve ADD. */
    public void status() throws CniError {
        for (JsonObject plugin : conflist.plugins()) {
            execute(CniCommand.STATUS, Map.of(), conflist.requestConfig(plugin, Map.of()));
        }
    }

    /** Has everything removed that belongs to other attachments than those that {@link #add} made and {@link #del} did not end. */
    public void gc() throws CniError {
        JsonArray valid = new JsonArray();
        for (Attachment each : results.keySet()) {
            JsonObject json = new JsonObject();
            json.addProperty("containerID", each.containerId());
            json.addProperty("ifname", each.ifName());
            valid.add(json);
        }
        CniError first = null;
        for (JsonObject plugin : conflist.plugins()) {
            JsonObject config = conflist.requestConfig(plugin, Map.of());
            config.add("cni.dev/valid-attachments", valid);
            try {
                execute(CniCommand.GC, Map.of(), config);
            } catch (CniError e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** The versions that each plugin says it speaks, in the conflist's order. */
    public List<List<String>> versions() throws CniError {
        List<List<String>> versions = new java.util.ArrayList<>();
        for (JsonObject plugin : conflist.plugins()) {
            JsonObject config = new JsonObject();
            config.addProperty("cniVersion", conflist.version().text());
            config.addProperty("type", Conflist.type(plugin));
            JsonObject answer = Json.parseObject(execute(CniCommand.VERSION, Map.of(), config), "answer to VERSION");
            versions.add(answer.getAsJsonArray("supportedVersions").asList().stream()
                    .map(JsonElement::getAsString)
                    .toList());
        }
        return versions;
    }

    /** The final result of ADD as the last plugin printed it, or null when the container is not attached. */
    public JsonObject result(Container container) {
        return results.get(container.attachment());
    }

    private JsonObject withResult(JsonObject plugin, Container container) {
        JsonObject config = conflist.requestConfig(plugin, container.capabilities());
        JsonObject result = results.get(container.attachment());
        if (result != null) {
            config.add("prevResult", result);
        }
        return config;
    }

    private void deleteAfterFailure(Container container, CniError because) {
        try {
            del(container);
        } catch (CniError e) {
            because.addSuppressed(e);
        }
    }

    private byte[] execute(CniCommand command, Map<String, String> variables, JsonObject config) throws CniError {
        String type = Conflist.type(config);
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("CNI_"));
        environment.putAll(variables);
        environment.put("CNI_COMMAND", command.name());
        environment.put(
                "CNI_PATH", pluginPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
        byte[] stdin = Json.print(config).getBytes(StandardCharsets.UTF_8);
        PluginProcess.Outcome outcome =
                PluginProcess.run(PluginProcess.find(type, pluginPath), environment, stdin, LIMIT);
        if (outcome.exitCode() != 0) {
            throw outcome.error(type);
        }
        return outcome.stdout();
    }

    private static Map<String, String> environment(Container container) {
        return Map.of(
                "CNI_CONTAINERID", container.id(),
                "CNI_NETNS", container.netns().toString(),
                "CNI_IFNAME", container.ifName(),
                "CNI_ARGS",
                        container.args().entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining(";")));
    }
}
