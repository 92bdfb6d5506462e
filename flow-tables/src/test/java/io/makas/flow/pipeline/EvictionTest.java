// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowRemoved.Reason;
import io.makas.flow.table.TableConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Full tables: who gives way to whom. */
final class EvictionTest extends PipelineFixture {

    @Test
    void shouldRefuseAFlowWhenTheTableIsFullAndDoesNotEvict() {
        pipeline.configureTable(1, new TableConfig("acl", 2, false));
        edit("table=1,in_port=1,actions=drop", "table=1,in_port=2,actions=drop", "table=2,actions=drop");

        FlowModException e = refused("table=0,actions=drop", "table=1,importance=9,in_port=3,actions=drop");

        assertEquals(Kind.TABLE_FULL, e.kind());
        assertTrue(e.getMessage().contains("table 1 is full with 2 flows"), e.getMessage());
        edit("table=1,in_port=2,actions=output:1", "delete table=1,in_port=1", "table=1,in_port=3,actions=drop");
        assertEquals("acl", pipeline.tableConfig(1).name());
        assertEquals("table0", pipeline.tableConfig(0).name());
    }

    @Test
    void shouldEvictTheLeastImportantFlowFirst() {
        evict(3);
        edit("importance=5,in_port=1,actions=drop", "importance=1,in_port=2,actions=drop");
        edit("idle_timeout=1,importance=3,in_port=3,actions=drop");

        assertEquals(List.of("in_port=2 EVICTION"), evictedBy("importance=5,in_port=4,actions=drop"));
        assertEquals(List.of("in_port=3 EVICTION"), evictedBy("importance=5,in_port=5,actions=drop"));
        assertEquals(3, flows().size());
    }

    @Test
    void shouldEvictOfEquallyImportantFlowsTheOneThatWouldExpireFirst() {
        evict(3);
        edit("idle_timeout=10,in_port=1,actions=drop", "idle_timeout=11,in_port=2,actions=drop");
        edit("hard_timeout=12,in_port=3,actions=drop");
        passSeconds(5);
        send("in_port=1");

        // They expire at 15, 11 and 12 seconds.
        assertEquals(List.of("in_port=2 EVICTION"), evictedBy("idle_timeout=60,in_port=4,actions=drop"));
        assertEquals(List.of("in_port=3 EVICTION"), evictedBy("idle_timeout=60,in_port=5,actions=drop"));
        assertEquals(List.of("in_port=1 EVICTION"), evictedBy("idle_timeout=60,in_port=6,actions=drop"));
    }

    @Test
    void shouldNeverEvictAMoreImportantFlowNorOneThatWasToStay() {
        evict(2);
        edit("importance=5,idle_timeout=1,in_port=1,actions=drop", "importance=2,in_port=2,actions=drop");

        assertEquals(
                Kind.TABLE_FULL, refused("importance=1,in_port=3,actions=drop").kind());
        FlowModException e = refused("importance=2,in_port=3,actions=drop");
        assertEquals(Kind.TABLE_FULL, e.kind());
        assertTrue(e.getMessage().contains("none of them is less important"), e.getMessage());

        assertEquals(List.of("in_port=2 EVICTION"), evictedBy("importance=3,in_port=3,actions=drop"));
    }

    @Test
    void shouldEvictForTheLimitOfAllTablesFromTheTableOfTheNewFlow() throws FlowModException {
        Pipeline small = new Pipeline(() -> 0, 2);
        small.configureTable(1, new TableConfig("one", 100, true));
        small.apply(mods("table=0,actions=drop", "table=1,in_port=1,actions=drop"));

        assertThrows(FlowModException.class, () -> small.apply(mods("table=0,in_port=7,actions=drop")));
        List<FlowRemoved> removed = small.apply(mods("table=1,importance=1,in_port=2,actions=drop"));

        assertEquals(1, removed.size());
        assertEquals(Reason.EVICTION, removed.getFirst().reason());
    }

    @Test
    void shouldTakeEvictionsBackWithTheRestOfABundle() {
        evict(2);
        edit("idle_timeout=8,in_port=1,actions=drop", "idle_timeout=9,in_port=2,actions=drop");
        send("in_port=1");
        List<String> before = dump();

        refused(
                "idle_timeout=9,in_port=3,actions=drop",
                "idle_timeout=9,in_port=4,actions=drop",
                "idle_timeout=9,in_port=5,actions=drop",
                "table=3,actions=goto_table:1");

        assertEquals(before, dump());
        assertEquals(List.of("in_port=1 EVICTION"), evictedBy("idle_timeout=9,in_port=3,actions=drop"));
        assertEquals(List.of("in_port=2 EVICTION"), evictedBy("idle_timeout=9,in_port=4,actions=drop"));
        passSeconds(9);
        assertEquals(2, pipeline.expire(nowNs).size());
    }

    @Test
    void shouldReplaceAnIdenticalFlowInAFullTableWithoutEviction() {
        evict(1);
        edit("idle_timeout=8,in_port=1,actions=drop");

        assertEquals(List.of(), evictedBy("idle_timeout=8,in_port=1,actions=output:1"));
    }

    @Test
    void shouldEvictInOneBundleMoreThanThereIsRoomFor() {
        evict(3);
        String[] flows = new String[50];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = "idle_timeout=" + (100 + i) + ",in_port=" + (i + 1) + ",actions=drop";
        }

        assertEquals(47, edit(flows).size());
        assertEquals(
                List.of("0 in_port=48 drop", "0 in_port=49 drop", "0 in_port=50 drop"),
                dump().stream()
                        .map(line -> line.replace("priority=32768,", ""))
                        .sorted()
                        .toList());
    }

    @Test
    void shouldRefuseAnImportanceOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new TableConfig("x".repeat(32), 1, false));
        assertThrows(IllegalArgumentException.class, () -> new TableConfig("x", -1, false));
    }

    private void evict(int maxFlows) {
        pipeline.configureTable(0, new TableConfig("small", maxFlows, true));
    }

    private List<String> evictedBy(String flow) {
        return edit(flow).stream()
                .map(each ->
                        "in_port=" + each.entry().match().field(Field.IN_PORT).low() + " " + each.reason())
                .toList();
    }
}
