// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo.measure;

import io.makas.cli.demo.host.Child;
import io.makas.cli.demo.host.Cleanup;
import io.makas.cli.demo.host.RunDirectory;
import io.makas.cli.demo.host.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The servers that wait in the second container of each pair, one for each tool, protocol and placement, because a
 * server's CPU is chosen when it starts. They sleep while nobody talks to them, so they stay for the whole demonstration.
 */
public final class Servers {

    private static final int SOCKPERF_PORT = 11_111;
    private static final int IPERF3_PORT = 5_201;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** State of a listening TCP socket in {@code /proc/net/tcp} ({@code TCP_LISTEN} of linux/tcp_states.h). */
    private static final String LISTEN = "0A";
    /** State of a bound UDP socket in {@code /proc/net/udp} ({@code TCP_CLOSE}). */
    private static final String BOUND = "07";

    private final Shell shell;
    private final Cleanup cleanup;
    private final RunDirectory directory;
    private final Cores cores;
    private final Map<String, Integer> ports = new HashMap<>();

    /** Keeps what is needed to start servers; what is started is closed by the cleanup. */
    public Servers(Shell shell, Cleanup cleanup, RunDirectory directory, Cores cores) {
        this.shell = shell;
        this.cleanup = cleanup;
        this.directory = directory;
        this.cores = cores;
    }

    /** Port of the sockperf server for this case, which is started if it does not run yet. */
    int sockperf(Pair pair, Placement placement, Protocol protocol) {
        int port = SOCKPERF_PORT + 2 * placement.ordinal() + protocol.ordinal();
        List<String> command = new ArrayList<>(List.of("sockperf", "server", "--ip", pair.serverAddress()));
        command.addAll(List.of("--port", Integer.toString(port)));
        command.addAll(protocol.sockperfOptions());
        return running(pair, placement, port, protocol, command);
    }

    /** Port of the iperf3 server for this case, which is started if it does not run yet. */
    int iperf3(Pair pair, Placement placement) {
        int port = IPERF3_PORT + placement.ordinal();
        List<String> command = List.of("iperf3", "--server", "--port", Integer.toString(port));
        return running(pair, placement, port, Protocol.TCP, command);
    }

    private int running(Pair pair, Placement placement, int port, Protocol protocol, List<String> command) {
        return ports.computeIfAbsent(pair.path() + " " + port, key -> {
            Child server = shell.start(pair.server().inside(cores.secondEnd(placement, command)));
            cleanup.push(command.getFirst() + " server of " + pair.path(), server::kill);
            directory.adopt(server.pid());
            server.await("listening on port " + port, PATIENCE, () -> listening(server.pid(), protocol, port));
            return port;
        });
    }

    /** Whether the namespace of a process has a socket that waits on this port. */
    private static boolean listening(long pid, Protocol protocol, int port) {
        String suffix = String.format(Locale.ROOT, ":%04X", port);
        String state = protocol == Protocol.TCP ? LISTEN : BOUND;
        for (String family : List.of("", "6")) {
            Path table = Path.of("/proc", Long.toString(pid), "net", protocol.label() + family);
            try {
                for (String line : Files.exists(table) ? Files.readAllLines(table) : List.<String>of()) {
                    String[] columns = line.strip().split("\\s+");
                    if (columns.length > 3 && columns[1].endsWith(suffix) && columns[3].equals(state)) {
                        return true;
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + table, e);
            }
        }
        return false;
    }
}
