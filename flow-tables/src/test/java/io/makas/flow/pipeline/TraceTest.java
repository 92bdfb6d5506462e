// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
                packet: tcp,in_port=1,nw_dst=10.0.0.7,nw_ttl=64,tp_src=1000,tp_dst=80
                table 0: priority=100,ip,nw_dst=10.0.0.0/24, cookie 0xa1
                  because ip,nw_dst=10.0.0.0/24
                  → dec_ttl    [nw_ttl 64 → 63]
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
                megaflow: tcp,in_port=1,nw_dst=10.0.0.0/24,nw_ttl=0x40/0xc0,tp_dst=80
                actions: dec_ttl,output:2,output:3
                to port 2: tcp,nw_dst=10.0.0.7,nw_ttl=63,tp_src=1000,tp_dst=80
                to port 3: tcp,nw_dst=10.0.0.7,nw_ttl=63,tp_src=1000,tp_dst=80
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
        assertEquals("goto_table:1", first.otherInstructions());
        Trace.Step second = trace.steps().getLast();
        assertNull(second.entry());
        assertEquals("", second.flowText());
        assertEquals("", second.otherInstructions());
        assertEquals("in_port=1", trace.megaflowText());
        assertEquals("drop", trace.actionsText());
        assertEquals(DropReason.TABLE_MISS, trace.dropReason());
    }

    @Test
    void shouldTellWhichFlowsNearlyMatched() {
        edit(
                "priority=9,tcp,nw_dst=10.0.0.0/24,tp_dst=81,actions=output:2",
                "priority=9,tcp,nw_dst=10.0.1.0/24,tp_dst=80,in_port=2,actions=output:2",
                "priority=8,dl_vlan=7,actions=output:2",
                "priority=8,udp,tp_src=53,actions=output:2",
                "priority=7,actions=output:3",
                "priority=6,tcp,tp_dst=82,actions=output:4");

        Trace.Step step = pipeline.trace(key("in_port=1,tcp,nw_dst=10.0.0.7,tp_dst=80"))
                .steps()
                .getFirst();

        assertEquals(
                List.of(
                        "priority=9,tcp,nw_dst=10.0.0.0/24,tp_dst=81 [tp_dst 81 80]",
                        "priority=8,dl_vlan=7 [vlan 7 none]",
                        "priority=9,tcp,in_port=2,nw_dst=10.0.1.0/24,tp_dst=80 [in_port 2 1, nw_dst 10.0.1.0/24 10.0.0.7]"),
                step.nearMisses().stream().map(TraceTest::text).toList());
    }

    @Test
    void shouldTellNothingOfFlowsThatAreFarOff() {
        edit(
                "priority=9,ip,nw_src=10.0.0.1,nw_dst=10.0.0.2,in_port=2,actions=output:2",
                "priority=5,ipv6,ipv6_dst=fd00:1:2:3:4:5:6:7,actions=output:2");

        Trace.Step step = pipeline.trace(key("in_port=1,arp")).steps().getFirst();

        assertEquals(
                List.of("priority=5,ipv6,ipv6_dst=fd00:1:2:3:4:5:6:7 "
                        + "[dl_type ipv6 arp, ipv6_dst fd00:1:2:3:4:5:6:7 none]"),
                step.nearMisses().stream().map(TraceTest::text).toList());
    }

    @Test
    void shouldTellWhatEachActionChanged() {
        edit("priority=9,ip,in_port=1,actions=push_vlan:0x8100,set_field:4106->vlan_vid,push_vlan:0x8100,pop_vlan,"
                + "set_field:5->reg0,dec_ttl,mod_nw_src:10.0.0.9,output:2");

        Trace trace = pipeline.trace(key("in_port=1,icmp,nw_src=10.0.0.1,nw_ttl=9"));

        assertEquals(
                List.of(
                        "[vlan none → 0]",
                        "[vlan 0 → 10]",
                        "[inner vlan none → 10]",
                        "[inner vlan 10 → none]",
                        "[reg0 0x0 → 0x5]",
                        "[nw_ttl 9 → 8]",
                        "[nw_src 10.0.0.1 → 10.0.0.9]",
                        "[]"),
                trace.steps().getFirst().executed().stream()
                        .map(event -> ((Trace.Executed) event)
                                .changes().stream()
                                        .map(each -> each.field() + " " + each.before() + " → " + each.after())
                                        .toList()
                                        .toString())
                        .toList());
        assertEquals(
                List.of(new Trace.Sent(2, "icmp,dl_vlan=10,dl_vlan_pcp=0,nw_src=10.0.0.9,nw_ttl=8")), trace.sent());
    }

    @Test
    void shouldNotTellOfInstructionsThatAWalkDidNotReach() {
        edit("priority=9,ip,actions=dec_ttl,goto_table:1");

        Trace trace = pipeline.trace(key("in_port=1,ip,nw_ttl=1"));

        assertEquals(
                List.of("dec_ttl (not done: ttl-expired)"),
                trace.steps().getFirst().actionLines());
        assertEquals(List.of(new Trace.Sent(Trace.Sent.CONTROLLER, "ip,nw_ttl=1")), trace.sent());
    }

    private static String text(Trace.NearMiss miss) {
        return miss.flowText() + " "
                + miss.differences().stream()
                        .map(each -> each.field() + " " + each.wanted() + " " + each.actual())
                        .toList();
    }

    @Test
    void shouldTellWhatAFlowHasDoneByCopies() {
        edit("ip,actions=clone(dec_ttl,output:2,resubmit(,1)),output:3", "table=1,actions=output:4");

        assertTrue(pipeline.trace(key("in_port=1,ip,nw_ttl=9")).text().contains("""
                  → clone(dec_ttl,output:2,resubmit(,1))
                    → dec_ttl    [nw_ttl 9 → 8]
                    → output:2
                    → resubmit(,1)
                      table 1: priority=32768
                        → output:4
                  → output:3
                """.indent(0)));
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
