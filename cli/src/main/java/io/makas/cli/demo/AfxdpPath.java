// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.cli.demo.host.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The path through Makas for containers with kernel sockets: the CNI plugin makes a veth pair for each and opens its host
 * end as an {@code afxdp} port. Which packets get through, only flows say.
 */
final class AfxdpPath {

    /** The path's name in reports. */
    static final String NAME = "afxdp";

    /** Ports of the two containers, which are the first ones of the switch; the sample flows name them. */
    private static final int CLIENT_PORT = 1;

    private static final int SERVER_PORT = 2;

    private AfxdpPath() {}

    /**
     * Makes two containers and has the CNI plugin wire them into the switch.
     *
     * @param home the checkout: the sample conflist and the plugin come from there
     */
    static CniNetwork.Joined create(CniNetwork network, RunningSwitch running, RunDirectory directory, Path home) {
        Path plugin = home.resolve("cni-plugin/target");
        JsonObject conflist = conflist(home.resolve("deploy/cni/10-makas.conflist"), running, directory);
        CniNetwork.Joined joined = network.join(NAME, conflist, List.of(plugin, CniNetwork.STANDARD_PLUGINS));
        requirePort(running, CLIENT_PORT, joined.client());
        requirePort(running, SERVER_PORT, joined.server());
        return joined;
    }

    /** The sample conflist with this demonstration's own socket and leases in place of the node's. */
    private static JsonObject conflist(Path file, RunningSwitch running, RunDirectory directory) {
        JsonObject conflist;
        try {
            conflist = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the sample conflist " + file, e);
        }
        for (JsonElement element : conflist.getAsJsonArray("plugins")) {
            JsonObject plugin = element.getAsJsonObject();
            plugin.addProperty("agentSocket", running.cniSocket().toString());
            plugin.getAsJsonObject("ipam")
                    .addProperty("dataDir", directory.path().resolve("leases").toString());
        }
        return conflist;
    }

    private static void requirePort(RunningSwitch running, int number, CniNetwork.Attached container) {
        boolean there = running.client().ports().stream()
                .anyMatch(port -> port.getNumber() == number
                        && port.getConfig().getAfxdp().getInterface().equals(container.hostInterface()));
        if (!there) {
            throw new IllegalStateException("interface " + container.hostInterface() + " of container "
                    + container.container().name() + " is not port " + number + " of the switch, which has the ports "
                    + running.client().ports());
        }
    }
}
