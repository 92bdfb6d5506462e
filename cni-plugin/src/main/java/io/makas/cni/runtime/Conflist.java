// SPDX-License-Identifier: Apache-2.0
package io.makas.cni.runtime;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.makas.cni.CniError;
import io.makas.cni.CniVersion;
import io.makas.cni.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network configuration list (specification, section 1).
 *
 * @param name of the network
 * @param version the newest version that the list and this runtime know
 * @param disableCheck whether CHECK must not be called
 * @param plugins configurations in order
 */
public record Conflist(String name, CniVersion version, boolean disableCheck, List<JsonObject> plugins) {

    /** Copies the list. */
    public Conflist {
        plugins = List.copyOf(plugins);
    }

    /** Reads a file. */
    public static Conflist read(Path file) throws IOException, CniError {
        return parse(Files.readAllBytes(file), file.toString());
    }

    /**
     * Reads a conflist's bytes.
     *
     * @param what where they are from, for the error
     */
    public static Conflist parse(byte[] bytes, String what) throws CniError {
        JsonObject json = Json.parseObject(bytes, what);
        List<JsonObject> plugins = new ArrayList<>();
        for (JsonElement each : array(json, "plugins")) {
            if (!(each instanceof JsonObject plugin) || type(plugin).isEmpty()) {
                throw new CniError(
                        CniError.INVALID_CONFIG, what + ": each of \"plugins\" is an object with a \"type\"");
            }
            plugins.add(plugin);
        }
        if (plugins.isEmpty() || !json.has("name")) {
            throw new CniError(CniError.INVALID_CONFIG, what + " has no \"name\" or no \"plugins\"");
        }
        boolean disableCheck =
                json.has("disableCheck") && json.get("disableCheck").getAsBoolean();
        return new Conflist(json.get("name").getAsString(), version(json, what), disableCheck, plugins);
    }

    /** The name of a plugin's executable. */
    static String type(JsonObject plugin) {
        return plugin.has("type") ? plugin.get("type").getAsString() : "";
    }

    /** One plugin's configuration as the runtime passes it on (specification, section 3). */
    JsonObject requestConfig(JsonObject plugin, Map<String, JsonElement> capabilities) {
        JsonObject config = plugin.deepCopy();
        config.addProperty("cniVersion", version.text());
        config.addProperty("name", name);
        if (config.remove("capabilities") instanceof JsonObject wanted) {
            JsonObject runtimeConfig = new JsonObject();
            for (String capability : wanted.keySet()) {
                if (wanted.get(capability).getAsBoolean() && capabilities.containsKey(capability)) {
                    runtimeConfig.add(capability, capabilities.get(capability));
                }
            }
            if (!runtimeConfig.isEmpty()) {
                config.add("runtimeConfig", runtimeConfig);
            }
        }
        return config;
    }

    private static CniVersion version(JsonObject json, String what) throws CniError {
        List<String> texts = new ArrayList<>();
        array(json, "cniVersions").forEach(each -> texts.add(each.getAsString()));
        texts.add(json.has("cniVersion") ? json.get("cniVersion").getAsString() : "");
        return texts.stream()
                .flatMap(text -> CniVersion.of(text).stream())
                .max(CniVersion::compareTo)
                .orElseThrow(() -> new CniError(
                        CniError.INCOMPATIBLE_VERSION, what + " is of none of the versions " + CniVersion.texts()));
    }

    private static JsonArray array(JsonObject json, String key) {
        return json.get(key) instanceof JsonArray array ? array : new JsonArray();
    }
}
