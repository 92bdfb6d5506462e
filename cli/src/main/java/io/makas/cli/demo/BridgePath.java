// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Pair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The path to compare with: a Linux bridge as the standard {@code bridge} CNI plugin sets it up. */
final class BridgePath {

    /** The path's name in reports. */
    static final String NAME = "bridge";

    private BridgePath() {}

    /** Makes two containers on a bridge of their own. */
    static Pair create(CniNetwork network, Shell cleanupShell, Cleanup cleanup, RunDirectory directory) {
        // The plugin makes the bridge with the first container and never removes it.
        cleanup.push("bridge " + directory.bridge(), () -> delete(cleanupShell, directory.bridge()));
        return network.join(NAME, conflist(directory), List.of(CniNetwork.STANDARD_PLUGINS))
                .pair();
    }

    private static void delete(Shell shell, String bridge) {
        if (Files.exists(Path.of("/sys/class/net", bridge))) {
            shell.run("ip", "link", "delete", bridge);
        }
    }

    /** The plugin's own defaults; only the leases are kept in the private directory, so that none is left behind. */
    private static JsonObject conflist(RunDirectory directory) {
        return JsonParser.parseString("""
                        {
                          "cniVersion": "1.0.0",
                          "name": "%s",
                          "plugins": [{
                            "type": "bridge",
                            "bridge": "%s",
                            "ipam": {
                              "type": "host-local",
                              "dataDir": "%s",
                              "ranges": [[{"subnet": "192.0.2.0/24"}]]
                            }
                          }]
                        }
                        """.formatted(
                                directory.namespace(NAME),
                                directory.bridge(),
                                directory.path().resolve("leases")))
                .getAsJsonObject();
    }
}
