// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Edits of the tables. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class FlowModTest extends PipelineFixture {

    @Test
    void item1ShouldReplaceAnIdenticalFlowAndKeepItsCounters() {
        edit("priority=5,in_port=1,actions=output:2");
        send("in_port=1");
        passSeconds(10);

        List<FlowRemoved> removed = edit("priority=5,in_port=1,actions=output:3");

        assertEquals(List.of("1 priority=5,in_port=1 output:3"), dump());
        assertEquals(0, flows().getFirst().durationNs());
        assertEquals(List.of(), removed);
        assertEquals("output:3", send("in_port=1"));
    }

    @Test
    void item1ShouldResetCountersWhenAskedTo() {
        edit("priority=5,in_port=1,actions=output:2");
        send("in_port=1");

        edit("reset_counts,priority=5,in_port=1,actions=output:3");

        assertEquals(List.of("0 priority=5,in_port=1 output:3"), dump());
    }

    @Test
    void item2ShouldRefuseOverlapsWhenAskedTo() {
        edit("priority=5,in_port=1,actions=output:2");

        FlowModException e = refused("check_overlap,priority=5,tcp,actions=drop");

        assertEquals(Kind.OVERLAP, e.kind());
        edit("check_overlap,priority=6,tcp,actions=drop");
        edit("check_overlap,priority=5,in_port=2,actions=drop");
        edit("table=1,check_overlap,priority=5,tcp,actions=drop");
        edit("priority=5,tcp,actions=drop");
    }

    @Test
    void item2ShouldCountAnIdenticalFlowAsOverlap() {
        edit("priority=5,in_port=1,actions=output:2");

        assertEquals(
                Kind.OVERLAP,
                refused("check_overlap,priority=5,in_port=1,actions=drop").kind());
    }

    @Test
    void item3ShouldModifyEqualAndMoreSpecificFlowsOfAnyPriority() {
        edit(
                "cookie=7,idle_timeout=9,priority=5,tcp,in_port=1,actions=output:2",
                "priority=6,tcp,actions=output:2",
                "priority=7,ip,actions=output:2");
        send("tcp,in_port=1");
        passSeconds(3);

        edit("modify tcp,actions=output:4");

        assertEquals(
                List.of("1 priority=7,ip output:2", "0 priority=6,tcp output:4", "0 priority=5,tcp,in_port=1 output:4"),
                dump());
        FlowStatistics modified = flows().getLast();
        assertEquals(7, modified.cookie());
        assertEquals(9, modified.idleTimeoutS());
        assertEquals(3_000_000_000L, modified.durationNs());
    }

    @Test
    void item3ShouldKeepCountersOfModifiedFlowsAndCreditWalksThatBeganBefore() {
        edit("priority=5,in_port=1,actions=output:2");
        Translation before = pipeline.translate(key("in_port=1"));

        edit("modify_strict priority=5,in_port=1,actions=output:4");
        pipeline.credit(before, 3, 300, nowNs);
        send("in_port=1");

        assertEquals(List.of("4 priority=5,in_port=1 output:4"), dump());
    }

    @Test
    void item3ShouldModifyStrictlyTheIdenticalFlowOnlyAndAddNone() {
        edit("priority=5,in_port=1,actions=output:2", "priority=6,in_port=1,tcp,actions=output:2");

        edit("modify_strict priority=6,in_port=1,actions=output:4", "modify in_port=3,actions=output:4");
        assertEquals(List.of("0 priority=6,tcp,in_port=1 output:2", "0 priority=5,in_port=1 output:2"), dump());

        edit("modify_strict priority=5,in_port=1,actions=output:4");
        assertEquals(List.of("0 priority=6,tcp,in_port=1 output:2", "0 priority=5,in_port=1 output:4"), dump());
    }

    @Test
    void item4ShouldDeleteByMatchOutPortAndCookie() {
        edit(
                "cookie=0x11,priority=1,in_port=1,actions=output:2",
                "cookie=0x12,priority=2,in_port=1,tcp,actions=write_actions(output:2)",
                "cookie=0x21,priority=3,in_port=1,actions=output:3",
                "cookie=0x21,priority=4,in_port=2,actions=FLOOD");

        assertEquals(0, edit("delete in_port=1,out_port=4").size());
        assertEquals(0, edit("delete in_port=1,cookie=0x31/0xff").size());
        assertEquals(1, edit("delete in_port=1,out_port=2,cookie=0x02/0x0f").size());
        assertEquals(1, edit("delete out_port=flood").size());
        assertEquals(2, edit("delete in_port=1").size());
        assertEquals(List.of(), dump());
    }

    @Test
    void item4ShouldDeleteFromAllTablesOrOne() {
        edit("table=0,actions=drop", "table=3,actions=drop", "table=254,actions=drop");

        assertEquals(1, edit("delete table=3").size());
        assertEquals(2, edit("delete table=255").size());
    }

    @Test
    void item4ShouldRefuseToAddToAllTables() {
        assertEquals(Kind.BAD_TABLE_ID, refused("table=255,actions=drop").kind());
        assertEquals(Kind.BAD_TABLE_ID, refused("modify table=255,actions=drop").kind());
    }

    @Test
    void item4ShouldDeleteStrictlyTheIdenticalFlowOnly() {
        edit(
                "priority=5,in_port=1,actions=drop",
                "priority=6,in_port=1,actions=drop",
                "priority=5,in_port=1,tcp,actions=drop");

        assertEquals(0, edit("delete_strict priority=7,in_port=1").size());
        assertEquals(1, edit("delete_strict priority=5,in_port=1").size());

        assertEquals(List.of("0 priority=6,in_port=1 drop", "0 priority=5,tcp,in_port=1 drop"), dump());
    }

    @Test
    void item6ShouldChangeNothingWhenOneOfTheEditsIsWrong() {
        edit("priority=5,in_port=1,actions=output:2", "priority=5,in_port=2,actions=output:2");
        List<String> before = dump();
        long generation = pipeline.generation();

        FlowModException e = refused(
                "delete in_port=1",
                "priority=5,in_port=2,actions=output:3",
                "priority=9,in_port=3,actions=output:3",
                "modify actions=output:4",
                "table=1,actions=goto_table:1");

        assertEquals(4, e.index());
        assertEquals(Kind.BAD_GOTO_TABLE, e.kind());
        assertEquals(before, dump());
        assertEquals(generation, pipeline.generation());
        assertEquals("output:2", send("in_port=1"));
    }

    @Test
    void item6ShouldLetLaterEditsSeeEarlierOnes() {
        edit(
                "priority=5,in_port=1,actions=output:2",
                "modify in_port=1,actions=output:3",
                "delete_strict priority=4,in_port=1");

        assertEquals(List.of("0 priority=5,in_port=1 output:3"), dump());
        assertEquals(
                1,
                edit("priority=6,in_port=1,actions=drop", "delete_strict priority=6,in_port=1")
                        .size());
        assertEquals(List.of("0 priority=5,in_port=1 output:3"), dump());
    }

    @Test
    void item17ShouldAllowVlanActionsOnceThereIsATag() {
        edit(
                "priority=1,actions=push_vlan:0x8100,mod_vlan_vid:5,mod_vlan_pcp:3,output:2",
                "priority=2,dl_vlan=7,actions=pop_vlan,output:2",
                "priority=3,dl_vlan=8,actions=pop_vlan,push_vlan:0x88a8,mod_vlan_vid:9,output:2");

        assertEquals(3, flows().size());
    }

    @Test
    void item18ShouldCheckTheActionsOfAModifyAgainstEachFlow() {
        edit("priority=1,tcp,actions=drop", "priority=2,udp,actions=drop");

        FlowModException e = refused("modify ip,actions=set_field:80->tcp_dst");

        assertEquals(Kind.MATCH_INCONSISTENT, e.kind());
        edit("modify tcp,actions=set_field:80->tcp_dst,output:1");
    }

    @Test
    void item28ShouldTellFlowsRemovedWithFinalCounters() {
        edit("cookie=3,send_flow_rem,priority=5,in_port=1,actions=output:2", "priority=5,in_port=2,actions=output:2");
        Translation walk = pipeline.translate(key("in_port=1"));
        passSeconds(2);

        List<FlowRemoved> removed = edit("delete table=0");
        pipeline.credit(walk, 7, 700, nowNs);

        assertEquals(2, removed.size());
        FlowRemoved wanted =
                removed.stream().filter(FlowRemoved::isWanted).findFirst().orElseThrow();
        assertEquals(FlowRemoved.Reason.DELETE, wanted.reason());
        assertEquals(7, wanted.statistics().packets());
        assertEquals(700, wanted.statistics().bytes());
        assertEquals(2_000_000_000L, wanted.statistics().durationNs());
    }

    @Test
    void item5ShouldTellFlowsThatGoWithTheirGroupOrMeter() {
        edit("group group_id=1,type=all,bucket=output:1", "meter meter=2,kbps,band=type=drop,rate=9");
        edit("send_flow_rem,in_port=1,actions=group:1", "in_port=2,actions=meter:2,output:1", "in_port=3,actions=drop");

        List<FlowRemoved> byGroup = edit("group delete group_id=1");
        List<FlowRemoved> byMeter = edit("meter delete meter=2");

        assertEquals(List.of(FlowRemoved.Reason.GROUP_DELETE), reasons(byGroup));
        assertTrue(byGroup.getFirst().isWanted());
        assertEquals(List.of(FlowRemoved.Reason.METER_DELETE), reasons(byMeter));
        assertEquals(
                List.of("0 in_port=3 drop"),
                dump().stream().map(line -> line.replace("priority=32768,", "")).toList());
    }

    @Test
    void item28ShouldTellEachRemovedFlowOnce() {
        edit("send_flow_rem,idle_timeout=5,hard_timeout=5,in_port=1,actions=drop");
        edit("send_flow_rem,idle_timeout=5,in_port=1,actions=output:1");
        passSeconds(5);

        assertEquals(List.of(FlowRemoved.Reason.IDLE_TIMEOUT), reasons(pipeline.expire(nowNs)));
        assertEquals(List.of(), pipeline.expire(nowNs));
        assertEquals(List.of(), edit("delete in_port=1"));
    }

    @Test
    void item28ShouldNotRestartTheHardTimeoutByModifying() {
        edit("hard_timeout=5,in_port=1,actions=drop");
        passSeconds(4);
        edit("modify in_port=1,actions=output:1");
        send("in_port=1");
        passSeconds(1);

        assertEquals(List.of(FlowRemoved.Reason.HARD_TIMEOUT), reasons(pipeline.expire(nowNs)));
    }

    @Test
    void item28ShouldTimeOutToTheNanosecond() {
        edit("idle_timeout=5,in_port=1,actions=drop");
        nowNs += 4_999_999_999L;
        assertEquals(List.of(), pipeline.expire(nowNs));
        nowNs++;
        assertEquals(
                5_000_000_000L, pipeline.expire(nowNs).getFirst().statistics().durationNs());
    }

    @Test
    void item30ShouldCountBytesAsReceivedInEveryTableOnThePath() {
        edit(
                "table=0,in_port=1,actions=push_vlan:0x8100,goto_table:1",
                "table=1,actions=resubmit(,2),resubmit(,2)",
                "table=2,no_packet_counts,priority=7,dl_vlan=0,actions=drop",
                "table=3,no_byte_counts,actions=drop");
        send("in_port=1");
        edit("table=2,priority=9,dl_vlan=0,actions=resubmit(,3)");
        send("in_port=1");

        assertEquals(
                List.of("0 2 200", "1 2 200", "2 2 200", "2 0 200", "3 2 0"),
                flows().stream()
                        .map(flow -> flow.table() + " " + flow.packets() + " " + flow.bytes())
                        .toList());
    }

    @Test
    void item31ShouldKeepFlowsToPortsThatGoAndTellTheDrop() {
        edit("in_port=1,actions=output:3");
        pipeline.setPorts(List.of(new PortState(1), new PortState(3, false, true, true)));

        assertEquals("no-such-port", send("in_port=1"));

        pipeline.setPorts(List.of(new PortState(1), new PortState(3)));
        assertEquals("output:3", send("in_port=1"));
        assertEquals(List.of("2 priority=32768,in_port=1 output:3"), dump());
    }

    @Test
    void item32ShouldMakeANewGenerationForWhateverAltersAnswers() {
        long generation = pipeline.generation();
        for (String each : List.of(
                "group group_id=1,type=all,bucket=output:1",
                "meter meter=2,kbps,band=type=drop,rate=9",
                "hard_timeout=1,in_port=1,actions=group:1",
                "modify in_port=1,actions=drop",
                "group modify group_id=1,type=all,bucket=output:2",
                "meter modify meter=2,kbps,band=type=drop,rate=8",
                "priority=5,actions=drop",
                "delete tcp",
                "delete_strict priority=5")) {
            edit(each);
            boolean alters = !each.contains("tcp");
            assertEquals(alters, pipeline.generation() != generation, each);
            generation = pipeline.generation();
        }
        passSeconds(1);
        pipeline.expire(nowNs);
        assertTrue(pipeline.generation() != generation);
        // The next one lets go of what ended before.
        pipeline.expire(nowNs);
        generation = pipeline.generation();
        pipeline.expire(nowNs);
        assertEquals(generation, pipeline.generation(), "nothing expired");
    }

    private static List<FlowRemoved.Reason> reasons(List<FlowRemoved> removed) {
        return removed.stream().map(FlowRemoved::reason).toList();
    }
}
