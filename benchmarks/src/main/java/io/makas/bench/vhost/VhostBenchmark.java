// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

import io.makas.dataplane.Datapath;
import io.makas.dataplane.DatapathConfig;
import io.makas.dataplane.DpdkConfig;
import io.makas.dataplane.PortInfo;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.port.PortConfig.VhostRole;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.text.FlowText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Measures how many packets a second go from one vhost-user port to another through a whole data path (ports, caches, action
 * programs, one worker), and how many {@code dpdk-testpmd} forwards between its vhost ports in the same place, in turn.
 *
 * <p>The guest is another {@code dpdk-testpmd} on another core: it sends a first burst of 64-byte frames by each of its two virtio
 * ports, and sends what comes in by one out of the other for as long as it lives.
 */
final class VhostBenchmark {

    private static final long PATIENCE_MS = 15_000;

    private final VhostOptions options;
    private final Consumer<String> progress;
    private final List<Double> makasRates = new ArrayList<>();
    private final List<Double> testPmdRates = new ArrayList<>();
    private long packets;
    private long bursts;
    private long dropped;
    private CacheStatistics cache = new CacheStatistics(0, 0, 0, 0, 0, 0, 0);

    VhostBenchmark(VhostOptions options, Consumer<String> progress) {
        this.options = options;
        this.progress = progress;
    }

    VhostResult run() throws Exception {
        Path directory = Files.createTempDirectory("makas-bench-");
        try {
            for (int round = 1; round <= options.rounds(); round++) {
                String label = "round " + round + " of " + options.rounds() + ": ";
                testPmdRates.add(measurePeer(directory));
                progress.accept(label + "dpdk-testpmd " + mpps(testPmdRates.getLast()));
                makasRates.add(measureMakas(directory));
                progress.accept(label + "makas " + mpps(makasRates.getLast()));
            }
        } finally {
            deleteAll(directory);
        }
        return new VhostResult(options, makasRates, testPmdRates, (double) packets / bursts, dropped, cache);
    }

    private double measurePeer(Path directory) throws Exception {
        Path a = directory.resolve("peer-a");
        Path b = directory.resolve("peer-b");
        try (TestPmd peer = TestPmd.inPlaceOfTheSwitch(directory, a, b, options.switchCore())) {
            awaitSockets(peer, a, b);
            return measureGuest(directory, a, b);
        }
    }

    private double measureMakas(Path directory) throws Exception {
        DatapathConfig config = new DatapathConfig(
                options.switchCore(),
                IdlePolicy.DEFAULT,
                WorkerLimits.DEFAULT,
                DatapathConfig.DEFAULT.maxFlows(),
                DpdkConfig.DEFAULT);
        try (Datapath datapath = Datapath.open(config)) {
            Path a = directory.resolve("makas-a");
            Path b = directory.resolve("makas-b");
            datapath.addPort(new PortConfig.VhostUser("a", a, VhostRole.SERVER), 1);
            datapath.addPort(new PortConfig.VhostUser("b", b, VhostRole.SERVER), 2);
            datapath.edit(List.of(
                    FlowText.parse("in_port=1,actions=output:2"), FlowText.parse("in_port=2,actions=output:1")));
            double rate = measureGuest(directory, a, b);
            record(datapath);
            return rate;
        }
    }

    private double measureGuest(Path directory, Path a, Path b) throws Exception {
        try (TestPmd guest = TestPmd.guest(directory, a, b, options.flows(), options.guestCore())) {
            // Starting takes the guest about a second, in which it prints nothing.
            Thread.sleep((options.warmUpSeconds() + options.seconds() + 2) * 1_000L);
            List<Long> rates = guest.stopAndReadRates();
            List<Double> counted = new ArrayList<>();
            for (int i = Math.min(options.warmUpSeconds(), rates.size() - 1); i < rates.size(); i++) {
                counted.add((double) rates.get(i));
            }
            return VhostResult.median(counted);
        }
    }

    private void record(Datapath datapath) {
        for (WorkerStatistics worker : datapath.workers()) {
            packets += worker.packets();
            bursts += worker.bursts();
            cache = cache.plus(worker.cache());
        }
        for (PortInfo port : datapath.ports()) {
            dropped += port.receiveDropped();
        }
        dropped += datapath.drops().values().stream().mapToLong(Long::longValue).sum();
    }

    private static void awaitSockets(TestPmd peer, Path... sockets) throws InterruptedException, IOException {
        long deadlineMs = System.currentTimeMillis() + PATIENCE_MS;
        for (Path socket : sockets) {
            while (!Files.exists(socket)) {
                if (!peer.isAlive() || System.currentTimeMillis() > deadlineMs) {
                    peer.stopAndReadRates();
                    throw new IllegalStateException("dpdk-testpmd did not open " + socket);
                }
                Thread.sleep(20);
            }
        }
    }

    private static void deleteAll(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.delete(directory);
    }

    private static String mpps(double rate) {
        return String.format("%.2f Mpps", rate / 1e6);
    }
}
