// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import com.google.gson.GsonBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
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
        description = "Forwarding between two vhost-user ports, beside dpdk-testpmd in the switch's place.")
public final class VhostCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            defaultValue = "5",
            description = "Length of a measurement (default ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "3",
            description = "Seconds left out before (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds; medians count (default ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--flows",
            defaultValue = "1",
            description =
                    "Flows a direction: 1, or 32, each packet of the guest's burst of another (default ${DEFAULT-VALUE}).")
    private int flows;

    @Option(
            names = "--switch-core",
            defaultValue = "1",
            description = "Processor of the switch (default ${DEFAULT-VALUE}).")
    private int switchCore;

    @Option(
            names = "--guest-core",
            defaultValue = "0",
            description = "Processor of the guest (default ${DEFAULT-VALUE}).")
    private int guestCore;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to a file.")
    private Path json;

    @Override
    public Integer call() throws Exception {
        check("--seconds", seconds, 1, 600);
        check("--warm-up", warmUpSeconds, 0, 60);
        check("--rounds", rounds, 1, 100);
        if (flows != 1 && flows != TestPmd.BURST_PACKETS) {
            throw new ParameterException(
                    spec.commandLine(), "--flows " + flows + ": the guest can send 1 flow or " + TestPmd.BURST_PACKETS);
        }
        int lastCore = Runtime.getRuntime().availableProcessors() - 1;
        check("--switch-core", switchCore, 0, lastCore);
        check("--guest-core", guestCore, 0, lastCore);
        VhostOptions options = new VhostOptions(seconds, warmUpSeconds, rounds, flows, switchCore, guestCore);
        VhostResult result = new VhostBenchmark(options, System.err::println).run();
        print(result);
        if (json != null) {
            Files.writeString(
                    json, new GsonBuilder().setPrettyPrinting().create().toJson(result.toJson()) + "\n");
        }
        return 0;
    }

    private void check(String option, int value, int from, int to) {
        if (value < from || value > to) {
            throw new ParameterException(
                    spec.commandLine(), option + " " + value + " is not from " + from + " to " + to);
        }
    }

    private static void print(VhostResult result) {
        System.out.printf(
                "vhost-user to vhost-user, 64-byte frames, %d flow(s) a direction, %s%n",
                result.options().flows(), result.placement());
        System.out.printf("  makas         %6.2f Mpps%n", result.medianMpps());
        System.out.printf("  dpdk-testpmd  %6.2f Mpps in the same place%n", result.medianTestPmdMpps());
        System.out.printf("  ratio         %6.2f%n", result.medianMpps() / result.medianTestPmdMpps());
        System.out.printf("  packets a burst %.1f, dropped %d%n", result.packetsPerBurst(), result.dropped());
        System.out.printf(
                "  found in the exact-match cache %d, in the megaflow cache %d, asked of the pipeline %d%n",
                result.cache().exactHits(),
                result.cache().megaflowHits(),
                result.cache().misses());
    }
}
