// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.v1.Action;
import io.makas.v1.DumpFlowsRequest.Text;
import io.makas.v1.FlowEdit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every action comes back from the messages of the control API as it went there. */
class ActionMappingTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "output:1,LOCAL,IN_PORT,ALL,FLOOD,NORMAL",
                "output:NXM_NX_REG0[0..15],output(port=2,max_len=100)",
                "CONTROLLER:128,controller(reason=no_match,max_len=100,id=5,userdata=01.02)",
                "set_field:0x5/0xff->reg0,set_field:10.0.0.1->ip_dst,set_field:80->tcp_dst",
                "set_field:0x123456789abcdef0123456789abcdef0->xxreg0",
                "move:NXM_NX_REG0[0..3]->NXM_NX_REG1[4..7],push:NXM_NX_REG0[],pop:NXM_NX_REG1[]",
                "push_vlan:0x8100,set_field:4101->vlan_vid,pop_vlan,push_mpls:0x8847,dec_mpls_ttl,pop_mpls:0x0800",
                "copy_ttl_out,copy_ttl_in,dec_ttl,set_queue:5,pop_queue,group:3",
                "clone(output:1,clone(set_field:0x1->reg0)),note:01.02,exit",
                "learn(table=2,hard_timeout=3,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])",
                "fin_timeout(idle_timeout=5),resubmit(,3),resubmit:7,resubmit(1,2)",
                "sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4)",
                "check_pkt_larger(1500)->NXM_NX_REG0[0],conjunction(5,1/2)",
                "multipath(eth_src,50,modulo_n,1,0,NXM_NX_REG0[])",
                "bundle(eth_src,0,active_backup,ofport,members:1,2)",
                "bundle_load(nw_src,1,hrw,ofport,NXM_NX_REG0[0..15],members:1,2)",
                "meter:5,output:1,clear_actions,write_actions(group:3,set_queue:1),write_metadata:0x5/0xff,goto_table:9",
            })
    void shouldComeBackAsTheyWent(String actions) throws Exception {
        FlowMod.Add flow = (FlowMod.Add) FlowText.parse("table=3,tcp,actions=" + actions);

        assertEquals(actions, FlowText.format(flow.instructions()));
        var message = FlowReplyMapper.statistics(statistics(flow), true, Text.TEXT_UNSPECIFIED);
        FlowEdit edit = FlowEdit.newBuilder()
                .setCommand(FlowEdit.Command.COMMAND_ADD)
                .setFlow(message.getFlow())
                .build();
        assertEquals(flow, FlowRequestMapper.flowMod(FlowEdit.parseFrom(edit.toByteArray())));
    }

    @Test
    void shouldRefuseTextsOfActionsThatAreTooLong() {
        FlowEdit.Builder edit = FlowEdit.newBuilder().setCommand(FlowEdit.Command.COMMAND_ADD);
        edit.getFlowBuilder()
                .getInstructionsBuilder()
                .addApplyActions(Action.newBuilder().setText("note:" + "00".repeat(32 << 10)));

        EditException e = assertThrows(EditException.class, () -> FlowRequestMapper.flowMod(edit.build()));

        assertTrue(e.getMessage().contains("up to 65536"), e.getMessage());
    }

    private static FlowStatistics statistics(FlowMod.Add flow) {
        return new FlowStatistics(
                flow.table(),
                flow.priority(),
                flow.match(),
                flow.instructions(),
                flow.cookie(),
                flow.idleTimeoutS(),
                flow.hardTimeoutS(),
                flow.flags(),
                flow.importance(),
                0,
                0,
                0,
                0,
                0);
    }
}
