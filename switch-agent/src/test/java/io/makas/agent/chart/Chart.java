// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.chart;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import io.makas.agent.docs.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The chart, rendered as {@code helm install makas helm/makas} would.
 *
 * @param text what helm would send to Kubernetes
 * @param objects the same, parsed
 */
record Chart(String text, List<JsonObject> objects) {

    static final Path FOLDER = Repository.root().resolve("helm/makas");

    private static final String KUBERNETES_VERSION = "1.34.0";

    /** Renders with values given as on the command line, {@code --set name=value}. */
    static Chart with(Map<String, Object> values) {
        var command = new Helm(FOLDER)
                .template()
                .withName("makas")
                .withNamespace("kube-system")
                .withKubeVersion(KUBERNETES_VERSION);
        values.forEach(command::set);
        return parse(command.call());
    }

    /** Renders with values given in a file. */
    static Chart with(Path valuesFile) {
        return parse(new Helm(FOLDER)
                .template()
                .withName("makas")
                .withNamespace("kube-system")
                .withKubeVersion(KUBERNETES_VERSION)
                .withValuesFile(valuesFile)
                .call());
    }

    /** The one object of a kind. */
    JsonObject only(String kind) {
        List<JsonObject> found = objects.stream()
                .filter(each -> each.get("kind").getAsString().equals(kind))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " objects of kind " + kind + " in:\n" + text);
        }
        return found.getFirst();
    }

    /** The specification of the pods. */
    JsonObject pod() {
        return at(only("DaemonSet"), "spec", "template", "spec").getAsJsonObject();
    }

    /** The container that runs the switch. */
    JsonObject agent() {
        return named(pod().getAsJsonArray("containers"), "agent");
    }

    /** A file of the ConfigMap. */
    String file(String name) {
        return at(only("ConfigMap"), "data", name).getAsString();
    }

    /** The element of an array that has this name. */
    static JsonObject named(JsonArray array, String name) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .filter(each -> each.get("name").getAsString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is called " + name + " in " + array));
    }

    /** The texts of an array. */
    static List<String> texts(JsonElement array) {
        return array.getAsJsonArray().asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }

    /** What lies under these keys. */
    static JsonElement at(JsonElement from, String... keys) {
        JsonElement element = from;
        for (String key : keys) {
            element = element.getAsJsonObject().get(key);
            if (element == null) {
                throw new AssertionError("there is no " + String.join(".", keys) + " in " + from);
            }
        }
        return element;
    }

    private static Chart parse(String text) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object document : new Load(LoadSettings.builder().build()).loadAllFromString(text)) {
            if (document != null) {
                objects.add(new Gson().toJsonTree(document).getAsJsonObject());
            }
        }
        return new Chart(text, List.copyOf(objects));
    }
}
