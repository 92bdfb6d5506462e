// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.testing.RequiresRoot;
import io.makas.dataplane.testing.Unfinished;
import io.makas.dataplane.testing.VirtioGuest;
import io.makas.dataplane.worker.Worker;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.text.FlowText;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Guests at ports whose rings the switch works itself: partial checksums from and to them. */
@RequiresRoot
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VirtioPortOffloadTest {

    private static final int PORTS = 3;

    private final StockedFramePool pool = new StockedFramePool(4_096, 2_048);
    private final Pipeline pipeline = new Pipeline(() -> 0, 100);
    private final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);
    private final VirtioPort[] ports = new VirtioPort[PORTS + 1];
    private final VirtioGuest[] guests = new VirtioGuest[PORTS + 1];

    @TempDir
    private Path directory;

    @BeforeEach
    void openPorts() throws Exception {
        for (int i = 1; i <= PORTS; i++) {
            Path socket = directory.resolve("s" + i);
            ports[i] = VirtioPort.open(new PortConfig.VhostUser("v" + i, socket, PortConfig.VhostRole.SERVER), pool);
            worker.addPort(ports[i], i);
        }
        pipeline.setPorts(
                IntStream.rangeClosed(1, PORTS).mapToObj(PortState::new).toList());
        pipeline.apply(List.of(FlowText.parse("in_port=1,actions=push_vlan:0x8100,output:2,pop_vlan,output:3")));
        connect(1, VirtioGuest.OFFLOADS);
        connect(2, VirtioGuest.OFFLOADS);
        connect(3, 0);
    }

    @AfterEach
    void closePorts() {
        for (int i = 1; i <= PORTS; i++) {
            worker.removePort(i);
            guests[i].close();
            ports[i].close();
        }
        worker.onClose();
        pool.close();
    }

    @Test
    void shouldCompleteOrHandOnAPartialChecksum() {
        assertEquals(Offload.CHECKSUM, ports[2].offloads());
        assertEquals(0, ports[3].offloads());
        for (byte[] finished : List.of(Unfinished.tcpFrame(100), udp(33))) {
            guests[1].send(Unfinished.partial(finished));

            Unfinished tagged = receive(2);
            assertEquals(38, Offload.checksumStart(tagged.offload()));
            Unfinished.assertChecksums(tagged.finished().getFirst());
            assertArrayEquals(finished, receive(3).bytes());
        }
    }

    @Test
    void shouldDropWhatAGuestCannotMean() {
        int needs = Offload.NEEDS_CHECKSUM;
        guests[1].send(new Unfinished(udp(100), Offload.of(needs, Offload.GSO_NONE, 0, 2, 4)));
        Await.until("the frame is dropped", () -> {
            worker.doWork();
            return worker.drops().get(DropReason.BAD_OFFLOAD) == 1;
        });

        guests[1].send(Unfinished.partial(udp(100)));

        assertArrayEquals(udp(100), receive(3).bytes());
    }

    private static byte[] udp(int payloadBytes) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1_024, 53)
                .payload(new byte[payloadBytes])
                .build();
    }

    private void connect(int port, long features) {
        guests[port] = new VirtioGuest(directory.resolve("s" + port), features);
        Await.until("guest " + port + " is there", ports[port]::linkUp);
    }

    private Unfinished receive(int port) {
        Unfinished[] received = new Unfinished[1];
        Await.until("guest " + port + " has a frame", () -> {
            worker.doWork();
            received[0] = guests[port].receive();
            return received[0] != null;
        });
        return received[0];
    }
}
