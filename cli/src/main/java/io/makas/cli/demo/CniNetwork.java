// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import com.google.gson.JsonObject;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.Container;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Pair;
import io.makas.cni.CniError;
import io.makas.cni.CniResult;
import io.makas.cni.runtime.CniRuntime;
import io.makas.cni.runtime.Conflist;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes two containers and wires them exactly as a container runtime does: by executing the plugins of a conflist, with
 * their environment and standard input.
 */
final class CniNetwork {

    /** Where Debian keeps the standard CNI plugins. */
    static final Path STANDARD_PLUGINS = Path.of("/usr/lib/cni");

    private static final String INTERFACE = "eth0";

    private final Shell shell;
    private final Shell cleanupShell;
    private final Cleanup cleanup;
    private final RunDirectory directory;

    /** Makes containers with one shell and removes them with another, which still works after the first was stopped. */
    CniNetwork(Shell shell, Shell cleanupShell, Cleanup cleanup, RunDirectory directory) {
        this.shell = shell;
        this.cleanupShell = cleanupShell;
        this.cleanup = cleanup;
        this.directory = directory;
    }

    /**
     * A container and what the result of ADD says of it.
     *
     * @param container the container
     * @param address its IPv4 address
     * @param mac Ethernet address of its interface
     * @param hostInterface name of the interface's other end, on the host
     */
    record Attached(Container container, String address, String mac, String hostInterface) {}

    /**
     * Two containers that reach each other.
     *
     * @param path the path's name
     * @param client where measurements begin
     * @param server the other end
     */
    record Joined(String path, Attached client, Attached server) {
        /** The two as measurements see them. */
        Pair pair() {
            return new Pair(path, client.container, server.container, client.address, server.address);
        }
    }

    /**
     * Makes two containers that the conflist's network joins.
     *
     * @param path the name of the path that is made, in reports and in the containers' names
     * @param conflist the network configuration list as JSON
     * @param plugins folders with the plugins' executables
     */
    Joined join(String path, JsonObject conflist, List<Path> plugins) {
        try {
            byte[] bytes = conflist.toString().getBytes(StandardCharsets.UTF_8);
            CniRuntime runtime = new CniRuntime(Conflist.parse(bytes, "the conflist of " + path), plugins);
            Container client = create(path + "-a");
            Container server = create(path + "-b");
            return new Joined(path, add(runtime, client), add(runtime, server));
        } catch (CniError e) {
            throw new IllegalStateException(
                    "the containers of path '" + path + "' cannot be wired: " + e.getMessage(), e);
        }
    }

    private Container create(String role) {
        String name = directory.namespace(role);
        cleanup.push("container " + name, () -> Container.delete(cleanupShell, name));
        return Container.create(shell, name);
    }

    /** Executes ADD. */
    private Attached add(CniRuntime runtime, Container container) throws CniError {
        var attachment = io.makas.cni.runtime.Container.of(container.name(), container.namespace(), INTERFACE);
        cleanup.push("CNI DEL of " + container.name(), () -> runtime.del(attachment));
        CniResult result = runtime.add(attachment);
        return new Attached(
                container,
                result.ips().stream()
                        .map(ip -> ip.address().address())
                        .filter(Inet4Address.class::isInstance)
                        .findFirst()
                        .orElseThrow(() -> lacks(container, "an IPv4 address"))
                        .getHostAddress(),
                interfaceOf(result, container, true).mac(),
                interfaceOf(result, container, false).name());
    }

    /** The interface in the container; or the last one of the host, which is the other end. */
    private static CniResult.Interface interfaceOf(CniResult result, Container container, boolean inside) {
        return result.interfaces().reversed().stream()
                .filter(each -> each.sandbox().isEmpty() != inside)
                .findFirst()
                .orElseThrow(() -> lacks(container, "an interface " + (inside ? "inside" : "on the host")));
    }

    private static IllegalStateException lacks(Container container, String what) {
        return new IllegalStateException("the result of CNI ADD for " + container.name() + " does not name " + what);
    }
}
