// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An Open vSwitch of its own, to compare with: {@code ovsdb-server} and {@code ovs-vswitchd} with everything under a temporary
 * folder, nothing of the machine's, and ports that are files and commands ({@code netdev-dummy}), so that it needs neither a
 * kernel module nor root.
 *
 * <p>It caches nothing ({@code flow-limit=0}): each packet walks through its tables, and counters are there when the packet is
 * through. For one thread; whoever starts it closes it.
 */
final class OpenvSwitch implements AutoCloseable {

    private static final String BRIDGE = "br0";
    private static final int START_SECONDS = 30;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final List<PcapTail> sent = new ArrayList<>();
    private UnixControl control;
    private OpenflowChannel channel;

    private OpenvSwitch(Path folder) {
        this.folder = folder;
    }

    /** Whether the machine has what this starts. */
    static boolean isInstalled() {
        return Stream.of("/usr/sbin/ovs-vswitchd", "/usr/sbin/ovsdb-server", "/usr/bin/ovs-ofctl")
                .allMatch(command -> Files.isExecutable(Path.of(command)));
    }

    /** Starts a switch with ports 1 to {@code ports}. */
    static OpenvSwitch start(int ports) throws IOException, InterruptedException {
        OpenvSwitch made = new OpenvSwitch(Files.createTempDirectory("makas-ovs"));
        try {
            made.startProcesses();
            made.configure(ports);
            return made;
        } catch (IOException | InterruptedException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /** The connection for flows, groups and what comes back. */
    OpenflowChannel channel() {
        return channel;
    }

    /** The socket that {@code ovs-ofctl} talks to. */
    Path socket() {
        return file(BRIDGE + ".mgmt");
    }

    /** A folder for files of the tests, gone with the switch. */
    Path folder() {
        return folder;
    }

    /** Has a frame come in by a port, and waits until it is through. */
    void receive(int port, byte[] frame) throws IOException {
        control.call("netdev-dummy/receive", "p" + port, HexFormat.of().formatHex(frame));
        // The first one may be answered in the round in which the frame is still waiting.
        channel.barrier();
        channel.barrier();
    }

    /** Has the clock of the switch, which stands still, go on. */
    void passMilliseconds(long milliseconds) throws IOException {
        control.call("time/warp", Long.toString(milliseconds));
    }

    /** What left by a port since the last call, in order. */
    List<byte[]> sentBy(int port) throws IOException {
        return sent.get(port - 1).next();
    }

    @Override
    public void close() {
        if (channel != null) {
            channel.close();
        }
        if (control != null) {
            control.close();
        }
        sent.forEach(PcapTail::close);
        for (Process process : processes.reversed()) {
            stop(process);
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void startProcesses() throws IOException, InterruptedException {
        run("ovsdb-tool", "create", file("conf.db").toString(), "/usr/share/openvswitch/vswitch.ovsschema");
        String database = "unix:" + file("db.sock");
        launch(
                "ovsdb-server",
                file("conf.db").toString(),
                "--remote=p" + database,
                "--unixctl=" + file("ovsdb.ctl"),
                "--pidfile=" + file("ovsdb-server.pid"),
                "--log-file=" + file("ovsdb.log"));
        await(file("db.sock"));
        launch(
                "ovs-vswitchd",
                database,
                "--enable-dummy=override",
                "--disable-system",
                "--unixctl=" + file("vswitchd.ctl"),
                "--pidfile=" + file("vswitchd.pid"),
                "--log-file=" + file("vswitchd.log"));
        await(file("vswitchd.ctl"));
    }

    private void configure(int ports) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=unix:" + file("db.sock"), "--"));
        command.addAll(List.of("init", "--", "set", "Open_vSwitch", "."));
        command.addAll(List.of("other_config:flow-limit=0", "other_config:vlan-limit=0"));
        command.addAll(List.of("--", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=dummy"));
        command.addAll(List.of("fail-mode=secure", "protocols=OpenFlow13", "other-config:hwaddr=02:00:00:00:00:fe"));
        for (int port = 1; port <= ports; port++) {
            command.addAll(List.of("--", "add-port", BRIDGE, "p" + port, "--", "set", "interface", "p" + port));
            command.addAll(List.of("type=dummy", "ofport_request=" + port, "options:tx_pcap=" + pcap(port)));
        }
        run(command.toArray(String[]::new));
        await(socket());
        run("ovs-ofctl", "-O", "OpenFlow13", "mod-port", "unix:" + socket(), BRIDGE, "no-forward");
        for (int port = 1; port <= ports; port++) {
            sent.add(new PcapTail(pcap(port)));
        }
        control = new UnixControl(file("vswitchd.ctl"));
        channel = new OpenflowChannel(socket());
    }

    private void launch(String... command) throws IOException {
        Process process = process(command)
                .redirectErrorStream(true)
                .redirectOutput(file(command[0] + ".out").toFile())
                .start();
        processes.add(process);
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /** Runs a command that ends by itself, and must succeed. */
    private void run(String... command) throws IOException, InterruptedException {
        Path output = file(command[0] + ".out");
        Process process = process(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(Arrays.toString(command) + ": " + Files.readString(output));
        }
    }

    private ProcessBuilder process(String... command) {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        for (String name : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
            process.environment().put(name, folder.toString());
        }
        return process;
    }

    private void await(Path path) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(path)) {
            if (System.nanoTime() - end > 0) {
                throw new IOException(path + " did not appear");
            }
            Thread.sleep(5);
        }
    }

    private static void stop(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private Path pcap(int port) {
        return file("p" + port + ".pcap");
    }

    private Path file(String name) {
        return folder.resolve(name);
    }
}
