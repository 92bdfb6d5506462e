// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Pipeline;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.MeterText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two workers on threads of their own, with ports in memory. */
final class WorkersTest {

    private static final long PATIENCE_NS = 20_000_000_000L;

    /** Frames under way at most: no ring may be full, so that none may be lost. */
    private static final int WINDOW = 100;

    private final Pipeline pipeline = new Pipeline(System::nanoTime, 1_000);
    private final Workers workers =
            Workers.start(WorkersConfig.unpinned(2, IdlePolicy.DEFAULT), new WorkerLimits(64, 1_000, 63), pipeline);
    private final List<MemoryPort> ports = new ArrayList<>();
    private final List<PortState> states = new ArrayList<>();

    @AfterEach
    void close() {
        workers.close();
        ports.forEach(MemoryPort::close);
    }

    @Test
    void shouldGivePortsToWorkersInTurnAndPinWhatIsPinned() {
        add(1, "");
        add(2, "");
        add(3, "");
        add(4, "0:1");

        // The pinned one has its worker for itself.
        assertEquals(List.of(0, 0, 0, 1), whereAll());
    }

    @Test
    void shouldRefuseAnAffinityThatNamesWhatIsNotThereAndGoOn() throws Exception {
        add(1, "");
        for (String wrong : List.of("0:2", "1:0")) {
            MemoryPort port = new MemoryPort(new PortConfig.Memory("wrong"));
            String message = assertThrows(
                            IllegalArgumentException.class, () -> workers.add(port, 2, QueueAffinity.parse(wrong)))
                    .getMessage();
            assertTrue(message.contains("queue affinity " + wrong), message);
            port.close();
        }
        add(2, "0:1");
        flow("in_port=1,actions=output:2");

        port(1).inject(frame(5));
        assertArrayEquals(frame(5), collect(2));
    }

    @Test
    void shouldCarryFramesToPortsOfTheOtherWorkerAndBack() throws Exception {
        add(1, "0:0");
        add(2, "0:1");
        flow("in_port=1,actions=output:2");
        flow("in_port=2,actions=set_field:02:00:00:00:00:99->eth_dst,output:1,output:in_port");

        assertEquals(20_000, carry(1, 2, 20_000, () -> {}));
        port(2).inject(frame(3));

        assertEquals((byte) 0x99, collect(1)[5]);
        assertEquals((byte) 0x99, collect(2)[5]);
        assertEquals(20_001, packets());
    }

    @Test
    void shouldLoseNothingWhileQueuesMoveBackAndForth() throws Exception {
        add(1, "");
        add(2, "");
        add(3, "");
        flow("in_port=1,actions=output:2");
        flow("in_port=3,actions=output:2");
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService others = Executors.newFixedThreadPool(1)) {
            Future<Integer> moves = others.submit(() -> {
                int count = 0;
                for (; !done.get(); count++) {
                    PlacedQueue queue = workers.queues().get(count % 3);
                    workers.move(queue, 1 - queue.worker());
                }
                return count;
            });

            assertEquals(30_000, carry(1, 2, 30_000, () -> {}));

            done.set(true);
            assertTrue(moves.get() > 10, "moves");
        }
        assertEquals(30_000, packets());
        assertEquals(0, workers.drops().get(DropReason.NO_SUCH_PORT));
        assertEquals(0, workers.drops().get(DropReason.HAND_OFF_FULL));
    }

    @Test
    void shouldNotDisturbOthersWhenPortsOfTheOtherWorkerComeAndGoUnderLoad() throws Exception {
        add(1, "0:0");
        add(2, "0:1");
        flow("in_port=1,udp,tp_dst=9,actions=output:2,output:7");
        flow("in_port=7,actions=output:1,output:2");
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> changes = new ArrayList<>();
            changes.add(others.submit((Callable<Integer>) () -> {
                int count = 0;
                for (; !done.get(); count++) {
                    MemoryPort port = new MemoryPort(new PortConfig.Memory("x"));
                    workers.add(port, 7, QueueAffinity.parse("0:" + count % 2));
                    port.inject(frame(77));
                    workers.remove(7);
                    port.close();
                }
                return count;
            }));
            changes.add(others.submit((Callable<Integer>) () -> {
                int count = 0;
                for (; !done.get(); count++) {
                    workers.creditFlowEntries();
                }
                return count;
            }));

            assertEquals(20_000, carry(1, 2, 20_000, () -> {}));

            done.set(true);
            for (Future<Integer> change : changes) {
                assertTrue(change.get() > 0);
            }
        }
        assertEquals(null, workers.failure());
    }

    @Test
    void shouldLetAMeterPassWhatItAllowsToBothWorkersTogether() throws Exception {
        add(1, "0:0");
        add(2, "0:1");
        add(3, "0:0");
        pipeline.apply(List.of(MeterText.parse("meter=1,pktps,burst,bands=type=drop,rate=1,burst_size=100")));
        flow("in_port=1,actions=meter:1,output:3");
        flow("in_port=2,actions=meter:1,output:3");

        for (int i = 0; i < 200; i++) {
            assertTrue(port(1).inject(frame(i)));
            assertTrue(port(2).inject(frame(i)));
        }
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        int passed = 0;
        while (passed + workers.drops().get(DropReason.METER) < 400 && System.nanoTime() < deadlineNs) {
            passed += port(3).collect() == null ? 0 : 1;
        }

        assertTrue(passed >= 100 && passed <= 105, passed + " passed of 400 where 100 and one a second may");
    }

    @Test
    void shouldLearnAnAddressForBothWorkers() throws Exception {
        add(1, "0:0");
        add(2, "0:1");
        add(3, "0:1");
        flow("actions=normal");
        byte[] there = ethernet("02:00:00:00:00:01", "02:00:00:00:00:02");
        byte[] back = ethernet("02:00:00:00:00:02", "02:00:00:00:00:01");

        port(1).inject(there);
        assertArrayEquals(there, collect(2));
        assertArrayEquals(there, collect(3));
        port(2).inject(back);

        assertArrayEquals(back, collect(1));
        port(1).inject(there);
        assertArrayEquals(there, collect(2));
        assertEquals(null, port(3).collect());
    }

    @Test
    void shouldGoOnWithOneWorkerWhenTheOtherFails() throws Exception {
        add(1, "0:0");
        add(2, "0:0");
        add(3, "0:1");
        flow("in_port=1,actions=output:2");
        Worker failing = workers.threads().get(1).worker();
        assertThrows(
                IllegalStateException.class,
                () -> failing.commands().call(() -> {
                    failing.takeFrom(new io.makas.dataplane.handoff.HandOff[] {null});
                    return failing.hasArrivals();
                }));

        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (workers.failure() == null && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
        }

        assertNotNull(workers.failure());
        assertEquals(1_000, carry(1, 2, 1_000, () -> {}));
        workers.creditFlowEntries();
        workers.remove(3);
        add(4, "");
        assertEquals(0, whereAll().getLast());
        flow("in_port=4,actions=output:1");
        port(4).inject(frame(1));
        assertArrayEquals(frame(1), collect(1));
    }

    private List<Integer> whereAll() {
        return workers.queues().stream().map(PlacedQueue::worker).toList();
    }

    /** Sends numbered frames from port to port; how many different ones arrived, each whole. */
    private int carry(int from, int to, int frames, Runnable between) {
        boolean[] seen = new boolean[frames];
        int sent = 0;
        int arrived = 0;
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (arrived < frames && System.nanoTime() < deadlineNs) {
            if (sent < frames && sent - arrived < WINDOW && port(from).inject(frame(sent))) {
                sent++;
            }
            byte[] frame = port(to).collect();
            if (frame != null && ByteBuffer.wrap(frame).getInt(frame.length - 4) != 77) {
                int number = ByteBuffer.wrap(frame).getInt(frame.length - 4);
                assertArrayEquals(frame(number), frame);
                assertTrue(!seen[number], "frame " + number + " came twice");
                seen[number] = true;
                arrived++;
            } else if (frame != null && !seen[77]) {
                seen[77] = true;
                arrived++;
            }
            between.run();
        }
        return arrived;
    }

    private byte[] collect(int number) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        byte[] frame = port(number).collect();
        while (frame == null && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
            frame = port(number).collect();
        }
        return frame;
    }

    private void add(int number, String affinity) {
        MemoryPort port = new MemoryPort(new PortConfig.Memory("m" + number));
        ports.add(port);
        workers.add(port, number, QueueAffinity.parse(affinity));
        states.add(new PortState(number));
        pipeline.setPorts(states);
    }

    private MemoryPort port(int number) {
        return ports.stream()
                .filter(port -> port.name().equals("m" + number))
                .findFirst()
                .orElseThrow();
    }

    private long packets() {
        workers.creditFlowEntries();
        return pipeline.flows(FlowFilter.ALL).stream()
                .mapToLong(FlowStatistics::packets)
                .sum();
    }

    private void flow(String flow) throws Exception {
        pipeline.apply(List.of(FlowText.parse(flow)));
    }

    private static byte[] ethernet(String source, String destination) {
        return FrameBuilder.ethernet(source, destination)
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1, 2)
                .build();
    }

    private static byte[] frame(int number) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(number % 7, 9)
                .payload(ByteBuffer.allocate(20).putInt(16, number).array())
                .build();
    }
}
