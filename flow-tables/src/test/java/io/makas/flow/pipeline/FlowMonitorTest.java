// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.RandomFlows;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowEvent;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowMonitor;
import io.makas.flow.table.TableConfig;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Monitors: what they tell of the flows, and that nothing is missed. */
final class FlowMonitorTest extends PipelineFixture {

    private static final long MAX_WAIT_NS = 60_000_000_000L;

    @Test
    void shouldBeginWithTheFlowsThatThereAre() {
        edit("priority=1,in_port=1,actions=drop", "table=1,priority=2,actions=output:2");

        try (FlowMonitor all = pipeline.monitor(FlowFilter.ALL, 10);
                FlowMonitor one = pipeline.monitor(FlowFilter.inTable(1), 10)) {
            assertEquals(2, all.flows().size());
            assertEquals("priority=2 output:2", text(one.flows().getFirst()));
            assertNull(all.poll());
        }
    }

    @Test
    void shouldTellInOrderWhatBecomesOfFlows() {
        FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL, 100);

        edit("idle_timeout=5,priority=1,in_port=1,actions=drop", "priority=2,in_port=2,actions=drop");
        edit("modify in_port=1,actions=output:3", "delete_strict priority=2,in_port=2");
        edit("priority=1,idle_timeout=5,in_port=1,actions=output:4");
        passSeconds(5);
        pipeline.expire(nowNs);
        pipeline.configureTable(0, new TableConfig("one", 1, true));
        edit("idle_timeout=9,priority=3,actions=drop");
        edit("idle_timeout=9,priority=4,actions=drop");

        assertEquals(
                List.of(
                        "added priority=1,in_port=1 drop",
                        "added priority=2,in_port=2 drop",
                        "modified priority=1,in_port=1 output:3",
                        "DELETE priority=2,in_port=2 drop",
                        "added priority=1,in_port=1 output:4",
                        "IDLE_TIMEOUT priority=1,in_port=1 output:4",
                        "added priority=3 drop",
                        "EVICTION priority=3 drop",
                        "added priority=4 drop"),
                drain(monitor));
    }

    @Test
    void shouldTellOfAcceptedFlowsOnly() {
        FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL.withOutPort(2), 100);

        edit("priority=1,actions=output:1", "priority=2,actions=output:2");
        edit("modify_strict priority=1,actions=output:2", "modify_strict priority=2,actions=output:1");
        edit("delete table=0");

        assertEquals(
                List.of(
                        "added priority=2 output:2",
                        "modified priority=1 output:2",
                        // It was accepted before.
                        "modified priority=2 output:1",
                        "DELETE priority=1 output:2"),
                drain(monitor));
    }

    @Test
    void shouldTellNothingOfEditsThatWereRefused() {
        FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL, 100);

        refused("priority=1,actions=drop", "table=3,actions=goto_table:1");

        assertEquals(List.of(), drain(monitor));
    }

    @Test
    void shouldTellOnceThatItOverranAndGoOnWhenResynchronised() {
        FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL, 3);

        for (int i = 1; i <= 5; i++) {
            edit("priority=" + i + ",actions=drop");
        }

        assertEquals(
                List.of("added priority=1 drop", "added priority=2 drop", "added priority=3 drop", "overrun"),
                drain(monitor));
        edit("priority=6,actions=drop");
        assertEquals(List.of(), drain(monitor));

        assertEquals(6, monitor.resynchronise().size());
        edit("priority=7,actions=drop");
        assertEquals(List.of("added priority=7 drop"), drain(monitor));
    }

    @Test
    void shouldEndWhenClosed() throws InterruptedException {
        FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL, 3);
        edit("priority=1,actions=drop");

        monitor.close();
        edit("priority=2,actions=drop");

        assertTrue(monitor.isClosed());
        assertEquals(List.of("added priority=1 drop"), drain(monitor));
        assertNull(monitor.poll(MAX_WAIT_NS), "nobody waits for a closed monitor");
        monitor.resynchronise();
        edit("priority=3,actions=drop");
        assertEquals(List.of(), drain(monitor));
        assertThrows(IllegalArgumentException.class, () -> pipeline.monitor(FlowFilter.ALL, 0));
    }

    /** Reads while a control thread edits: the flows that it began with and the events add up to the tables. */
    @Test
    void shouldNeverMissNorRepeatAnythingWhileEditsGoOn() throws Exception {
        System.out.println("seed 61");
        RandomFlows random = new RandomFlows(61);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Map<String, FlowEntry>> views = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        for (int capacity : List.of(2, 40, 1_000_000)) {
            Map<String, FlowEntry> view = new HashMap<>();
            views.add(view);
            FlowMonitor monitor = pipeline.monitor(FlowFilter.ALL, capacity);
            readers.add(Thread.ofPlatform().start(() -> {
                try {
                    follow(monitor, view, isOver);
                } catch (Throwable e) {
                    failure.set(e);
                }
            }));
        }

        for (int i = 0; i < 20_000; i++) {
            try {
                pipeline.apply(List.<FlowMod>of(random.mod(i)));
            } catch (FlowModException e) {
                assertTrue(e.kind() != FlowModException.Kind.BAD_TABLE_ID, e.getMessage());
            }
            if (i % 500 == 0) {
                pipeline.expire(nowNs);
            }
        }

        isOver.set(true);
        for (Thread reader : readers) {
            reader.join();
        }
        if (failure.get() != null) {
            throw new AssertionError("a monitor told what was not so", failure.get());
        }
        Collection<String> expected = new TreeSet<>();
        flows().forEach(flow -> expected.add(flow.table() + " " + FlowText.formatIdentity(flow.priority(), flow.match())
                + " " + FlowText.format(flow.instructions())));
        for (Map<String, FlowEntry> view : views) {
            Collection<String> told = new TreeSet<>();
            view.values().forEach(entry -> told.add(entry.table() + " " + text(entry)));
            assertEquals(expected, told);
        }
    }

    private static void follow(FlowMonitor monitor, Map<String, FlowEntry> view, AtomicBoolean isOver)
            throws InterruptedException {
        monitor.flows().forEach(entry -> view.put(identity(entry), entry));
        while (true) {
            boolean wasOver = isOver.get();
            FlowEvent event = monitor.poll(1_000_000L);
            switch (event) {
                case null -> {
                    if (wasOver) {
                        return;
                    }
                }
                case FlowEvent.Added(FlowEntry entry) -> view.put(identity(entry), entry);
                case FlowEvent.Modified(FlowEntry entry) ->
                    assertTrue(view.put(identity(entry), entry) != null, "modified what was not there");
                case FlowEvent.Removed removed -> {
                    FlowEntry entry = removed.removed().entry();
                    assertEquals(entry, view.remove(identity(entry)), "removed what was not there");
                }
                case FlowEvent.Overrun _ -> {
                    view.clear();
                    monitor.resynchronise().forEach(entry -> view.put(identity(entry), entry));
                }
            }
        }
    }

    private static String identity(FlowEntry entry) {
        return entry.table() + " " + FlowText.formatIdentity(entry.priority(), entry.match());
    }

    private static List<String> drain(FlowMonitor monitor) {
        List<String> told = new ArrayList<>();
        for (FlowEvent event = monitor.poll(); event != null; event = monitor.poll()) {
            told.add(
                    switch (event) {
                        case FlowEvent.Added(FlowEntry entry) -> "added " + text(entry);
                        case FlowEvent.Modified(FlowEntry entry) -> "modified " + text(entry);
                        case FlowEvent.Removed removed ->
                            removed.reason() + " " + text(removed.removed().entry());
                        case FlowEvent.Overrun _ -> "overrun";
                    });
        }
        return told;
    }

    private static String text(FlowEntry entry) {
        return FlowText.formatIdentity(entry.priority(), entry.match()) + " " + FlowText.format(entry.instructions());
    }
}
