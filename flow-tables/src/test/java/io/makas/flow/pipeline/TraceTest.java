// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TraceTest extends PipelineFixture {

    @Test
    void shouldTellTheWayOfAPacketForPeople() {
        edit(
                "table=0,cookie=0xa1,priority=100,ip,nw_dst=10.0.0.0/24,actions=dec_ttl,write_metadata:0x1/0xff,goto_table:1",
                "table=1,priority=50,metadata=1,tcp,tp_dst=80,actions=resubmit(,2),output:1,write_actions(output:3)",
                "table=2,priority=1,in_port=1,actions=output:2");

        Trace trace = pipeline.trace(key("in_port=1,tcp,nw_dst=10.0.0.7,nw_ttl=64,tp_src=1000,tp_dst=80"));

        assertEquals("""
                packet: tcp,in_port=1,nw_dst=10.0.0.7,tp_src=1000,tp_dst=80,nw_ttl=64
                table 0: priority=100,ip,nw_dst=10.0.0.0/24, cookie 0xa1
                  because ip,nw_dst=10.0.0.0/24
                  → dec_ttl
                  → write_metadata:0x1/0xff,goto_table:1
                table 1: priority=50,tcp,metadata=0x1,tp_dst=80
                  because tcp,metadata=0x1,tp_dst=80
                  → resubmit(,2)
                    table 2: priority=1,in_port=1
                      because in_port=1
                      → output:2
                  → output:1 (not done: output-to-input-port)
                  → write_actions(output:3)
                action set:
                  → output:3
                megaflow: tcp,in_port=1,nw_dst=10.0.0.0/24,tp_dst=80,nw_ttl=64
                actions: dec_ttl,output:2,output:3
                """, trace.text());
        assertEquals(
                List.of(0, 1, 2),
                trace.allSteps().stream().map(Trace.Step::table).toList());
    }

    @Test
    void shouldTellTheWayOfAPacketForPrograms() {
        edit("table=0,cookie=7,priority=9,in_port=1,actions=goto_table:1");

        Trace trace = pipeline.trace(key("in_port=1,arp"));

        assertEquals(2, trace.steps().size());
        Trace.Step first = trace.steps().getFirst();
        assertEquals(0, first.table());
        assertEquals("priority=9,in_port=1", first.flowText());
        assertEquals(7, first.entry().cookie());
        assertEquals(List.of("goto_table:1"), first.actionLines());
        Trace.Step second = trace.steps().getLast();
        assertNull(second.entry());
        assertEquals("", second.flowText());
        assertEquals(List.of(), second.actionLines());
        assertEquals("in_port=1", trace.megaflowText());
        assertEquals("drop", trace.actionsText());
        assertEquals(DropReason.TABLE_MISS, trace.dropReason());
    }

    @Test
    void shouldCountNothing() {
        edit("priority=9,in_port=1,actions=output:2");

        pipeline.trace(key("in_port=1"));

        assertEquals(List.of("0 priority=9,in_port=1 output:2"), dump());
    }

    @Test
    void shouldAnswerAsAWorkerWouldBeAnswered() {
        edit("priority=9,in_port=1,udp,actions=output:2", "priority=8,udp,tp_dst=53,actions=output:3");

        Trace trace = pipeline.trace(key("in_port=4,udp,tp_dst=53"));

        Translation translation = pipeline.translate(key("in_port=4,udp,tp_dst=53"));
        assertEquals(translation.program(), trace.translation().program());
        assertEquals("udp,in_port=4,tp_dst=53", trace.megaflowText());
    }
}
