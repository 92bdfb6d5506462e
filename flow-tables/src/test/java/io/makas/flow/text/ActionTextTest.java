// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.HashFields;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.action.MultipathAlgorithm;
import io.makas.flow.action.Octets;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ActionTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "output:NXM_NX_REG0[0..15] | output:NXM_NX_REG0[0..15]",
                "output:reg1 | output:NXM_NX_REG1[]",
                "output(port=2,max_len=100) | output(port=2,max_len=100)",
                "output(max_len=64 , port=LOCAL) | output(port=LOCAL,max_len=64)",
                "Output:2,LOCAL,\"3\" | output:2,LOCAL,output:3",
                "output:65534,output:4294967288 | LOCAL,IN_PORT",
                "output:0xfffe | output:0xfffe",
                "resubmit(1,2)output:3 | resubmit(1,2),output:3",
                "controller(reason=no_match,max_len=100,id=5,userdata=01.02) "
                        + "| controller(reason=no_match,max_len=100,id=5,userdata=01.02)",
                "controller(reason=action,max_len=100) | CONTROLLER:100",
                "controller(userdata=0a.0B,id=0) | controller(userdata=0a.0b)",
                "output:controller | CONTROLLER:65535",
                "enqueue:1:2 | set_queue:2,output:1,pop_queue",
                "enqueue(LOCAL, 2) | set_queue:2,LOCAL,pop_queue",
                "set_queue:4294967295,pop_queue | set_queue:4294967295,pop_queue",
                "group:7,group:4294967040 | group:7,group:4294967040",
                "resubmit(,255) | resubmit(,255)",
                "resubmit(in_port,3),resubmit(LOCAL,) | resubmit(,3),resubmit:LOCAL",
                "load:5->NXM_NX_REG0[0..3] | set_field:0x5/0xf->reg0",
                "load:0x10000000000000001->NXM_NX_XXREG0[] | set_field:0x10000000000000001->xxreg0",
                "load:1->xxreg1[100] "
                        + "| set_field:0x10000000000000000000000000/0x10000000000000000000000000->xxreg1",
                "load:2->NXM_OF_ARP_OP[] | set_field:2->arp_op",
                "load:5->NXM_OF_VLAN_TCI[0..11],load:3->NXM_OF_VLAN_TCI[13..15] "
                        + "| set_field:0x5/0xfff->vlan_vid,set_field:3->vlan_pcp",
                "load:46->NXM_OF_IP_TOS[2..7],load:184->NXM_OF_IP_TOS[] "
                        + "| set_field:46->ip_dscp,set_field:46->ip_dscp",
                "load:0->NXM_OF_IN_PORT[] | load:0->OXM_OF_IN_PORT[]",
                "set_field:5->reg0[4..7] | set_field:0x50/0xf0->reg0",
                "set_field:5->NXM_NX_REG0 | set_field:0x5->reg0",
                "set_field:184->nw_tos | set_field:46->ip_dscp",
                "set_field(0x5/0xff->metadata) | set_field:0x5/0xff->metadata",
                "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[] | move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
                "move:reg0[0..3] -> reg1[4..7] | -",
                "move:reg0[0..3]->reg1[4..7] | move:NXM_NX_REG0[0..3]->NXM_NX_REG1[4..7]",
                "move:NXM_OF_IN_PORT[]->reg1[0..15] | move:NXM_OF_IN_PORT[]->NXM_NX_REG1[0..15]",
                "move:OXM_OF_IN_PORT[]->reg1[] | move:OXM_OF_IN_PORT[]->NXM_NX_REG1[]",
                "move:OXM_OF_VLAN_VID[]->reg1[0..11] | move:OXM_OF_VLAN_VID[]->NXM_NX_REG1[0..11]",
                "move:OXM_OF_METADATA[32..63]->OXM_OF_PKT_REG0[0..31] "
                        + "| move:OXM_OF_METADATA[32..63]->OXM_OF_PKT_REG0[0..31]",
                "push:NXM_NX_REG0[3],pop:reg1 | push:NXM_NX_REG0[3],pop:NXM_NX_REG1[]",
                "push_mpls:0x8847,pop_mpls:0x800 | push_mpls:0x8847,pop_mpls:0x0800",
                "dec_mpls_ttl,copy_ttl_out,copy_ttl_in | dec_mpls_ttl,copy_ttl_out,copy_ttl_in",
                "set_mpls_label:5,set_mpls_tc(3),set_mpls_ttl:7 "
                        + "| set_field:5->mpls_label,set_field:3->mpls_tc,set_field:7->mpls_ttl",
                "dec_ttl(1,2) | dec_ttl",
                "set_nw_ttl:3,mod_nw_ecn:1 | set_field:3->nw_ttl,set_field:1->nw_ecn",
                "set_tunnel:5,set_tunnel64:0x100000000 | set_field:0x5->tun_id,set_field:0x100000000->tun_id",
                "set_vlan_vid:5,set_vlan_pcp:3 | set_field:4101->vlan_vid,set_field:3->vlan_pcp",
                "push_vlan:0x8100,mod_vlan_vid:5 | push_vlan:0x8100,set_field:4101->vlan_vid",
                "clone(output:1,clone(set_field:1->reg0)),exit | clone(output:1,clone(set_field:0x1->reg0)),exit",
                "clone() | clone()",
                "fin_timeout(hard_timeout=6,idle_timeout=5) | fin_timeout(idle_timeout=5,hard_timeout=6)",
                "note:0102.03 | note:01.02.03",
                "sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4,sampling_port=5) "
                        + "| sample(probability=1,collector_set_id=2,obs_domain_id=3,obs_point_id=4,sampling_port=5)",
                "check_pkt_larger(1500)->reg0[0] | check_pkt_larger(1500)->NXM_NX_REG0[0]",
                "conjunction(4294967295, 1/2),conjunction(6,2/3) | conjunction(4294967295,1/2),conjunction(6,2/3)",
                "multipath(eth_src, 50, modulo_n, 1, 0, NXM_NX_REG0[]) "
                        + "| multipath(eth_src,50,modulo_n,1,0,NXM_NX_REG0[])",
                "multipath(symmetric_l3l4+udp,0,HRW,16,7,reg0[0..3]) "
                        + "| multipath(symmetric_l3l4+udp,0,hrw,16,7,NXM_NX_REG0[0..3])",
                "bundle(eth_src,0,active_backup,ofport,slaves:1,2,LOCAL) "
                        + "| bundle(eth_src,0,active_backup,ofport,members:1,2,LOCAL)",
                "bundle_load(nw_src,1,hrw,ofport,reg0[0..15],members:[1,2]) "
                        + "| bundle_load(nw_src,1,hrw,ofport,NXM_NX_REG0[0..15],members:1,2)",
                "meter:5,output:1 | meter:5,output:1",
                "write_actions(group:3,set_queue:1),clear_actions "
                        + "| clear_actions,write_actions(group:3,set_queue:1)",
                "learn() | learn(table=1)",
                "learn(table=2,idle_timeout=3,hard_timeout=4,fin_idle_timeout=5,fin_hard_timeout=6,priority=7,"
                        + "send_flow_rem,delete_learned,cookie=8,limit=9,result_dst=reg0[0]) "
                        + "| learn(table=2,idle_timeout=3,hard_timeout=4,fin_idle_timeout=5,fin_hard_timeout=6,"
                        + "priority=7,send_flow_rem,delete_learned,cookie=0x8,limit=9,result_dst=NXM_NX_REG0[0])",
                "learn(NXM_OF_VLAN_TCI[0..11],eth_dst=eth_src,load:in_port->reg0[0..15],output:in_port) "
                        + "| learn(table=1,OXM_OF_VLAN_VID[],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],"
                        + "load:NXM_OF_IN_PORT[]->NXM_NX_REG0[0..15],output:NXM_OF_IN_PORT[])",
                "learn(in_port=3,NXM_OF_IN_PORT[],eth_type=0x800,ip_dst=10.0.0.1,reg1[0..3]=5,load:7->reg5[1]) | -",
                "learn(in_port=3,eth_type=0x800,ip_dst=10.0.0.1,reg1[0..3]=5,load:1->reg5[1]) "
                        + "| learn(table=1,in_port=3,eth_type=0x0800,ip_dst=10.0.0.1,NXM_NX_REG1[0..3]=0x5,"
                        + "load:0x1->NXM_NX_REG5[1])",
            })
    void shouldWriteActionsInOneForm(String read, String written) throws FlowTextException {
        if (written.equals("-")) {
            assertThrows(FlowTextException.class, () -> FlowText.parseActions("tcp", read));
            return;
        }
        Instructions instructions = FlowText.parseActions("tcp", read);

        assertEquals(written, FlowText.format(instructions));
        assertEquals(instructions, FlowText.parseActions("tcp", written));
    }

    @Test
    void shouldReadEveryAction() throws FlowTextException {
        FieldRange reg = new FieldRange(Field.REG0, 4, 8);

        assertRead("output:reg0[4..11]", new Action.OutputField(reg));
        assertRead("output(port=IN_PORT,max_len=14)", new Action.OutputTruncated(ReservedPort.IN_PORT.number(), 14));
        assertRead(
                "controller(reason=invalid_ttl,id=1)",
                new Action.Controller(0xffff, PacketInReason.INVALID_TTL, 1, Octets.NONE));
        assertRead("move:reg0[4..11]->NXM_NX_IP_TTL[]", new Action.Move(reg, FieldRange.whole(Field.IP_TTL)));
        assertRead("push:reg0[4..11]", new Action.Push(reg));
        assertRead("pop:reg0[4..11]", new Action.Pop(reg));
        assertRead(
                "check_pkt_larger(9000)->reg0[7]",
                new Action.CheckPacketLarger(9000, new FieldRange(Field.REG0, 7, 1)));
        assertRead("note:0aff", new Action.Note(Octets.of(new byte[] {10, -1})));
        assertRead("conjunction(3,2/4)", new Action.Conjunction(3, 2, 4));
        assertRead(
                "multipath(nw_dst,1,iter_hash,2,3,reg0[4..11])",
                new Action.Multipath(HashFields.NW_DST, 1, MultipathAlgorithm.ITER_HASH, 2, 3, reg));
        assertRead(
                "bundle(symmetric_l4,60,hrw,ofport,members:2,3)",
                new Action.Bundle(HashFields.SYMMETRIC_L4, 60, false, List.of(2, 3), null));
        assertRead("clone(2)", new Action.Clone(List.of(new Action.Output(2))));
    }

    @Test
    void shouldReadActionsBetweenBlanksOfAnyKind() throws FlowTextException {
        assertEquals(
                Instructions.apply(new Action.Output(1), new Action.Output(2), new Action.Exit()),
                FlowText.parseActions("", " output:1\t \r\n,, 2\nexit,"));
    }

    @Test
    void shouldReadALearnedFlow() throws FlowTextException {
        Action action = FlowText.parseAction(
                "learn(table=10,hard_timeout=30,NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],"
                        + "nw_proto=6,NXM_NX_REG1[0..3]=0xa,load:NXM_OF_IN_PORT[]->NXM_NX_REG0[0..15],"
                        + "load:0x1->NXM_NX_REG2[31],output:NXM_OF_IN_PORT[])");

        FieldRange inPort = new FieldRange(Field.IN_PORT, 0, 16);
        FieldRange vlan = new FieldRange(Field.VLAN_VID, 0, 12);
        LearnSpec expected = new LearnSpec(
                10,
                0x8000,
                0,
                0,
                30,
                0,
                0,
                false,
                false,
                0,
                null,
                List.of(
                        new LearnSpec.Part.MatchField(vlan, vlan),
                        new LearnSpec.Part.MatchField(FieldRange.whole(Field.ETH_DST), FieldRange.whole(Field.ETH_SRC)),
                        new LearnSpec.Part.MatchValue(
                                FieldRange.whole(Field.IP_PROTO), MaskedValue.exact(Field.IP_PROTO, 6)),
                        new LearnSpec.Part.MatchValue(new FieldRange(Field.REG1, 0, 4), MaskedValue.masked(10, 15)),
                        new LearnSpec.Part.LoadField(new FieldRange(Field.REG0, 0, 16), inPort),
                        new LearnSpec.Part.LoadValue(new FieldRange(Field.REG2, 31, 1), MaskedValue.masked(1, 1)),
                        new LearnSpec.Part.OutputField(inPort)));
        assertEquals(new Action.Learn(expected), action);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "output:table | 8 | table | nothing can be sent",
                "output:eth7 | 8 | eth7 | a port",
                "output(port=2) | 8 | port=2 | port=N,max_len=BYTES",
                "output(port=2,max_len=13) | 23 | 13 | a number from 14",
                "output:reg0[8..4] | 13 | 8..4 | the lower one first",
                "output:reg0[32] | 13 | 32 | a number from 0 to 31",
                "output:reg0[3 | 12 | [3 | [FROM..TO]",
                "controller(reason=nomatch) | 19 | nomatch | did you mean no_match?",
                "controller(pause) | 12 | pause | not supported",
                "controller(userdata=0) | 21 | 0 | two hexadecimal digits",
                "resubmit(1,2,ct) | 14 | ct | not supported",
                "resubmit:in_port | 10 | in_port | a port, a table or both",
                "resubmit() | 10 | '' | resubmit(PORT,TABLE)",
                "move:reg0[0..3]->reg1[0..4] | 18 | reg1[0..4] | has 4 bits",
                "move:reg0 | 6 | reg0 | ->",
                "load:16->reg0[0..3] | 6 | 16 | does not fit into the 4 bits",
                "load:1->regg0[] | 9 | regg0 | did you mean reg",
                "set_field:5->tun_gbp_id | 14 | tun_gbp_id | not supported",
                "set_field:5->tun_metadata3 | 14 | tun_metadata3 | not supported",
                "mod_vlan_vid:4096 | 14 | 4096 | a number from 0 to 4095",
                "exit:5 | 6 | 5 | takes no value",
                "sample(collector_set_id=1) | 8 | collector_set_id=1 | probability",
                "conjunction(1,3/2) | 15 | 3 | a number from 0 to 2",
                "conjunction(1,0/2) | 15 | 0 | a clause from 1",
                "conjunction(1,1/1) | 17 | 1 | 2 to 64",
                "multipath(eth_src,0,modulo_n,17,0,reg0[0..3]) | 30 | 17 | cannot be numbered",
                "multipath(eth_src,0,modulo,1,0,reg0[]) | 21 | modulo | algorithm",
                "bundle(eth_src,0,hrw,ofport) | 8 | eth_src,0,hrw,ofport | members:",
                "check_pkt_larger(1500)->reg0[0..1] | 25 | reg0[0..1] | a single bit",
                "learn(tabel=1) | 7 | tabel | did you mean table?",
                "learn(table=255) | 13 | 255 | 0 to 254",
                "learn(eth_dst=nw_src) | 15 | nw_src | has 32 bits",
                "clone(goto_table:1) | 7 | goto_table | cannot be within clone",
                "clone(drop,1) | 7 | drop | only action",
                "meter:0 | 7 | 0 | a meter from 1",
                "ct(commit),output:1 | 1 | ct | not supported",
                "encap(ethernet) | 1 | encap | not supported",
                "nat | 1 | nat | not supported",
                "fin_timeout(idle=1) | 13 | idle | idle_timeout=SECONDS",
            })
    void shouldPointToWhatIsWrong(String text, int column, String word, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> FlowText.parseActions("", text));

        assertEquals(word, e.word(), e.getMessage());
        assertEquals(column, e.column(), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void shouldRefuseListsThatLieTooDeepInEachOther() throws FlowTextException {
        String fits = "clone(".repeat(100) + "output:1" + ")".repeat(100);

        assertEquals(fits, FlowText.format(FlowText.parseActions("", fits)));
        FlowTextException e =
                assertThrows(FlowTextException.class, () -> FlowText.parseActions("", "clone(" + fits + ")"));
        assertTrue(e.getMessage().contains("more than 100 deep"), e.getMessage());
    }

    private static void assertRead(String text, Action expected) throws FlowTextException {
        assertEquals(expected, FlowText.parseAction(text));
        assertEquals(expected, FlowText.parseAction(FlowText.format(expected)));
    }
}
