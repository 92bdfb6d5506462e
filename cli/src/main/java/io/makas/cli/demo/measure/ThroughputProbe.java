// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import io.makas.cli.demo.host.CommandFailedException;
import io.makas.cli.demo.host.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Throughput from the first container of a pair to the second, by iperf3: one TCP connection, and UDP datagrams of
 * {@value LatencyProbe#BYTES} bytes of payload as fast as the sender can. What the receiver got counts.
 */
public final class ThroughputProbe {

    private static final int ATTEMPTS = 40;
    private static final long RETRY_MS = 50;

    private final Shell shell;
    private final Cores cores;
    private final Servers servers;
    private final int seconds;

    /** A probe whose measurements take so many seconds each. */
    public ThroughputProbe(Shell shell, Cores cores, Servers servers, int seconds) {
        this.shell = shell;
        this.cores = cores;
        this.servers = servers;
        this.seconds = seconds;
    }

    /** TCP payload received, in Gbit/s. */
    public double tcpGbps(Pair pair, Placement placement) {
        return run(pair, placement, List.of(), Iperf3Result::tcpGbps);
    }

    /** UDP datagrams received, in thousands a second. */
    public double udpKpps(Pair pair, Placement placement) {
        List<String> flood = List.of("--udp", "--length", Integer.toString(LatencyProbe.BYTES), "--bitrate", "0");
        return run(pair, placement, flood, Iperf3Result::udpKpps);
    }

    private double run(Pair pair, Placement placement, List<String> options, ToDoubleFunction<String> figure) {
        int port = servers.iperf3(pair, placement);
        List<String> command = new ArrayList<>(List.of("iperf3", "--client", pair.serverAddress()));
        command.addAll(List.of("--port", Integer.toString(port), "--time", Integer.toString(seconds), "--json"));
        command.addAll(options);
        List<String> complete = pair.client().inside(cores.firstEnd(placement, command));
        for (int attempt = 0; ; attempt++) {
            Shell.Output output = shell.tryRun(Duration.ofSeconds(20L + seconds), complete);
            if (output.ok()) {
                return read(complete, output, figure);
            }
            // The server tidies up after a test for a moment longer than its client.
            if (attempt == ATTEMPTS || !Iperf3Result.serverBusy(output.text())) {
                throw new CommandFailedException(complete, "exit status " + output.exitCode(), output.all());
            }
            pause();
        }
    }

    private static double read(List<String> command, Shell.Output output, ToDoubleFunction<String> figure) {
        try {
            return figure.applyAsDouble(output.text());
        } catch (ToolOutputException e) {
            throw new CommandFailedException(command, e.getMessage(), output.errors());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
