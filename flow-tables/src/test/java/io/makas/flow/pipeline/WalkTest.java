// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.TableStatistics;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of packets. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class WalkTest extends PipelineFixture {

    @Test
    void item8ShouldTellUntaggedTaggedAndEither() {
        edit(
                "priority=3,vlan_vid=0,actions=output:2",
                "priority=2,vlan_vid=0x1005,actions=output:3",
                "priority=1,vlan_vid=0x1000/0x1000,actions=output:4");

        assertEquals("output:2", send("in_port=1"));
        assertEquals("output:3", send("in_port=1,dl_vlan=5"));
        assertEquals("output:4", send("in_port=1,dl_vlan=6"));
        assertEquals("output:4", send("in_port=1,dl_vlan=0,dl_vlan_pcp=3"));
    }

    @Test
    void item10ShouldMatchThePacketAsChangedSoFar() {
        edit(
                "table=0,tcp,nw_dst=10.0.0.1,actions=mod_nw_dst:10.0.0.2,goto_table:1",
                "table=1,priority=9,ip,nw_dst=10.0.0.1,actions=output:2",
                "table=1,priority=1,ip,nw_dst=10.0.0.2,in_port=1,actions=output:3");

        assertEquals("set_field:10.0.0.2->ip_dst,output:3", send("in_port=1,tcp,nw_dst=10.0.0.1"));
    }

    @Test
    void item10ShouldStartWithMetadataAndRegistersZero() {
        edit("priority=5,metadata=0,reg3=0,actions=output:2");

        assertEquals("output:2", send("in_port=1"));
        assertEquals("in_port=1", megaflow("in_port=1"));
    }

    @Test
    void item11ShouldFollowInstructionsInOpenFlowsOrder() {
        edit(
                "table=0,actions=goto_table:1,write_actions(output:3),write_metadata:0x5,clear_actions,output:2",
                "table=1,metadata=5,actions=output:4");

        assertEquals("output:2,output:4,output:3", send("in_port=1"));
    }

    @Test
    void item12ShouldExecuteTheActionSetInItsOwnOrderAtTheEnd() {
        edit(
                "table=0,ip,dl_vlan=5,actions=write_actions(output:2,set_field:10.0.0.9->nw_dst,dec_ttl,pop_vlan),goto_table:1",
                "table=1,actions=output:3");

        assertEquals(
                "output:3,pop_vlan,dec_ttl,set_field:10.0.0.9->ip_dst,output:2",
                send("in_port=1,ip,dl_vlan=5,nw_ttl=64"));
    }

    @Test
    void item12ShouldKeepTheLastActionOfEachTypeInTheActionSet() {
        edit(
                "table=0,ip,actions=write_actions(output:2,mod_nw_dst:10.0.0.1,mod_nw_src:10.0.0.1),goto_table:1",
                "table=1,ip,actions=write_actions(output:3,mod_nw_dst:10.0.0.2)");

        assertEquals("set_field:10.0.0.1->ip_src,set_field:10.0.0.2->ip_dst,output:3", send("in_port=1,ip"));
    }

    @Test
    void item12ShouldKeepBitsOfAFieldThatALaterActionLeavesAlone() {
        edit(
                "table=0,actions=write_actions(set_field:02:00:00:00:00:10->eth_dst,output:2),goto_table:1",
                "table=1,actions=write_actions(set_field:00:00:00:00:00:01/00:00:00:00:00:01->eth_dst)");

        assertEquals("set_field:02:00:00:00:00:11->eth_dst,output:2", send("in_port=1"));
    }

    @Test
    void item12ShouldDropWithoutAnOutputInTheActionSet() {
        edit("ip,actions=write_actions(mod_nw_dst:10.0.0.1)");

        assertEquals("flow-drop", send("in_port=1,ip"));
    }

    @Test
    void item12ShouldNotExecuteTheActionSetAfterAMissOrAnExpiredTtl() {
        edit(
                "table=0,in_port=1,actions=write_actions(output:2),goto_table:1",
                "table=0,in_port=2,ip,actions=write_actions(output:3),dec_ttl");

        assertEquals("table-miss", send("in_port=1"));
        assertEquals("CONTROLLER:65535", send("in_port=2,ip,nw_ttl=1"));
        assertEquals("dec_ttl,output:3", send("in_port=2,ip,nw_ttl=2"));
    }

    @Test
    void item13ShouldDropWithoutATableMissFlowAndTellTheControllerWithOne() {
        edit("table=0,in_port=1,actions=goto_table:1", "table=0,priority=5,in_port=2,actions=controller:64");
        assertEquals("table-miss", send("in_port=1"));

        edit("table=1,priority=0,actions=controller:128");

        assertEquals("CONTROLLER:128", send("in_port=1"));
        assertEquals(0, reason("in_port=1"), "OFPR_NO_MATCH");
        assertEquals(1, reason("in_port=2"), "OFPR_ACTION");
    }

    @Test
    void item13ShouldCountLookupsAndMatchesOfTables() {
        edit("table=0,in_port=1,actions=goto_table:1", "table=0,in_port=2,actions=output:1");

        send("in_port=1");
        send("in_port=1");
        send("in_port=2");
        send("in_port=3");

        assertEquals(List.of(new TableStatistics(0, 2, 4, 3), new TableStatistics(1, 0, 2, 0)), pipeline.tables());
    }

    @Test
    void item14ShouldClearTheActionSetOnlyAndKeepOtherMetadata() {
        edit(
                "table=0,actions=output:2,write_actions(output:3),write_metadata:0xf0/0xf0,goto_table:1",
                "table=1,actions=clear_actions,write_metadata:0x03/0x0f,goto_table:2",
                "table=2,metadata=0xf3,actions=output:4");

        assertEquals("output:2,output:4", send("in_port=1"));
    }

    @Test
    void item15ShouldNotSendBackButWithInPort() {
        edit(
                "priority=1,actions=output:1",
                "priority=2,tcp,actions=in_port",
                "priority=3,udp,actions=output:1,output:2");

        assertEquals("output-to-input-port", send("in_port=1"));
        assertEquals("output:1", send("in_port=1,tcp"));
        assertEquals("output:2", send("in_port=1,udp"));
    }

    @Test
    void item15ShouldFloodByOtherPortsThatTakePart() {
        pipeline.setPorts(List.of(
                new PortState(1),
                new PortState(2),
                new PortState(3, true, false, true),
                new PortState(4, true, true, false),
                new PortState(5, false, true, true)));
        edit("priority=1,actions=flood", "priority=2,tcp,actions=all");

        assertEquals("output:2", send("in_port=1"));
        assertEquals("output:1,output:2", send("in_port=3"));
        assertEquals("output:2,output:3", send("in_port=1,tcp"));
    }

    @Test
    void item15And31ShouldNotSendByPortsThatAreNotThereOrDown() {
        edit("priority=1,actions=output:7");
        assertEquals("no-such-port", send("in_port=1"));
        long generation = pipeline.generation();

        pipeline.setPorts(List.of(new PortState(1), new PortState(7)));

        assertNotEquals(generation, pipeline.generation());
        assertEquals("output:7", send("in_port=1"));
        pipeline.setPorts(List.of(new PortState(1), new PortState(7, false, true, true)));
        assertEquals("no-such-port", send("in_port=1"));
        assertEquals(1, flows().size());
    }

    @Test
    void item16ShouldOutputThePacketAsItIsThenAndDropChangesThatNobodySees() {
        edit("ip,actions=output:2,mod_nw_dst:10.0.0.9,output:3,mod_nw_dst:10.0.0.8");

        assertEquals("output:2,set_field:10.0.0.9->ip_dst,output:3", send("in_port=1,ip"));
        int[] code = pipeline.translate(key("in_port=1,ip")).program().code();
        assertEquals(ActionProgram.OP_OUTPUT, code[0]);
        assertEquals(ActionProgram.OP_OUTPUT_LAST, code[code.length - 2]);
    }

    @Test
    void item17ShouldCopyTheOuterTagWhenPushingAndMatchTheInnerOneAfterPopping() {
        edit(
                "table=0,priority=2,dl_vlan=5,actions=push_vlan:0x88a8,output:2,goto_table:1",
                "table=0,priority=1,actions=push_vlan:0x8100,mod_vlan_vid:7,output:2,goto_table:1",
                "table=1,priority=2,dl_vlan=5,dl_vlan_pcp=3,actions=pop_vlan,goto_table:2",
                "table=1,priority=1,dl_vlan=7,actions=pop_vlan,goto_table:2",
                "table=2,priority=2,dl_vlan=5,dl_vlan_pcp=3,actions=output:3",
                "table=2,priority=1,vlan_vid=0,actions=output:4");

        assertEquals("push_vlan:0x88a8,output:2,pop_vlan,output:3", send("in_port=1,dl_vlan=5,dl_vlan_pcp=3"));
        int[] code = pipeline.translate(key("in_port=1,dl_vlan=5,dl_vlan_pcp=3"))
                .program()
                .code();
        assertArrayEquals(new int[] {ActionProgram.OP_PUSH_VLAN, 0x88a8, 0x6005}, Arrays.copyOf(code, 3));
        assertEquals("push_vlan:0x8100,set_field:4103->vlan_vid,output:2,pop_vlan,output:4", send("in_port=1"));
    }

    @Test
    void item17ShouldDoNothingAtRunTimeWhereThereIsNoTag() {
        edit(
                "table=0,vlan_vid=0x1000/0x1000,actions=write_actions(pop_vlan,output:2),goto_table:1",
                "table=1,vlan_vid=0x1000/0x1000,actions=pop_vlan,goto_table:2",
                "table=2,actions=output:3");

        assertEquals("pop_vlan,output:3,output:2", send("in_port=1,dl_vlan=5"));
    }

    @Test
    void item19ShouldStopWhereTheTtlExpires() {
        edit("ip,actions=output:2,dec_ttl,output:3");

        assertEquals("output:2,dec_ttl,output:3", send("in_port=1,ip,nw_ttl=64"));
        assertEquals("output:2,CONTROLLER:65535", send("in_port=1,ip,nw_ttl=1"));
        assertEquals("output:2,CONTROLLER:65535", send("in_port=1,ip,nw_ttl=0"));
        PacketInContext told =
                pipeline.translate(key("in_port=1,ip,nw_ttl=1")).operands().packetIns()[0];
        assertEquals(PacketInReason.INVALID_TTL, told.reason());
        assertEquals("ip,in_port=1,nw_ttl=0x40/0xc0", megaflow("in_port=1,ip,nw_ttl=64"));
        assertEquals("ip,in_port=1,nw_ttl=0x80/0x80", megaflow("in_port=1,ip,nw_ttl=128"));
        assertEquals("ip,in_port=1,nw_ttl=0x0/0xfe", megaflow("in_port=1,ip,nw_ttl=1"));
    }

    @Test
    void item20ShouldTellTheControllerTableAndCookie() {
        edit("table=0,actions=goto_table:3", "table=3,cookie=0x1122334455667788,actions=controller:100");

        Translation answer = pipeline.translate(key("in_port=1"));

        assertArrayEquals(
                new int[] {ActionProgram.OP_CONTROLLER, 100, 0},
                answer.program().code());
        PacketInContext context = answer.operands().packetIns()[0];
        assertEquals(PacketInReason.ACTION, context.reason());
        assertEquals(3, context.table());
        assertEquals(0x1122334455667788L, context.cookie());
        assertEquals(1, context.inPort());
    }

    @Test
    void item26And32ShouldBeInForceWhenAnEditReturnsAndTellCachesSo() {
        edit("actions=output:2");
        Translation old = pipeline.translate(key("in_port=1"));

        edit("modify actions=output:3");

        assertNotEquals(old.generation(), pipeline.generation());
        assertEquals("output:3", send("in_port=1"));
        edit("delete in_port=99");
        assertEquals(pipeline.generation(), pipeline.translate(key("in_port=1")).generation());
    }

    @Test
    void item28ShouldRemoveIdleFlowsUnlessUsedAndHardOnesInAnyCase() {
        edit(
                "priority=1,in_port=1,idle_timeout=10,actions=output:2",
                "priority=2,in_port=2,idle_timeout=10,hard_timeout=15,actions=output:3",
                "priority=3,in_port=3,hard_timeout=5,send_flow_rem,actions=output:3",
                "priority=4,in_port=4,actions=output:3");
        passSeconds(5);
        send("in_port=1");
        send("in_port=2");

        List<FlowRemoved> first = pipeline.expire(nowNs);
        passSeconds(9.9);
        send("in_port=2");
        List<FlowRemoved> second = pipeline.expire(nowNs);
        passSeconds(0.1);
        List<FlowRemoved> third = pipeline.expire(nowNs);

        assertEquals(List.of("3 HARD_TIMEOUT true"), removed(first));
        assertEquals(List.of(), removed(second));
        assertEquals(List.of("1 IDLE_TIMEOUT false", "2 HARD_TIMEOUT false"), removed(third));
        assertEquals(List.of("0 priority=4,in_port=4 output:3"), dump());
        assertEquals("table-miss", send("in_port=1"));
    }

    @Test
    void item28ShouldRestartTheIdleTimeoutOfAReplacedFlow() {
        edit("in_port=1,idle_timeout=10,actions=output:2");
        passSeconds(9);
        edit("in_port=1,idle_timeout=10,actions=output:3");
        passSeconds(9);

        assertEquals(List.of(), pipeline.expire(nowNs));
        passSeconds(1);
        assertEquals(1, pipeline.expire(nowNs).size());
    }

    @Test
    void item30ShouldCountEachFlowOnThePathOnceForEachPacket() {
        edit(
                "table=0,priority=1,actions=push_vlan:0x8100,goto_table:1",
                "table=1,priority=1,actions=output:2,output:3,goto_table:2",
                "table=2,priority=1,actions=drop");

        pipeline.credit(pipeline.translate(key("in_port=1")), 5, 500, nowNs);

        assertEquals(3, flows().size());
        flows().forEach(flow -> {
            assertEquals(5, flow.packets());
            assertEquals(500, flow.bytes());
        });
    }

    @Test
    void shouldComeBackFromAResubmitAndGoOn() {
        edit(
                "table=0,priority=1,actions=resubmit(,1),resubmit(3,2),output:2",
                "table=1,priority=1,ip,actions=mod_nw_dst:10.0.0.9,output:3",
                "table=2,priority=1,in_port=3,ip,nw_dst=10.0.0.9,actions=output:4,output:3");

        assertEquals("set_field:10.0.0.9->ip_dst,output:3,output:4,output:3,output:2", send("in_port=1,ip"));
        assertEquals("output:2", send("in_port=1,arp"));
    }

    @Test
    void shouldDropAPacketThatRunsInCircles() {
        edit("table=0,actions=output:2,resubmit(,0)", "table=1,actions=resubmit(,2),resubmit(,2)");

        assertEquals("walk-too-long", send("in_port=1"));
    }

    @Test
    void shouldDropAPacketThatIsToBeSentTooOften() {
        String outputs = "output:2,output:3,".repeat(1_000);
        edit(
                "table=0,actions=output:4," + "resubmit(,1),".repeat(1_000) + "output:4",
                "table=1,actions=" + outputs + "output:4");

        assertEquals(
                DropReason.WALK_TOO_LONG,
                pipeline.translate(key("in_port=1")).program().dropReason());
    }

    @Test
    void shouldNotUnwildcardWhatAnActionHasSet() {
        edit("table=0,ip,actions=mod_nw_dst:10.0.0.2,goto_table:1", "table=1,ip,nw_dst=10.0.0.2,actions=output:2");

        assertEquals("ip,in_port=1", megaflow("in_port=1,ip,nw_dst=1.2.3.4"));
    }

    private int reason(String packet) {
        int[] code = pipeline.translate(key(packet)).program().code();
        assertEquals(ActionProgram.OP_CONTROLLER, code[0]);
        return pipeline.translate(key(packet))
                .operands()
                .packetIns()[0]
                .reason()
                .code();
    }

    private static List<String> removed(List<FlowRemoved> flows) {
        return flows.stream()
                .map(flow -> flow.entry().priority() + " " + flow.reason() + " " + flow.isWanted())
                .sorted()
                .toList();
    }
}
