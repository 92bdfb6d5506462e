// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.GetSwitchResponse;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas stats}: the switch at a glance. */
@Command(
        name = "stats",
        description = "Show which switch answers: version, process, age, ports, flows, packets.",
        mixinStandardHelpOptions = true)
final class StatsCommand implements Callable<Integer> {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public Integer call() {
        Map<String, Object> stats = new LinkedHashMap<>();
        try (SwitchClient client = makas.connect()) {
            GetSwitchResponse info = client.info();
            stats.put("version", info.getVersion());
            stats.put("pid", info.getPid());
            stats.put("up_s", upSeconds(info));
            stats.put("ports", info.getPorts());
            stats.put("flows", info.getFlows());
            stats.put(
                    "packets",
                    client.workers().stream()
                            .mapToLong(worker -> worker.getPackets())
                            .sum());
            stats.put(
                    "dropped_packets",
                    client.drops().stream().mapToLong(drop -> drop.getPackets()).sum());
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (output.form()) {
            case TEXT -> stats.forEach((key, value) -> out.printf("%-16s %s%n", key, value));
            case JSON -> out.println(Json.text(stats));
        }
        out.flush();
        return Main.OK;
    }

    private static long upSeconds(GetSwitchResponse info) {
        long startedNs = info.getStartedUnixNs();
        long nanosInSecond = TimeUnit.SECONDS.toNanos(1);
        Instant started = Instant.ofEpochSecond(startedNs / nanosInSecond, startedNs % nanosInSecond);
        return Duration.between(started, Instant.now()).toSeconds();
    }
}
