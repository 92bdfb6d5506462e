// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.cni;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.makas.cni.CniError;
import io.makas.cni.runtime.CniRuntime;
import io.makas.cni.runtime.Conflist;
import io.makas.cni.runtime.Container;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.DatapathConfig;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.sys.Link;
import io.makas.dataplane.sys.NetNamespace;
import io.makas.dataplane.sys.Netlink;
import io.makas.dataplane.testing.TestNamespaces;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.text.FlowText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A node as the CNI plugin sees it: a switch with a CNI endpoint, a container runtime with the example conflist, and namespaces
 * for containers. Everything is gone when it is closed.
 */
final class Node implements AutoCloseable {

    static final Path PLUGINS = Path.of("/usr/lib/cni");
    static final Path LAUNCHER =
            Path.of("../cni-plugin/target/makas-cni").toAbsolutePath().normalize();

    private static final Path EXAMPLE = Path.of("../deploy/cni/10-makas.conflist");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestNamespaces namespaces = new TestNamespaces();
    private final Path folder;
    private final JsonObject conflist;
    private DatapathConfig config = DatapathConfig.DEFAULT;
    private Datapath datapath;
    private CniEndpoint endpoint;
    private CniRuntime runtime;

    Node() throws Exception {
        folder = Files.createTempDirectory("mknode");
        conflist = JsonParser.parseString(Files.readString(EXAMPLE)).getAsJsonObject();
        plugin().addProperty("agentSocket", socket().toString());
        plugin().getAsJsonObject("ipam").addProperty("dataDir", leases().toString());
        configure();
        start();
    }

    /** The plugin's part of the conflist, to be changed before {@link #configure}. */
    JsonObject plugin() {
        return conflist.getAsJsonArray("plugins").get(0).getAsJsonObject();
    }

    /** Puts another plugin behind ours, in the newest version that Debian's plugins speak. */
    void chain(String plugin) throws CniError {
        conflist.getAsJsonArray("plugins").add(JsonParser.parseString(plugin));
        conflist.remove("cniVersions");
        configure();
    }

    /** Makes the runtime read the conflist again. */
    void configure() throws CniError {
        byte[] bytes = conflist.toString().getBytes(StandardCharsets.UTF_8);
        runtime = new CniRuntime(Conflist.parse(bytes, "conflist"), List.of(LAUNCHER.getParent(), PLUGINS));
    }

    CniRuntime runtime() {
        return runtime;
    }

    Datapath datapath() {
        return datapath;
    }

    Path socket() {
        return folder.resolve("cni.sock");
    }

    /** A container with a namespace of its own, not attached yet. */
    Pod pod() {
        NetNamespace namespace = namespaces.create();
        String id = "mk" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
        return new Pod(namespace, Container.of(id, Path.of(namespace.name()), "eth0"));
    }

    /** An attached container. */
    Pod attach() throws CniError {
        Pod pod = pod();
        runtime.add(pod.container());
        return pod;
    }

    /** One ADD; if it fails, nothing is deleted but what the plugin itself takes back. */
    void addOnce(Container container) throws CniError {
        runtime.addWithoutCleanUp(container);
    }

    void flow(String text) throws Exception {
        datapath.edit(List.of(FlowText.parse(text)));
    }

    /** What the plugin has left on this node: ports, interfaces and leases, in words. */
    List<String> belongings() throws IOException {
        Stream<String> ports = datapath.ports().stream().map(PortInfo::config).map(config -> "port " + config.name());
        List<String> links;
        try (Netlink netlink = Netlink.open()) {
            links = netlink.links().stream()
                    .filter(link -> link.alias().startsWith("makas:" + socket()))
                    .map(Link::name)
                    .map(name -> "link " + name)
                    .toList();
        }
        return Stream.of(ports, links.stream(), leaseFiles().stream().map(name -> "lease " + name))
                .flatMap(each -> each)
                .sorted()
                .toList();
    }

    /** Starts another agent whose switch has room for few ports. */
    void restartWithRoomFor(int ports) throws Exception {
        var limits =
                new WorkerLimits(WorkerLimits.DEFAULT.exactMatchEntries(), WorkerLimits.DEFAULT.megaflows(), ports);
        config = new DatapathConfig(config.workers(), limits, config.maxFlows(), config.dpdk());
        restart();
    }

    /** Stops the agent, as an operator does, and starts another one. */
    void restart() throws Exception {
        stop();
        start();
    }

    @Override
    public void close() throws IOException {
        stop();
        namespaces.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        }
    }

    private void start() throws Exception {
        datapath = Datapath.open(config);
        endpoint = CniEndpoint.open(socket(), datapath);
    }

    private void stop() {
        endpoint.close();
        datapath.close();
    }

    private Path leases() {
        return folder.resolve("leases");
    }

    private List<String> leaseFiles() throws IOException {
        if (!Files.exists(leases())) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(leases())) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> !name.equals("lock") && !name.startsWith("last_reserved"))
                    .toList();
        }
    }

    /**
     * A container.
     *
     * @param namespace its namespace
     * @param container as the runtime knows it
     */
    record Pod(NetNamespace namespace, Container container) {

        /** Runs a command inside and returns its exit code. */
        int run(String... command) throws Exception {
            List<String> inside = Stream.concat(Stream.of("nsenter", "--net=" + namespace.name()), Stream.of(command))
                    .toList();
            return new ProcessBuilder(inside)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }

        boolean pings(String address) throws Exception {
            return run("ping", "-c", "2", "-i", "0.2", "-W", "2", address) == 0;
        }
    }
}
