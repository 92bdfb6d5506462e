// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.CpuAffinity;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.testing.Unfinished;
import io.makas.dataplane.testing.VirtioGuest;
import io.makas.dataplane.vhost.VirtioFeatures;
import io.makas.dataplane.worker.Worker;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.text.FlowText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Measures bulk TCP between two vhost-user ports of librte_vhost, one way: whole segments of 64 KB, the same cut by the switch, and
 * frames of 1,514 bytes as guests without offloads send them. The worker runs on processor 1, both guests on processor 0.
 */
final class OffloadThroughput {

    private static final int ROUNDS = 3;
    private static final long ROUND_NS = 2_000_000_000L;
    private static final int PAYLOAD_BYTES = 45 * 1_448;

    private static volatile boolean stopping;

    private OffloadThroughput() {}

    public static void main(String[] arguments) throws Exception {
        Eal.start(EalOptions.ofHugepages());
        MbufPool pool = new MbufPool("switch", 8191, MbufPool.USUAL_FRAME_BYTES);
        Unfinished large = Unfinished.cut(Unfinished.tcpFrame(PAYLOAD_BYTES), 1_448);
        Unfinished small = Unfinished.cut(Unfinished.tcpFrame(1_460), 0);
        Unfinished finished = small.finished().stream()
                .map(b -> new Unfinished(b, 0))
                .findFirst()
                .orElseThrow();
        long mergeable = VirtioFeatures.MRG_RXBUF;
        for (int round = 0; round < ROUNDS; round++) {
            measure("whole", pool, large, 4, VirtioGuest.OFFLOADS | mergeable);
            measure("cut, checksums by the guest", pool, large, 4, VirtioFeatures.GUEST_CSUM | mergeable);
            measure("cut", pool, large, 4, mergeable);
            measure("1514 bytes, partial checksums handed on", pool, small, 128, VirtioGuest.OFFLOADS | mergeable);
            measure("1514 bytes, partial checksums completed", pool, small, 128, mergeable);
            measure("1514 bytes, finished", pool, finished, 128, mergeable);
        }
        System.exit(0);
    }

    private static void measure(String what, MbufPool pool, Unfinished frame, int onTheWay, long features)
            throws Exception {
        Path directory = Files.createTempDirectory("offload");
        Pipeline pipeline = new Pipeline(() -> 0, 10);
        Worker worker = new Worker("worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);
        VhostUserPort[] ports = new VhostUserPort[2];
        VirtioGuest[] guests = new VirtioGuest[2];
        for (int i = 0; i < 2; i++) {
            Path socket = directory.resolve("s" + i);
            ports[i] = VhostUserPort.open(new PortConfig.VhostUser("v" + i, socket, PortConfig.VhostRole.SERVER), pool);
            guests[i] = new VirtioGuest(socket, i == 0 ? VirtioGuest.OFFLOADS : features);
            Await.until("guest", ports[i]::linkUp);
        }
        pipeline.setPorts(List.of(new PortState(1), new PortState(2)));
        pipeline.apply(List.of(FlowText.parse("in_port=1,actions=output:2")));
        stopping = false;
        Thread thread = Thread.ofPlatform().start(() -> {
            CpuAffinity.pinTo(1);
            worker.addPort(ports[0], 1);
            worker.addPort(ports[1], 2);
            while (!stopping) {
                worker.doWork();
            }
            worker.removePort(1);
            worker.removePort(2);
            worker.onClose();
        });
        CpuAffinity.pinTo(0);
        guests[0].send(frame);
        run(guests, onTheWay, ROUND_NS / 4);
        long startNs = System.nanoTime();
        long startBytes = ports[1].counters().transmittedBytes();
        long startPackets = ports[1].counters().transmittedPackets();
        run(guests, onTheWay, ROUND_NS);
        long ns = System.nanoTime() - startNs;
        double gigabits = 8.0 * (ports[1].counters().transmittedBytes() - startBytes) / ns;
        double packets = 1e3 * (ports[1].counters().transmittedPackets() - startPackets) / ns;
        System.out.printf(
                "%-45s %6.1f Gbit/s %6.2f Mpps, dropped %d%n",
                what, gigabits, packets, ports[1].counters().transmitDropped());
        stopping = true;
        thread.join();
        for (int i = 0; i < 2; i++) {
            guests[i].close();
            ports[i].close();
        }
    }

    private static void run(VirtioGuest[] guests, int onTheWay, long ns) {
        long endNs = System.nanoTime() + ns;
        while (System.nanoTime() < endNs) {
            guests[0].sendAgain(onTheWay);
            guests[1].discard();
        }
    }
}
