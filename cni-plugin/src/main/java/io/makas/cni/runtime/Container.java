// SPDX-License-Identifier: Apache-2.0
package io.makas.cni.runtime;

import com.google.gson.JsonElement;
import io.makas.cni.Attachment;
import java.nio.file.Path;
import java.util.Map;

/**
 * A container as the runtime presents it to plugins.
 *
 * @param id {@code CNI_CONTAINERID}
 * @param netns path of its network namespace
 * @param ifName name of the interface to make in it
 * @param args {@code CNI_ARGS}
 * @param capabilities what the runtime can tell plugins that ask for it, by capability, e.g. {@code mac}
 */
public record Container(
        String id, Path netns, String ifName, Map<String, String> args, Map<String, JsonElement> capabilities) {

    /** Copies the maps. */
    public Container {
        args = Map.copyOf(args);
        capabilities = Map.copyOf(capabilities);
    }

    /** A container with nothing special. */
    public static Container of(String id, Path netns, String ifName) {
        return new Container(id, netns, ifName, Map.of(), Map.of());
    }

    /** What identifies its attachment. */
    public Attachment attachment() {
        return new Attachment(id, ifName);
    }
}
