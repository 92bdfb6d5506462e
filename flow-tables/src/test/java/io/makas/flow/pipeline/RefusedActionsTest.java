// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which actions a flow cannot have. The numbers are those of the list of semantics in the OpenFlow notes. */
final class RefusedActionsTest extends PipelineFixture {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "in_port=1,actions=output:0 | BAD_OUT_PORT | port 0",
                "table=3,actions=goto_table:3 | BAD_GOTO_TABLE | goto_table:3",
                "table=3,actions=goto_table:2 | BAD_GOTO_TABLE | goto_table:2",
                "actions=goto_table:255 | BAD_GOTO_TABLE | goto_table:255",
                "actions=push_vlan:0x9100 | BAD_ARGUMENT | 0x9100",
                "actions=pop_vlan | MATCH_INCONSISTENT | pop_vlan needs a VLAN tag",
                "actions=push_vlan:0x8100,pop_vlan,pop_vlan | MATCH_INCONSISTENT | pop_vlan needs a VLAN tag",
                "actions=set_vlan_vid:5 | MATCH_INCONSISTENT | vlan_vid needs a VLAN tag",
                "vlan_tci=0,actions=set_vlan_pcp:5 | MATCH_INCONSISTENT | vlan_pcp needs a VLAN tag",
                "actions=dec_ttl | MATCH_INCONSISTENT | dec_ttl needs ip",
                "udp,actions=set_field:80->tcp_dst | MATCH_INCONSISTENT | tcp_dst needs tcp",
                "ipv6,actions=mod_nw_src:10.0.0.1 | MATCH_INCONSISTENT | nw_src needs ip",
                "actions=write_actions(mod_nw_src:10.0.0.1) | MATCH_INCONSISTENT | nw_src needs ip",
                "ip,actions=set_field:6->nw_proto | BAD_SET_TYPE | nw_proto cannot be set",
                "tcp,actions=set_field:3->tcp_flags | BAD_SET_TYPE | tcp_flags cannot be set",
                "actions=set_field:0x800->eth_type | BAD_SET_TYPE | dl_type cannot be set",
                "actions=push_mpls:0x0800 | BAD_ARGUMENT | label stack has type",
                "actions=pop_mpls:0x0800 | MATCH_INCONSISTENT | pop_mpls needs dl_type=0x8847",
                "mpls,actions=pop_mpls:0x8100 | BAD_ARGUMENT | no tag",
                "mpls,actions=pop_mpls:0x0800,dec_mpls_ttl | MATCH_INCONSISTENT | dec_mpls_ttl needs",
                "ip,actions=push_mpls:0x8847,dec_ttl | MATCH_INCONSISTENT | dec_ttl needs ip",
                "tcp,actions=push_mpls:0x8847,pop_mpls:0x0800,set_field:1->tcp_dst | MATCH_INCONSISTENT | tcp_dst needs",
                "actions=move:NXM_OF_IP_SRC[]->NXM_NX_REG0[] | MATCH_INCONSISTENT | move from nw_src needs ip",
                "actions=move:NXM_NX_REG0[]->NXM_OF_IP_SRC[] | MATCH_INCONSISTENT | move to nw_src needs ip",
                "actions=write_actions(clone(output:2)) | BAD_ARGUMENT | clone cannot be in an action set",
                "actions=clone(dec_ttl) | MATCH_INCONSISTENT | dec_ttl needs ip",
                "actions=conjunction(1,1/2),output:2 | BAD_ARGUMENT | conjunction",
                "actions=conjunction(1,1/2),goto_table:1 | BAD_ARGUMENT | conjunction",
                "actions=write_actions(resubmit(1,2)) | BAD_ARGUMENT | resubmit",
            })
    void item15And17And18ShouldRefuseActionsThatCannotBe(String flow, Kind kind, String message) {
        FlowModException e = refused("in_port=9,actions=drop", flow);

        assertEquals(kind, e.kind(), e.getMessage());
        assertEquals(1, e.index());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(List.of(), dump());
    }
}
