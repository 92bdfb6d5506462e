// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import io.makas.cli.demo.echo.EchoPeers;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.Leftovers;
import io.makas.cli.demo.host.Machine;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Cores;
import io.makas.cli.demo.measure.Pair;
import io.makas.cli.demo.report.Check;
import io.makas.cli.demo.report.LatencyChart;
import io.makas.cli.demo.report.Report;
import io.makas.cli.demo.report.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The demonstration from beginning to end: start the switch, wire two containers, program flows, prove that flows decide,
 * measure beside a Linux bridge, report, and remove everything.
 *
 * <p>Runs on the main thread. What it makes is on the {@link Cleanup} stack before or as soon as it is there; the stack is
 * run at the end, after a failure, and by the shutdown hook after Ctrl-C or SIGTERM.
 */
final class Demo {

    private static final int ROUNDS = 3;
    private static final int SECONDS = 1;
    /** No round begins that would not end by then. */
    private static final Duration LIMIT = Duration.ofSeconds(170);
    /** What the switch (256 MiB) and the guest need for their packets. */
    private static final int HUGEPAGE_MIB = 320;

    private final long startNs = System.nanoTime();
    private final Screen screen;
    private final Options options;
    private final RunDirectory directory;
    private final Cleanup cleanup = new Cleanup();
    private final Shell shell;
    /** For removing things: goes on working after {@link #shell} was stopped. */
    private final Shell cleanupShell;

    private volatile boolean stopping;
    private volatile boolean over;
    /** Null until it has been started. */
    private RunningSwitch running;

    /**
     * What the user asked for.
     *
     * @param home the checkout: sample files and the launcher come from there
     * @param output the folder that report and picture go to
     * @param quick one round instead of three
     * @param json another file to write the report to
     */
    record Options(Path home, Path output, boolean quick, Optional<Path> json) {
        Path launcher() {
            return home.resolve("makas");
        }
    }

    private Demo(Screen screen, Options options) {
        this.screen = screen;
        this.options = options;
        this.directory = RunDirectory.create(RunDirectory.BASE);
        this.shell = new Shell(directory.path());
        this.cleanupShell = new Shell(directory.path());
        cleanup.push("directory " + directory.path(), directory::delete);
    }

    /** Runs the demonstration; returns the exit status: 0, or 1 when something failed, which was said. */
    static int run(Screen screen, Options options) {
        Demo demo = new Demo(screen, options);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(demo::stopAndRemove));
        return demo.run();
    }

    private int run() {
        List<String> failures = new ArrayList<>();
        try {
            Report report = show();
            report.checks().stream()
                    .filter(check -> !check.ok())
                    .forEach(check -> failures.add("check '" + check.name() + "' failed: " + check.detail()));
        } catch (RuntimeException e) {
            if (!stopping) {
                failures.add(e.getMessage() == null ? e.toString() : e.getMessage());
            }
        }
        if (!failures.isEmpty() && running != null) {
            failures.add((running.alive() ? "the log of the switch: " : "the switch has ended by itself; its log: ")
                    + write("switch.log", running.log()));
        }
        if (!stopping) {
            screen.now("removing what was made");
        }
        failures.addAll(cleanup.run());
        if (!stopping) {
            failures.forEach(screen::error);
        }
        over = true;
        return failures.isEmpty() ? 0 : 1;
    }

    /** The shutdown hook. After a normal end there is nothing left for it to do. */
    private void stopAndRemove() {
        if (over) {
            return;
        }
        stopping = true;
        shell.stop();
        cleanup.run().forEach(screen::error);
        screen.say("stopped; what was made is removed");
    }

    private Report show() {
        screen.heading("This machine");
        new Leftovers(cleanupShell).remove(RunDirectory.BASE).forEach(screen::say);
        Machine machine = Machine.look();
        Cores cores = Cores.choose(machine.cpus());
        describe(machine);

        screen.heading("The switch and two containers");
        CniNetwork network = new CniNetwork(shell, cleanupShell, cleanup, directory);
        screen.now("starting the switch");
        running = RunningSwitch.start(options.launcher(), shell, cleanup, directory, cores);
        screen.say("switch is ready, its worker on CPU " + cores.worker());
        screen.now("wiring two containers");
        CniNetwork.Joined pods = AfxdpPath.create(network, running, directory, options.home());
        screen.say("CNI plugin makas-cni gave two containers the addresses "
                + pods.client().address() + " and " + pods.server().address());

        screen.heading("Flows decide");
        EchoPeers peers = EchoPeers.start(shell, cleanup, directory, pods.pair());
        Proof proof = new Proof(
                screen, shell, running.client(), pods, peers, options.home().resolve("deploy/flows/pair.flows"));
        List<Check> checks = proof.run();
        if (!checks.stream().allMatch(Check::ok)) {
            Report failed = new Report(machine, cores, 0, List.of(), List.of(), checks);
            writeJson(failed);
            return failed;
        }

        screen.heading("Measuring");
        List<Pair> pairs = new ArrayList<>(List.of(BridgePath.create(network, cleanupShell, cleanup, directory)));
        if (!Ping.answered(shell, pairs.getFirst(), 1)) {
            screen.say(
                    "the bridge is left out, because it lets nothing through: is the policy of iptables' chain FORWARD"
                            + " DROP?");
            pairs.clear();
        } else {
            screen.say("bridge: two more containers, wired by the standard CNI plugin of that name");
        }
        pairs.add(pods.pair());
        Report report = measure(machine, cores, pairs, checks);
        screen.text(Table.of(report));
        finish(report);
        return report;
    }

    private void describe(Machine machine) {
        screen.say("Linux " + machine.kernel() + ", " + machine.cpus().size() + " × " + machine.cpu() + ", JDK "
                + machine.jdk());
        screen.say(machine.hugepages() + " hugepages of " + machine.hugepageKib() / 1_024 + " MiB, "
                + machine.hugepagesFree() + " of them free");
        screen.say(machine.bridgeNetfilterText());
    }

    private Report measure(Machine machine, Cores cores, List<Pair> pairs, List<Check> checks) {
        VhostUserPath guests = new VhostUserPath(options.launcher(), shell, cleanup, directory, cores, SECONDS);
        Optional<VhostUserPath> vhostUser = Optional.empty();
        if (machine.hugepagesFreeMib() >= HUGEPAGE_MIB) {
            guests.open(running.client());
            screen.say("vhost-user: two more ports, added over gRPC");
            vhostUser = Optional.of(guests);
        } else {
            screen.say("vhost-user is left out: it needs " + HUGEPAGE_MIB + " MiB of free hugepages, and "
                    + machine.hugepagesFreeMib() + " MiB are there");
        }
        Measurement measurement = new Measurement(
                screen, cores, pairs, vhostUser, new Measurement.Tools(shell, cleanup, directory, SECONDS));
        int rounds = 0;
        int wanted = options.quick() ? 1 : ROUNDS;
        long roundNs = 0;
        while (rounds < wanted && System.nanoTime() - startNs + roundNs < LIMIT.toNanos()) {
            roundNs = measurement.round(++rounds, wanted);
        }
        if (rounds < wanted) {
            screen.say("no further round: this machine is busy, and the demo is to end within three minutes");
        }
        return new Report(machine, cores, rounds, measurement.roundTrips(), measurement.throughput(), checks);
    }

    private void finish(Report report) {
        screen.text("");
        writeJson(report);
        screen.say("picture: " + write("latency.svg", LatencyChart.svg(report)));
    }

    private void writeJson(Report report) {
        screen.say("report:  " + write("report.json", report.toJson()));
        options.json().ifPresent(file -> screen.say("report:  " + write(file, report.toJson())));
    }

    private Path write(String name, String text) {
        return write(options.output().resolve(name), text);
    }

    private static Path write(Path file, String text) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }
}
