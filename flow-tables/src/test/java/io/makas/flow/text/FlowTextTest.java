// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowStatistics;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FlowTextTest {

    @Test
    void shouldReadTheFlowOfTheManual() throws FlowTextException {
        FlowMod flow = FlowText.parse("table=0,priority=100,in_port=1,ip,nw_dst=10.0.0.2,actions=output:2");

        Match match = Match.builder()
                .set(Field.IN_PORT, 1)
                .set(Field.ETH_TYPE, 0x0800)
                .set(Field.IP_DST, 0x0a000002)
                .build();
        assertEquals(new FlowMod.Add(0, 100, match, Instructions.apply(new Action.Output(2))), flow);
    }

    @Test
    void shouldReadEveryPropertyOfAFlow() throws FlowTextException {
        FlowMod flow =
                FlowText.parse("cookie=0xabc, table=3 idle_timeout=10,hard_timeout=60 send_flow_rem,check_overlap"
                        + " reset_counts importance=9 actions=drop");

        FlowMod expected = new FlowMod.Add(
                3,
                FlowMod.DEFAULT_PRIORITY,
                Match.ANY,
                Instructions.NONE,
                0xabc,
                10,
                60,
                Set.of(FlowFlag.SEND_FLOW_REM, FlowFlag.CHECK_OVERLAP, FlowFlag.RESET_COUNTS),
                9);
        assertEquals(expected, flow);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ip | ip",
                "dl_type=0x0800 | ip",
                "eth_type=2048 | ip",
                "nw_dst=10.0.0.0/8,ip | ip,nw_dst=10.0.0.0/8",
                "ip,nw_dst=10.0.0.7/255.255.255.0 | ip,nw_dst=10.0.0.0/24",
                "ip,nw_src=10.0.0.1/255.0.255.255 | ip,nw_src=10.0.0.1/255.0.255.255",
                "ip,nw_src=1.2.3.4/0 | ip",
                "ip,ip_dst=1.2.3.4 | ip,nw_dst=1.2.3.4",
                "tcp,tcp_dst=80 | tcp,tp_dst=80",
                "tcp,tp_src=0x1000/0xf000 | tcp,tp_src=0x1000/0xf000",
                "ip,nw_proto=17,tp_dst=53 | udp,tp_dst=53",
                "udp6,udp_src=53 | udp6,tp_src=53",
                "sctp,tp_dst=7 | sctp,tp_dst=7",
                "ip,nw_proto=47 | ip,nw_proto=47",
                "icmp,icmp_type=8,icmp_code=0 | icmp,icmp_type=8,icmp_code=0",
                "icmp6,icmpv6_type=135,nd_target=fe80::1 | icmp6,icmp_type=135,nd_target=fe80::1",
                "icmp6,icmp_type=136,nd_tll=02:00:00:00:00:01 | icmp6,icmp_type=136,nd_tll=02:00:00:00:00:01",
                "arp,arp_op=1,arp_tpa=10.0.0.2 | arp,arp_tpa=10.0.0.2,arp_op=1",
                "arp,nw_dst=10.0.0.2 | arp,arp_tpa=10.0.0.2",
                "arp,arp_sha=02:00:00:00:00:01 | arp,arp_sha=02:00:00:00:00:01",
                "ipv6,ipv6_src=fd00::/8 | ipv6,ipv6_src=fd00::/8",
                "ipv6,ipv6_dst=2001:db8::7,ipv6_label=0x12345 | ipv6,ipv6_dst=2001:db8::7,ipv6_label=0x12345",
                "dl_src=02:00:00:00:00:01,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 "
                        + "| dl_src=02:00:00:00:00:01,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00",
                "dl_vlan=5 | dl_vlan=5",
                "vlan_vid=0x1005 | dl_vlan=5",
                "dl_vlan=0xffff | vlan_tci=0x0000/0x1000",
                "vlan_vid=0 | vlan_tci=0x0000/0x1000",
                "vlan_tci=0 | vlan_tci=0x0000/0x1000",
                "vlan_vid=0x1000/0x1000 | vlan_tci=0x1000/0x1000",
                "dl_vlan=5,dl_vlan_pcp=3 | dl_vlan=5,dl_vlan_pcp=3",
                "dl_vlan_pcp=3 | dl_vlan_pcp=3",
                "vlan_tci=0x1005/0x1fff | dl_vlan=5",
                "dl_type=0x88cc | dl_type=0x88cc",
                "ip,ip_dscp=46 | ip,nw_tos=184",
                "ip,nw_ecn=1,nw_ttl=64 | ip,nw_ecn=1,nw_ttl=64",
                "ip,ip_frag=later | ip,nw_frag=later",
                "ip,ip_frag=no | ip,nw_frag=no",
                "tcp,tcp_flags=+syn-ack | tcp,tcp_flags=+syn-ack",
                "tcp,tcp_flags=0x12/0x12 | tcp,tcp_flags=+syn+ack",
                "metadata=0x5/0xff,reg0=7,in_port=3 | reg0=0x7,metadata=0x5/0xff,in_port=3",
                "in_port=LOCAL | in_port=LOCAL",
                "mpls,mpls_label=100 | mpls,mpls_label=100",
                "tun_id=0x2a | tun_id=0x2a",
                "ct_state=+trk-est | ct_state=-est+trk",
                "ct_label=0x123456789abcdef0123456789abcdef0 | ct_label=0x123456789abcdef0123456789abcdef0",
            })
    void shouldWriteMatchesInOneForm(String read, String written) throws FlowTextException {
        Match match = FlowText.parseMatch(read);

        assertEquals(written, FlowText.format(match));
        assertEquals(match, FlowText.parseMatch(written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop | drop",
                "2 | output:2",
                "output:2,output:LOCAL | output:2,LOCAL",
                "in_port | IN_PORT",
                "ALL,flood | ALL,FLOOD",
                "controller | CONTROLLER:65535",
                "CONTROLLER:128 | CONTROLLER:128",
                "controller(max_len=64) | CONTROLLER:64",
                "set_field:10.0.0.1->nw_src,2 | set_field:10.0.0.1->ip_src,output:2",
                "set_field:02:00:00:00:00:01->eth_dst | set_field:02:00:00:00:00:01->eth_dst",
                "set_field:00:00:00:00:00:01/00:00:00:00:00:ff->eth_dst "
                        + "| set_field:00:00:00:00:00:01/00:00:00:00:00:ff->eth_dst",
                "mod_dl_src:02:00:00:00:00:02 | set_field:02:00:00:00:00:02->eth_src",
                "mod_nw_dst:1.2.3.4 | set_field:1.2.3.4->ip_dst",
                "mod_tp_dst:8080 | set_field:8080->tcp_dst",
                "mod_nw_tos:184 | set_field:46->ip_dscp",
                "mod_nw_ttl:3 | set_field:3->nw_ttl",
                "mod_vlan_vid:5 | push_vlan:0x8100,set_field:4101->vlan_vid",
                "set_field:4101->vlan_vid,set_field:5->vlan_vid | set_field:4101->vlan_vid,set_field:4101->vlan_vid",
                "mod_vlan_pcp:3 | push_vlan:0x8100,set_field:3->vlan_pcp",
                "push_vlan:0x8100 | push_vlan:0x8100",
                "strip_vlan,pop_vlan | pop_vlan,pop_vlan",
                "dec_ttl,goto_table:3 | dec_ttl,goto_table:3",
                "load:0x5->reg0[4..7] | set_field:0x50/0xf0->reg0",
                "load:0x5->metadata[] | set_field:0x5->metadata",
                "resubmit(,3) | resubmit(,3)",
                "resubmit(7,3) | resubmit(7,3)",
                "resubmit:7 | resubmit:7",
                "write_metadata:0x5/0xff,goto_table:1 | write_metadata:0x5/0xff,goto_table:1",
                "clear_actions,write_actions(output:1,dec_ttl),goto_table:1 "
                        + "| clear_actions,write_actions(output:1,dec_ttl),goto_table:1",
                "goto_table:1,apply_actions(2) | output:2,goto_table:1",
                "set_field:fd00::1->ipv6_dst | set_field:fd00::1->ipv6_dst",
            })
    void shouldWriteActionsInOneForm(String read, String written) throws FlowTextException {
        Instructions instructions = FlowText.parseActions("tcp", read);

        assertEquals(written, FlowText.format(instructions));
        assertEquals(instructions, FlowText.parseActions("tcp", written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "ip,nw_dts=10.0.0.2,actions=drop | 4 | nw_dts | did you mean nw_dst?",
                "tpc,actions=drop | 1 | tpc | did you mean tcp?",
                "ip,nw_dst=10.0.0.256,actions=drop | 11 | 10.0.0.256 | no IPv4 address",
                "ip,nw_dst=10.0.0.1/33,actions=drop | 20 | 33 | a number from 0 to 32",
                "nw_dst=10.0.0.2,actions=drop | 1 | nw_dst | needs ip (dl_type=0x0800) in the same match",
                "ip,tcp_dst=80,actions=drop | 4 | tcp_dst | needs tcp",
                "tcp,tcp_dst=65536,actions=drop | 13 | 65536 | a number from 0 to 65535",
                "tcp,tcp_dst=,actions=drop | 13 | \"\" | a value of tcp_dst",
                "tcp,tcp_dst,actions=drop | 5 | tcp_dst | needs a value",
                "udp,nw_proto=6,actions=drop | 5 | nw_proto | is in the match twice",
                "ip,nw_ttl=1/3,actions=drop | 4 | nw_ttl | must be matched exactly",
                "reg0=5/3,actions=drop | 1 | reg0 | bits outside its mask",
                "ip,ip_dscp=64,actions=drop | 12 | 64 | a number from 0 to 63",
                "vlan_vid=5,actions=drop | 1 | vlan_vid | PRESENT bit",
                "dl_vlan=4096,actions=drop | 9 | 4096 | VLAN id",
                "dl_src=02:00:00:00:00,actions=drop | 8 | 02:00:00:00:00 | no Ethernet address",
                "in_port=1 | 10 | \"\" | no actions",
                "in_port=1,actions= | 19 | \"\" | no actions",
                "priority=65536,actions=drop | 10 | 65536 | a number from 0 to 65535",
                "actions=outptu:2 | 9 | outptu | did you mean output?",
                "actions=output:x | 16 | x | a port",
                "actions=drop,2 | 9 | drop | only action",
                "actions=ct(commit) | 9 | ct | not supported",
                "actions=goto_table:1,goto_table:2 | 22 | goto_table | twice",
                "actions=set_field:5->nw_ttll | 22 | nw_ttll | did you mean nw_ttl?",
                "actions=set_field:5 | 19 | 5 | VALUE->FIELD",
                "actions=write_actions(output:1 | 31 | \"\" | '(' without ')'",
                "actions=output:1) | 17 | ) | ')' without '('",
                "cookie=0x1/0xff,actions=drop | 12 | 0xff | cookie without a mask",
                "table=256,actions=drop | 7 | 256 | a number from 0 to 255",
                "out_port=2,actions=drop | 10 | 2 | output:N sends",
            })
    void shouldPointToWhatIsWrong(String text, int column, String word, String message) {
        FlowTextException e = assertThrows(FlowTextException.class, () -> FlowText.parse(text));

        assertEquals(column, e.column(), e.getMessage());
        assertEquals(word, e.word(), e.getMessage());
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(1, e.line());
    }

    @Test
    void shouldReadAFileWithCommentsAndCommands() throws FlowTextException {
        List<FlowMod> mods = FlowText.parseFile("""
                # two pods
                in_port=1,actions=output:2   # there

                \tdelete table=0,in_port=2
                modify_strict priority=7,ip,actions=drop
                """);

        assertEquals(3, mods.size());
        assertEquals(FlowText.parse("in_port=1,actions=output:2"), mods.get(0));
        assertEquals(FlowText.parse(FlowText.Command.DELETE, "table=0,in_port=2"), mods.get(1));
        assertEquals(FlowText.parse(FlowText.Command.MODIFY_STRICT, "priority=7,ip,actions=drop"), mods.get(2));
    }

    @Test
    void shouldReadFilesOfOtherEditorsAndDumps() throws FlowTextException {
        List<FlowMod> mods = FlowText.parseFile("\ufeffOFPST_FLOW reply (OF1.3) (xid=0x2):\r\n"
                + " cookie=0x1, duration=1.234s, table=0, n_packets=5, n_bytes=490, idle_age=3, priority=7,ip"
                + " actions=output:2\r\n\r\n"
                + "delete,table=1\r\n"
                + "\tallow_hidden_fields, in_port=\"1\", actions = drop # ü\r\n");

        assertEquals(
                List.of(
                        FlowText.parse("cookie=1,priority=7,ip,actions=2"),
                        FlowText.parse(FlowText.Command.DELETE, "table=1"),
                        FlowText.parse("in_port=1,actions=drop")),
                mods);
    }

    @Test
    void shouldNameTheColumnBehindAByteOrderMarkTabsAndOtherLetters() {
        FlowTextException first =
                assertThrows(FlowTextException.class, () -> FlowText.parseFile("\ufeffipp,actions=2"));
        FlowTextException second =
                assertThrows(FlowTextException.class, () -> FlowText.parseFile("#\n\tduration=äö,\tipp,actions=2\r\n"));

        assertEquals("line 1, column 1: unknown field 'ipp'; did you mean ip?", first.locatedMessage());
        assertEquals("line 2, column 15: unknown field 'ipp'; did you mean ip?", second.locatedMessage());
    }

    @Test
    void shouldNameLineAndColumnInAFile() {
        FlowTextException e = assertThrows(
                FlowTextException.class, () -> FlowText.parseFile("in_port=1,actions=2\n\n  in_prot=1,actions=drop\n"));

        assertEquals("line 3, column 3: unknown field 'in_prot'; did you mean in_port?", e.locatedMessage());
    }

    @Test
    void shouldReadFiltersOfFlowsToDelete() throws FlowTextException {
        FlowFilter filter = FlowText.parseFilter("table=2,ip,cookie=0x1/0xff,out_port=3");

        assertEquals(new FlowFilter(2, FlowText.parseMatch("ip"), FlowFilter.NOT_STRICT, 1, 0xff, 3), filter);
        assertEquals(FlowFilter.ALL, FlowText.parseFilter(""));
        assertEquals(FlowFilter.ALL.withCookie(0x12, -1L), FlowText.parseFilter("cookie=0x12/-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "table=3,cookie=0x7,idle_timeout=5,send_flow_rem,priority=9,tcp,in_port=1,tp_dst=80,actions=output:2",
                "table=0,priority=0,actions=drop",
                "modify table=0,ip,actions=output:4",
                "modify_strict reset_counts,table=0,priority=3,ip,actions=output:4",
                "delete table=255",
                "delete table=1,cookie=0x10/0xf0,out_port=4,arp",
                "delete_strict table=1,priority=5,in_port=LOCAL",
            })
    void shouldWriteEditsThatReadTheSame(String text) throws FlowTextException {
        FlowMod mod = FlowText.parse(text);

        assertEquals(text, FlowText.format(mod));
    }

    @Test
    void shouldWriteStatisticsAsDumpFlowsDoesAndReadThemAsAFlow() throws FlowTextException {
        Match match = FlowText.parseMatch("ip,nw_dst=10.0.0.2");
        Instructions output = Instructions.apply(new Action.Output(2));
        FlowStatistics flow = new FlowStatistics(
                0, 100, match, output, 0, 60, 0, Set.of(FlowFlag.SEND_FLOW_REM), 7, 5, 490, 1_234_567_890L, 0, 0);

        String line = FlowText.format(flow);

        assertEquals(
                " cookie=0x0, duration=1.234s, table=0, n_packets=5, n_bytes=490, idle_timeout=60, "
                        + "send_flow_rem importance=7, priority=100,ip,nw_dst=10.0.0.2 actions=output:2",
                line);
        FlowMod.Add read = (FlowMod.Add) FlowText.parse(line);
        assertEquals(match, read.match());
        assertEquals(100, read.priority());
        assertEquals(7, read.importance());
        assertEquals(output, read.instructions());
    }

    @Test
    void shouldWriteATableMissFlowAsDumpFlowsDoes() {
        FlowStatistics flow = new FlowStatistics(
                0,
                0,
                Match.ANY,
                Instructions.apply(new Action.OutputReserved(ReservedPort.FLOOD)),
                1,
                0,
                0,
                Set.of(),
                0,
                0,
                0,
                0,
                0,
                0);

        assertEquals(
                " cookie=0x1, duration=0.000s, table=0, n_packets=0, n_bytes=0, priority=0 actions=FLOOD",
                FlowText.format(flow));
    }

    @Test
    void shouldReadAPacketByItsFields() throws FlowTextException {
        long[] key = FlowText.parseKey("in_port=1,udp,nw_dst=10.0.0.2,tp_dst=53");

        assertEquals(1, Field.IN_PORT.in(key));
        assertEquals(17, Field.IP_PROTO.in(key));
        assertEquals(53, Field.UDP_DST.in(key));
        assertEquals(0x0a000002, Field.IP_DST.in(key));
    }
}
