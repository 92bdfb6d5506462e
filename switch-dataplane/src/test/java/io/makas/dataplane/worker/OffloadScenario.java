// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.dataplane.memory.NativeFramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.testing.Unfinished;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A worker without a thread and ports whose peers finish frames themselves, or do not, as each test says. */
abstract class OffloadScenario {

    static final int PORTS = 4;
    static final int ALL = Offload.CHECKSUM | Offload.TCPV4 | Offload.TCPV6 | Offload.UDP_L4;

    final Pipeline pipeline = new Pipeline(() -> 0, 1_000);
    final Worker worker = new Worker("test-worker", pipeline, new WorkerLimits(64, 50, 15), () -> 0);
    final MemoryPort[] ports = new MemoryPort[PORTS + 1];

    @BeforeEach
    void addPorts() {
        for (int number = 1; number <= PORTS; number++) {
            ports[number] = new MemoryPort(new PortConfig.Memory("m" + number));
            worker.addPort(ports[number], number);
        }
        pipeline.setPorts(
                IntStream.rangeClosed(1, PORTS).mapToObj(PortState::new).toList());
    }

    @AfterEach
    void everyBufferShouldBeBack() {
        for (int number = 1; number <= PORTS; number++) {
            NativeFramePool pool = (NativeFramePool) ports[number].pool();
            assertEquals(2 * MemoryPort.QUEUE_FRAMES, pool.available(), "buffers of port " + number);
            assertEquals(64, pool.availableLarge(), "large buffers of port " + number);
        }
        worker.onClose();
        for (int number = 1; number <= PORTS; number++) {
            ports[number].close();
        }
    }

    static byte[] udp(int payloadBytes) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1024, 53)
                .payload(new byte[payloadBytes])
                .build();
    }

    void add(String flow) throws Exception {
        pipeline.apply(List.of(FlowText.parse(flow)));
    }

    void send(Unfinished... frames) {
        for (Unfinished frame : frames) {
            ports[1].inject(frame.bytes(), frame.offload());
        }
        worker.doWork();
    }

    List<Unfinished> sent(int number) {
        List<Unfinished> sent = new ArrayList<>();
        long offload = ports[number].nextOffload();
        for (byte[] frame = ports[number].collect(); frame != null; frame = ports[number].collect()) {
            sent.add(new Unfinished(frame, offload));
            offload = ports[number].nextOffload();
        }
        return sent;
    }

    void assertSent(int number, List<Unfinished> expected) {
        List<Unfinished> sent = sent(number);
        assertEquals(expected.size(), sent.size());
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(expected.get(i).offload(), sent.get(i).offload(), "offload of frame " + i);
            assertArrayEquals(expected.get(i).bytes(), sent.get(i).bytes(), "frame " + i);
        }
    }

    static List<byte[]> bytes(List<Unfinished> frames) {
        return frames.stream().map(Unfinished::bytes).toList();
    }
}
