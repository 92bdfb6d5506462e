// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.peer;

import com.google.gson.JsonObject;
import io.makas.bench.guest.GuestDevice;
import io.makas.bench.traffic.RuleText;
import io.makas.dataplane.sys.UnixStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An Open vSwitch with DPDK of our own: {@code ovsdb-server} and {@code ovs-vswitchd-dpdk} with everything in a temporary folder,
 * one PMD thread on the processor of the measurement, two {@code dpdkvhostuserclient} ports, everything else as it comes.
 */
public final class OpenvSwitchPeer implements Peer {

    /** Where Debian's package puts the program. */
    private static final Path PROGRAM = Path.of("/usr/lib/openvswitch-switch-dpdk/ovs-vswitchd-dpdk");

    private static final String BRIDGE = "br0";
    private static final int START_SECONDS = 30;
    /** Megaflows that are left where no packet was for long: none but those of the switch itself. */
    private static final int FEW_FLOWS = 2;

    private static final Pattern DATAPATH_FLOWS = Pattern.compile("flows: (\\d+)");

    private final Path folder;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final GuestDevice first;
    private final GuestDevice second;
    private String version = "";

    private OpenvSwitchPeer(Path folder, PeerOptions options) {
        this.folder = folder;
        this.first = options.device();
        this.second = options.device();
    }

    /** Whether the machine has what this starts. */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** Starts it with two ports and rules. */
    public static OpenvSwitchPeer start(Path parent, PeerOptions options, RuleText rules)
            throws IOException, InterruptedException {
        if (!isInstalled()) {
            throw new IllegalStateException("Open vSwitch with DPDK is not installed (" + PROGRAM
                    + "); on Debian and Ubuntu: apt install openvswitch-switch-dpdk");
        }
        OpenvSwitchPeer peer = new OpenvSwitchPeer(Files.createDirectory(parent.resolve("ovs")), options);
        try {
            peer.startProcesses(options.switchCore());
            peer.addPorts();
            peer.addRules(rules);
            return peer;
        } catch (IOException | InterruptedException | RuntimeException e) {
            peer.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return "ovs";
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public GuestDevice first() {
        return first;
    }

    @Override
    public GuestDevice second() {
        return second;
    }

    @Override
    public void resume() {
        vswitchd().resume();
    }

    @Override
    public void pause() {
        vswitchd().pause();
    }

    /** {@code dpctl/del-flows} would leave its revalidators behind, and then every packet is an upcall. */
    @Override
    public void forget() throws IOException, InterruptedException {
        control("revalidator/purge");
        long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (datapathFlows() > FEW_FLOWS) {
            if (System.nanoTime() > endNs) {
                throw vswitchd().failure("keeps " + datapathFlows() + " megaflows after revalidator/purge");
            }
            Thread.sleep(100);
        }
    }

    @Override
    public void beginCounting() throws IOException, InterruptedException {
        control("dpif-netdev/pmd-stats-clear");
    }

    @Override
    public JsonObject counted() throws IOException, InterruptedException {
        JsonObject counted = parseStatistics(control("dpif-netdev/pmd-stats-show", "-pmd"));
        counted.addProperty("megaflows", datapathFlows());
        return counted;
    }

    @Override
    public long processorNs() {
        return vswitchd().processorNs();
    }

    /** Reads what {@code dpif-netdev/pmd-stats-show} prints of PMD threads. */
    static JsonObject parseStatistics(String printed) {
        JsonObject json = new JsonObject();
        json.addProperty("cycles_per_packet", number(printed, "avg processing cycles per packet:\\s+([\\d.]+)"));
        json.addProperty("all_cycles_per_packet", number(printed, "avg cycles per packet:\\s+([\\d.]+)"));
        json.addProperty("packets", number(printed, "packets received:\\s+(\\d+)"));
        JsonObject hits = new JsonObject();
        hits.addProperty("simple", number(printed, "simple match hits:\\s+(\\d+)"));
        hits.addProperty("exact", number(printed, "emc hits:\\s+(\\d+)"));
        hits.addProperty("signature", number(printed, "smc hits:\\s+(\\d+)"));
        hits.addProperty("megaflow", number(printed, "megaflow hits:\\s+(\\d+)"));
        hits.addProperty("miss", number(printed, "miss with success upcall:\\s+(\\d+)"));
        hits.addProperty("failed", number(printed, "miss with failed upcall:\\s+(\\d+)"));
        hits.addProperty("subtables_per_hit", number(printed, "avg. subtable lookups per megaflow hit:\\s+([\\d.]+)"));
        json.add("cache_hits", hits);
        return json;
    }

    private static double number(String printed, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(printed);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private void startProcesses(int core) throws IOException, InterruptedException {
        run("ovsdb-tool", "create", file("conf.db").toString(), "/usr/share/openvswitch/vswitch.ovsschema");
        launch(
                "ovsdb-server",
                file("conf.db").toString(),
                "--remote=p" + database(),
                "--unixctl=" + file("ovsdb.ctl"),
                "--pidfile=" + file("ovsdb-server.pid"));
        processes.getLast().awaitFile(file("db.sock"), START_SECONDS);
        vsctl(
                "--no-wait",
                "init",
                "--",
                "set",
                "Open_vSwitch",
                ".",
                "other_config:dpdk-init=true",
                "other_config:dpdk-extra=--in-memory --no-pci",
                // Pools of the size of two ports, since hugepages are shared with whatever else is measured.
                "other_config:per-port-memory=true",
                "other_config:dpdk-socket-mem=256",
                "other_config:pmd-cpu-mask=0x" + Long.toHexString(1L << core));
        launch(
                PROGRAM.toString(),
                database(),
                "--unixctl=" + file("vswitchd.ctl"),
                "--pidfile=" + file("vswitchd.pid"));
        vswitchd().awaitFile(file("vswitchd.ctl"), START_SECONDS);
    }

    private void addPorts() throws IOException, InterruptedException {
        try (UnixStream socket1 = UnixStream.listen(file("1"));
                UnixStream socket2 = UnixStream.listen(file("2"))) {
            List<String> command = new ArrayList<>(List.of("--timeout=" + START_SECONDS));
            command.addAll(List.of("add-br", BRIDGE, "--", "set", "bridge", BRIDGE, "datapath_type=netdev"));
            command.addAll(List.of("fail-mode=secure", "protocols=OpenFlow10,OpenFlow13"));
            for (int port = 1; port <= 2; port++) {
                command.addAll(List.of("--", "add-port", BRIDGE, "p" + port, "--", "set", "interface", "p" + port));
                command.addAll(List.of("type=dpdkvhostuserclient", "ofport_request=" + port));
                command.add("options:vhost-server-path=" + file(Integer.toString(port)));
            }
            vsctl(command.toArray(String[]::new));
            first.accept(socket1);
            second.accept(socket2);
        } catch (IllegalStateException e) {
            vswitchd().checkAlive();
            throw vswitchd().failure("did not take its ports (" + e.getMessage() + ")");
        }
        version = vsctl("get", "Open_vSwitch", ".", "ovs_version", "dpdk_version")
                .strip()
                .replace("\"", "")
                .replace("\n", ", ");
    }

    private void addRules(RuleText rules) throws IOException, InterruptedException {
        vswitchd().awaitFile(file(BRIDGE + ".mgmt"), START_SECONDS);
        Path file = Files.writeString(file("rules"), rules.text());
        run("ovs-ofctl", "-O", "OpenFlow13", "add-flows", "unix:" + file(BRIDGE + ".mgmt"), file.toString());
    }

    private int datapathFlows() throws IOException, InterruptedException {
        Matcher matcher = DATAPATH_FLOWS.matcher(control("dpctl/show"));
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private ChildProcess vswitchd() {
        return processes.getLast();
    }

    private void launch(String... command) throws IOException {
        Path log = file(Path.of(command[0]).getFileName() + ".out");
        processes.add(ChildProcess.start(log, process(command)));
    }

    private String vsctl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--db=" + database()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private String control(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("ovs-appctl", "-t", file("vswitchd.ctl").toString()));
        command.addAll(List.of(arguments));
        return run(command.toArray(String[]::new));
    }

    private String run(String... command) throws IOException, InterruptedException {
        return ChildProcess.run(process(command), START_SECONDS);
    }

    private ProcessBuilder process(String... command) {
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        for (String name : List.of("OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR")) {
            process.environment().put(name, folder.toString());
        }
        return process;
    }

    private String database() {
        return "unix:" + file("db.sock");
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Override
    public void close() {
        for (ChildProcess process : processes.reversed()) {
            process.resumeIfAlive();
            process.close();
        }
        first.close();
        second.close();
    }
}
