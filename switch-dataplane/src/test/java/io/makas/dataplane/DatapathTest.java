// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.port.MemoryPort;
import io.makas.dataplane.port.PortConfig;
import io.makas.dataplane.sys.SysException;
import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A whole data path with its own worker thread, on ports in memory. */
final class DatapathTest {

    private static final long PATIENCE_NS = 5_000_000_000L;

    private final Datapath datapath = Datapath.open(DatapathConfig.DEFAULT);

    @AfterEach
    void close() {
        datapath.close();
    }

    @Test
    void shouldGiveThePortsTheLowestFreeNumbers() throws Exception {
        assertEquals(1, add("a", 0).number());
        assertEquals(7, add("b", 7).number());
        assertEquals(2, add("c", 0).number());
        datapath.removePort("a");

        assertEquals(1, add("d", 0).number());
    }

    @Test
    void shouldRefuseANameThatIsTakenAndLeaveItsPortAlone() throws Exception {
        add("a", 1);

        PortException refused = assertThrows(PortException.class, () -> add("a", 2));

        assertEquals(PortException.Kind.ALREADY_EXISTS, refused.kind());
        assertTrue(refused.getMessage().contains("'a'"), refused.getMessage());
        assertEquals(1, datapath.ports().size());
    }

    @Test
    void shouldRefuseANumberThatIsTakenOrOutOfRange() throws Exception {
        add("a", 1);

        assertEquals(
                PortException.Kind.ALREADY_EXISTS,
                assertThrows(PortException.class, () -> add("b", 1)).kind());
        for (int number : new int[] {-1, 1_024}) {
            PortException refused = assertThrows(PortException.class, () -> add("b", number));
            assertEquals(PortException.Kind.INVALID, refused.kind());
            assertTrue(refused.getMessage().contains(Integer.toString(number)), refused.getMessage());
        }
    }

    @Test
    void shouldSayThatAPortToRemoveDoesNotExist() {
        PortException refused = assertThrows(PortException.class, () -> datapath.removePort("nowhere"));

        assertEquals(PortException.Kind.NOT_FOUND, refused.kind());
        assertTrue(refused.getMessage().contains("nowhere"), refused.getMessage());
    }

    @Test
    void shouldSayThatAnInterfaceDoesNotExistAndForwardOn() throws Exception {
        add("a", 1);
        add("b", 2);
        edit("in_port=1,actions=output:2");

        assertThrows(PortException.class, () -> datapath.addPort(new PortConfig.AfXdp("x", "mk-no-such-if", 0), 3));

        send("a", frame(1));
        assertArrayEquals(frame(1), receive("b"));
        assertEquals(2, datapath.ports().size());
    }

    @Test
    void shouldShowCountersThatAreExact() throws Exception {
        add("a", 1);
        add("b", 2);
        edit("in_port=1,actions=output:2");
        for (int i = 0; i < 100; i++) {
            send("a", frame(i));
            receive("b");
        }

        assertEquals(100, datapath.flows(FlowFilter.ALL).getFirst().packets());
        assertEquals(100, datapath.ports().getFirst().receivedPackets());
        assertEquals(100, datapath.ports().getLast().transmittedPackets());
    }

    @Test
    void shouldEnforceAnEditForEveryPacketSentAfterItReturned() throws Exception {
        add("a", 1);
        add("b", 2);
        add("c", 3);
        for (int i = 0; i < 2_000; i++) {
            boolean toB = i % 2 == 0;
            edit("in_port=1,actions=output:" + (toB ? 2 : 3));

            send("a", frame(i));

            assertArrayEquals(frame(i), receive(toB ? "b" : "c"), "edit " + i);
        }
    }

    @Test
    void shouldCarryTrafficWhilePortsComeAndGoAndFlowsChange() throws Exception {
        add("a", 1);
        add("b", 2);
        edit("in_port=1,actions=output:2");
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            List<Future<Void>> changes = new ArrayList<>();
            changes.add(others.submit((Callable<Void>) () -> {
                for (int i = 0; i < 100; i++) {
                    add("x" + i, 0);
                    datapath.removePort("x" + i);
                }
                return null;
            }));
            changes.add(others.submit((Callable<Void>) () -> {
                for (int i = 0; i < 500; i++) {
                    edit("priority=5,udp,tp_dst=" + i + ",actions=drop");
                    datapath.flows(FlowFilter.ALL);
                }
                return null;
            }));

            for (int i = 0; i < 1_000; i++) {
                send("a", frame(i));
                assertArrayEquals(frame(i), receive("b"), "frame " + i);
            }

            for (Future<Void> change : changes) {
                change.get();
            }
        }
    }

    @Test
    void shouldNotCloseAPortUnderTheWorkerWhenTheCallerIsInterrupted() throws Exception {
        add("a", 1);

        Thread.currentThread().interrupt();
        datapath.removePort("a");
        boolean stillInterrupted = Thread.interrupted();

        assertTrue(stillInterrupted, "the interrupt was swallowed");
        assertTrue(datapath.ports().isEmpty());
        assertEquals(1, add("a", 1).number());
    }

    @Test
    void shouldRefuseToStartOnAProcessorThatIsNotThere() {
        DatapathConfig config =
                new DatapathConfig(8_000, IdlePolicy.DEFAULT, WorkerLimits.DEFAULT, 1, DpdkConfig.DEFAULT);

        SysException refused = assertThrows(SysException.class, () -> Datapath.open(config));

        assertTrue(refused.getMessage().contains("8000"), refused.getMessage());
    }

    @Test
    void shouldTurnCommandsAwayAfterItWasClosed() {
        datapath.close();

        assertThrows(IllegalStateException.class, () -> add("a", 0));
        assertThrows(IllegalStateException.class, datapath::creditFlowEntries);
    }

    private PortInfo add(String name, int number) throws PortException {
        return datapath.addPort(new PortConfig.Memory(name), number);
    }

    private void edit(String flow) throws Exception {
        datapath.edit(List.of(FlowText.parse(flow)));
    }

    private void send(String port, byte[] frame) throws Exception {
        assertTrue(memory(port).inject(frame));
    }

    private byte[] receive(String port) throws Exception {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        MemoryPort memory = memory(port);
        byte[] frame = memory.collect();
        while (frame == null && System.nanoTime() < deadlineNs) {
            Thread.onSpinWait();
            frame = memory.collect();
        }
        return frame;
    }

    private MemoryPort memory(String port) throws Exception {
        return (MemoryPort) datapath.port(port);
    }

    private static byte[] frame(int source) {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(source, 9_999)
                .build();
    }
}
