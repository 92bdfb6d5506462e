// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running {@code dpdk-testpmd} that forwards in {@code io} mode between two ports and prints its rates every second.
 *
 * <p>It buffers what it prints, so its rates are read when it has ended.
 */
final class TestPmd implements AutoCloseable {

    /** Packets of a burst of {@code dpdk-testpmd}, so of the first one, which goes round for ever. */
    static final int BURST_PACKETS = 32;

    private static final Pattern RATE = Pattern.compile("Rx-pps:\\s+(\\d+)");
    private static final int MEMORY_MIB = 256;
    private static final int PORTS = 2;

    private final Process process;
    private final Path log;

    private TestPmd(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts the guest: two virtio ports that attach to the vhost-user sockets of the switch, the first packets sent.
     *
     * @param flows 1, or {@link #BURST_PACKETS} for a flow of its own for each packet
     * @param core processor for all its threads
     */
    static TestPmd guest(Path directory, Path socketA, Path socketB, int flows, int core) throws IOException {
        return start(
                directory,
                "guest",
                core,
                List.of("net_virtio_user0,path=" + socketA, "net_virtio_user1,path=" + socketB),
                flows == 1 ? List.of("--tx-first") : List.of("--tx-first", "--txonly-multi-flow"));
    }

    /** Starts a peer in the switch's place: two vhost-user ports that listen on the sockets. */
    static TestPmd inPlaceOfTheSwitch(Path directory, Path socketA, Path socketB, int core) throws IOException {
        return start(
                directory,
                "peer",
                core,
                List.of("net_vhost0,iface=" + socketA, "net_vhost1,iface=" + socketB),
                List.of());
    }

    private static TestPmd start(Path directory, String role, int core, List<String> devices, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "dpdk-testpmd",
                "--lcores=0@" + core + ",1@" + core,
                "--in-memory",
                "--no-pci",
                "--single-file-segments",
                "-m",
                Integer.toString(MEMORY_MIB)));
        devices.forEach(device -> command.add("--vdev=" + device));
        command.addAll(List.of("--", "--forward-mode=io", "--stats-period=1", "--total-num-mbufs=16384"));
        command.addAll(options);
        Path log = directory.resolve(role + ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .start();
        return new TestPmd(process, log);
    }

    /** Whether it still runs. */
    boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Ends it and answers how many packets it received a second, both ports together, for each whole second that it ran.
     *
     * @throws IllegalStateException if it never forwarded; the message has the end of what it printed
     */
    List<Long> stopAndReadRates() throws IOException, InterruptedException {
        interrupt();
        String output = Files.readString(log);
        List<Long> rates = parseRates(output);
        if (rates.stream().mapToLong(Long::longValue).sum() == 0) {
            throw new IllegalStateException("dpdk-testpmd forwarded nothing; it printed:\n"
                    + output.substring(Math.max(0, output.length() - 2_000)));
        }
        return rates;
    }

    /** The sums of each second's rates of the ports. */
    static List<Long> parseRates(String output) {
        List<Long> rates = new ArrayList<>();
        Matcher matcher = RATE.matcher(output);
        long sum = 0;
        for (int seen = 1; matcher.find(); seen++) {
            sum += Long.parseLong(matcher.group(1));
            if (seen % PORTS == 0) {
                rates.add(sum);
                sum = 0;
            }
        }
        return rates;
    }

    private void interrupt() throws InterruptedException {
        if (process.isAlive()) {
            // SIGINT, which Process cannot send, has it print its totals; SIGTERM ends it cleanly as well.
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Override
    public void close() {
        try {
            interrupt();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
