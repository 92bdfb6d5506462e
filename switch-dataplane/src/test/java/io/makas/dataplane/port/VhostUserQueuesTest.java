// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.MbufPool;
import io.makas.dataplane.sys.Eal;
import io.makas.dataplane.sys.EalOptions;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.testing.RequiresCommand;
import io.makas.dataplane.testing.RequiresHugepages;
import io.makas.dataplane.testing.RequiresLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guest with several queue pairs: {@code dpdk-testpmd}, which sends a frame back by the queue it came in by. */
@RequiresHugepages(freeMib = 160)
@RequiresLibrary(value = "librte_vhost.so", debianPackage = "dpdk-dev")
@RequiresCommand(value = "dpdk-testpmd", debianPackage = "dpdk-dev")
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VhostUserQueuesTest {

    private static final int QUEUES = 3;
    private static final int FLOWS = 1024;
    private static final int UDP_SOURCE_PORT = 34;

    private final FrameBatch batch = new FrameBatch();

    @TempDir
    private Path directory;

    @Test
    void shouldExchangeFramesOfManyFlowsOnAllQueuePairs() throws Exception {
        Eal.start(EalOptions.ofHugepages());
        Path socket = directory.resolve("s");
        Process guest = startGuest(socket);
        try (MbufPool pool = new MbufPool("switch", 4095, MbufPool.USUAL_FRAME_BYTES);
                VhostUserPort port =
                        VhostUserPort.open(new PortConfig.VhostUser("v1", socket, PortConfig.VhostRole.CLIENT), pool)) {
            port.attach();
            Await.until("all queue pairs are there", () -> port.description().contains(QUEUES + " queue pair(s)"));

            BitSet returned = new BitSet();
            Await.until("every flow came back", () -> {
                for (int flow = returned.nextClearBit(0); flow < FLOWS; flow = returned.nextClearBit(flow + 1)) {
                    add(pool, flow);
                    if (!batch.hasRoom()) {
                        port.transmit(batch);
                        collect(port, returned);
                    }
                }
                port.transmit(batch);
                collect(port, returned);
                return returned.cardinality() == FLOWS;
            });

            assertEquals(0, port.counters().receiveDropped());
            port.detach();
        } finally {
            stop(guest);
        }
        assertEquals(QUEUES, queuesUsed(), () -> "queues used, of " + QUEUES);
    }

    private Process startGuest(Path socket) throws IOException {
        String cpus = "(0-" + (Runtime.getRuntime().availableProcessors() - 1) + ")";
        return new ProcessBuilder(
                        "dpdk-testpmd",
                        "--in-memory",
                        "--no-pci",
                        "--no-telemetry",
                        "--single-file-segments",
                        "--lcores=0@" + cpus + ",1@" + cpus,
                        "--vdev=net_virtio_user0,server=1,path=" + socket + ",queues=" + QUEUES,
                        "--",
                        "--forward-mode=macswap",
                        "--rxq=" + QUEUES,
                        "--txq=" + QUEUES,
                        "--port-topology=loop",
                        "--total-num-mbufs=4096",
                        "--auto-start")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static void stop(Process guest) throws InterruptedException {
        guest.destroy(); // It then says what went by which queue.
        if (!guest.waitFor(10, TimeUnit.SECONDS)) {
            guest.destroyForcibly().waitFor();
        }
    }

    private long queuesUsed() throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("log"))) {
            return lines.filter(line -> line.contains("Forward Stats for RX Port= 0/Queue="))
                    .count();
        }
    }

    /** A UDP frame whose source port is the number of its flow. */
    private void add(MbufPool pool, int flow) {
        byte[] frame = HexFormat.of()
                .parseHex("020000000001" + "020000000002" + "0800" + "4500002e00000000401100000a0000010a000002" + "0000"
                        + "1388" + "001a0000" + "00".repeat(18));
        ByteBuffer.wrap(frame).putShort(UDP_SOURCE_PORT, (short) flow);
        long handle = pool.allocate();
        long address = pool.bufferAddress(handle) + FramePool.MIN_HEADROOM_BYTES;
        Memory.copyIn(frame, 0, address, frame.length);
        batch.add(handle, address, frame.length);
    }

    private void collect(Port port, BitSet flows) {
        while (port.receive(batch) > 0) {
            for (int i = 0; i < batch.count; i++) {
                byte[] frame = new byte[batch.lengthBytes[i]];
                Memory.copyOut(batch.address[i], frame, 0, frame.length);
                flows.set(ByteBuffer.wrap(frame).getShort(UDP_SOURCE_PORT) & 0xffff);
            }
            port.pool().release(batch.handle, 0, batch.count);
            batch.clear();
        }
    }
}
