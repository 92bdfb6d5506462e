// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.makas.bench.guest.GuestDevice;
import io.makas.bench.peer.MakasPeer;
import io.makas.bench.peer.PeerOptions;
import io.makas.bench.traffic.FlowSet;
import io.makas.bench.traffic.FrameTemplate;
import io.makas.bench.traffic.PacketOrder;
import io.makas.bench.traffic.RuleText;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.worker.IdlePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code makas bench vhost}: options in, table and JSON out. */
@Command(
        name = "vhost",
        mixinStandardHelpOptions = true,
        description = {
            "Forwarding from one vhost-user port to another, round by round beside other switches.",
            "The generator is a guest of our own, on a processor of its own; each switch is a process with one forwarding thread."
        })
public final class VhostCommand implements Callable<Integer> {

    private static final int NO_FLOWS_ASKED_FOR = 0;
    private static final int DEFAULT_FLOWS = 1_000;
    /** What a switch with two ports takes. */
    private static final long HUGEPAGES_MIB = 300;

    @Spec
    private CommandSpec spec;

    /** What to measure. */
    enum Mode {
        THROUGHPUT,
        LATENCY,
        IDLE
    }

    @Option(
            names = "--mode",
            defaultValue = "throughput",
            description =
                    "throughput: packets a second, one way; latency: round trips of one packet and its answer, one"
                            + " after the other; idle: delay and processor time of Makas at few packets a second, for each idle"
                            + " policy (default ${DEFAULT-VALUE}).")
    private String modeName;

    @Option(
            names = "--rules",
            paramLabel = "RULES",
            defaultValue = "port",
            description =
                    "port, normal, router, acl24, acl, or a file in the syntax of ovs-ofctl (default ${DEFAULT-VALUE})."
                            + " Packets come in by port 1 and are expected at port 2.")
    private String rules;

    @Option(names = "--flows", description = "Different flows (default 1000, or all of --trace-flows).")
    private Integer flows;

    @Option(
            names = "--order",
            defaultValue = "seq",
            description = "seq: one flow after the other; zipf: some often, most seldom (default ${DEFAULT-VALUE}).")
    private String order;

    @Option(
            names = "--trace-flows",
            paramLabel = "FILE",
            description = "Flows from a file of 16-byte records: source and destination address, source and destination"
                    + " port (network order), protocol, 3 zero bytes.")
    private Path trace;

    @Option(
            names = "--frame",
            defaultValue = "60",
            description = "Bytes of a frame without check sequence, 60 to 1514 (default ${DEFAULT-VALUE}).")
    private int frameBytes;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Length of a measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "1",
            description = "Seconds left out before, at least; also until all flows were seen and, at first, until"
                    + " compilers are idle (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds; medians count (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--peers",
            split = ",",
            paramLabel = "PEER",
            description = "Measured in turn with Makas: ovs (Open vSwitch with DPDK), testpmd (io, looks at nothing).")
    private List<String> peers = new ArrayList<>();

    @Option(names = "--seed", defaultValue = "1", description = "Of flows, order and rules (default ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--ring",
            defaultValue = "256",
            description = "Entries of each of the guests' rings (default ${DEFAULT-VALUE}).")
    private int ringSize;

    @Option(
            names = "--ports",
            defaultValue = "2",
            description = "Ports of Makas, 2 to 1000: those from the third on have guests that say nothing (default"
                    + " ${DEFAULT-VALUE}).")
    private int ports;

    @Option(
            names = "--switch-core",
            defaultValue = "1",
            description = "Processor of the forwarding thread of each switch (default ${DEFAULT-VALUE}).")
    private int switchCore;

    @Option(
            names = "--guest-core",
            defaultValue = "0",
            description = "Processor of the generator (default ${DEFAULT-VALUE}).")
    private int guestCore;

    @Option(
            names = "--idle",
            defaultValue = "balanced",
            description =
                    "What Makas' worker does without traffic: latency, balanced or power (default ${DEFAULT-VALUE}).")
    private String idlePolicy;

    @Option(
            names = "--vhost",
            defaultValue = "default",
            description =
                    "Who works the rings of Makas' ports: library (librte_vhost), own, or default, whichever is the"
                            + " usual one (default ${DEFAULT-VALUE}).")
    private String vhost;

    @Option(
            names = "--switch-java-options",
            paramLabel = "OPTIONS",
            defaultValue = "",
            description = "Further options of the JVM of Makas, separated by blanks.")
    private String javaOptions;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to a file.")
    private Path json;

    @Option(
            names = "--plot",
            paramLabel = "FILE",
            description = "Where latency and idle mode write their page of charts (default: beside --json, as .html).")
    private Path plot;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            Mode mode = mode();
            VhostOptions options = options();
            RuleText text = RuleText.of(rules, mode != Mode.THROUGHPUT, seed);
            checkHugepages();
            JsonObject report = switch (mode) {
                case THROUGHPUT -> ThroughputRun.run(options, text, trace);
                case LATENCY -> LatencyRun.run(options, text, trace, plot());
                case IDLE -> IdleRun.run(options, text, trace, plot());
            };
            if (json != null) {
                Files.writeString(
                        json, new GsonBuilder().setPrettyPrinting().create().toJson(report) + "\n");
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (SysException | IllegalStateException e) {
            System.err.println("makas bench vhost: " + e.getMessage());
            return 1;
        }
    }

    private Mode mode() {
        return switch (modeName) {
            case "throughput" -> Mode.THROUGHPUT;
            case "latency" -> Mode.LATENCY;
            case "idle" -> Mode.IDLE;
            default ->
                throw new IllegalArgumentException("--mode '" + modeName + "' is none of throughput, latency, idle");
        };
    }

    private Path plot() {
        return plot != null || json == null
                ? plot
                : json.resolveSibling(json.getFileName().toString().replaceAll("\\.json$", "") + ".html");
    }

    private VhostOptions options() {
        check("--seconds", seconds, 1, 600);
        check("--warm-up", warmUpSeconds, 0, 60);
        check("--rounds", rounds, 1, 100);
        check("--ports", ports, 2, 1_000);
        check("--frame", frameBytes, FrameTemplate.MIN_BYTES, FrameTemplate.MAX_BYTES);
        GuestDevice.checkRingSize(ringSize);
        IdlePolicy.of(idlePolicy);
        MakasPeer.checkVhost(vhost);
        int lastCore = Runtime.getRuntime().availableProcessors() - 1;
        check("--switch-core", switchCore, 0, lastCore);
        check("--guest-core", guestCore, 0, lastCore);
        if (flows != null) {
            check("--flows", flows, 1, FlowSet.MAX_FLOWS);
        }
        for (String peer : peers) {
            if (!Peers.KNOWN.contains(peer)) {
                throw new IllegalArgumentException("--peers " + peer + " is none of " + String.join(", ", Peers.KNOWN));
            }
        }
        return new VhostOptions(
                seconds,
                warmUpSeconds,
                rounds,
                List.copyOf(peers),
                flows != null ? flows : trace != null ? NO_FLOWS_ASKED_FOR : DEFAULT_FLOWS,
                PacketOrder.of(order),
                seed,
                new PeerOptions(switchCore, ringSize, frameBytes, ports - 2),
                guestCore,
                idlePolicy,
                vhost,
                javaOptions.isBlank() ? List.of() : List.of(javaOptions.strip().split(" +")));
    }

    private void checkHugepages() {
        long neededMib = HUGEPAGES_MIB * (1 + peers.size());
        if (Machine.freeHugepagesMib() < neededMib) {
            throw new IllegalStateException("only " + Machine.freeHugepagesMib() + " MiB of hugepages are free, "
                    + neededMib + " are needed; reserve some: echo 1024 > /proc/sys/vm/nr_hugepages");
        }
    }

    private static void check(String option, int value, int from, int to) {
        if (value < from || value > to) {
            throw new IllegalArgumentException(option + " " + value + " is not from " + from + " to " + to);
        }
    }
}
