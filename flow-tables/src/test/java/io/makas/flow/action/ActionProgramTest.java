// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.key.Field;
import io.makas.flow.pipeline.DropReason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ActionProgramTest {

    static List<Arguments> texts() {
        return Stream.of(
                        text("3", Code.last(3)),
                        text("4294967040", Code.output(0xffffff00)),
                        text(
                                "set(eth(dst=02:00:00:00:00:0a)),2",
                                Code.set(Field.ETH_DST, 0x02000000000aL),
                                Code.last(2)),
                        text(
                                "set(eth(src=01:00:00:00:00:00/01:00:00:00:00:00))",
                                Code.set(Field.ETH_SRC, 0x010000000000L, 0x010000000000L)),
                        text("push_vlan(vid=10,pcp=5),1", Code.pushVlan(0x8100, 0xa00a), Code.last(1)),
                        text("push_vlan(tpid=0x88a8,vid=10,pcp=0)", Code.pushVlan(0x88a8, 10)),
                        text("pop_vlan,dec_ttl", Code.popVlan(), Code.decTtl()),
                        text(
                                "set(vlan(vid=7)),set(vlan(pcp=3))",
                                Code.set(Field.VLAN_VID, 0x1007),
                                Code.set(Field.VLAN_PCP, 3)),
                        text("set(ipv4(dst=10.0.0.2))", Code.set(Field.IP_DST, 0x0a000002)),
                        text("set(ipv4(src=10.0.0.0/255.0.0.0))", Code.set(Field.IP_SRC, 0x0a000000L, 0xff000000L)),
                        text("set(ipv6(src=fd00::1))", Code.set128(Field.IPV6_SRC, 0xfd00L << 48, 1, -1, -1)),
                        text(
                                "set(ipv6(dst=fd00::/ffff::))",
                                Code.set128(Field.IPV6_DST, 0xfd00L << 48, 0, 0xffffL << 48, 0)),
                        text(
                                "set(ipv6(label=0x1f)),set(ip(tos=0x10)),set(ip(ttl=63))",
                                Code.set(Field.IPV6_LABEL, 0x1f),
                                Code.set(Field.IP_TOS, 0x10),
                                Code.set(Field.IP_TTL, 63)),
                        text(
                                "set(tcp(dst=80)),set(udp(src=0x50/0xf0))".replace("0x50/", "80/"),
                                Code.set(Field.TCP_DST, 80),
                                Code.set(Field.UDP_SRC, 80, 0xf0)),
                        text(
                                "set(arp(op=2)),set(arp(sip=10.0.0.1)),set(nd(tll=02:00:00:00:00:01))",
                                Code.set(Field.ARP_OP, 2),
                                Code.set(Field.ARP_SPA, 0x0a000001),
                                Code.set(Field.ND_TLL, 0x020000000001L)),
                        text("set(reg0=5)", Code.set(Field.REG0, 5)),
                        text("controller(max_len=128,context=3)", Code.controller(128, 3)))
                .toList();
    }

    static List<Arguments> textsOfExtensions() {
        return Stream.of(
                        text(
                                "clone(trunc(100),2,clone(3),4),set_queue(7),set_queue(default),5",
                                Code.cloned(Code.truncated(2, 100), Code.cloned(Code.last(3)), Code.last(4)),
                                Code.queue(7),
                                Code.queue(ActionProgram.NO_QUEUE),
                                Code.last(5)),
                        text(
                                "push_mpls(label=1048575,tc=2,ttl=64,bos=1,eth_type=0x8847),set(mpls(ttl=3))",
                                Code.pushMpls(0x8847, 0xfffff, 2, true, 64),
                                Code.set(Field.MPLS_TTL, 3)),
                        text(
                                "copy_ttl_out,copy_ttl_in,dec_mpls_ttl,pop_mpls(eth_type=0x800)",
                                Code.copyTtlOut(),
                                Code.copyTtlIn(),
                                Code.decMplsTtl(),
                                Code.popMpls(0x0800)),
                        text("meter(1),sample(2),recirc(0x1f)", Code.meter(1), Code.sample(2), Code.recirculate(31)),
                        text(
                                "check_pkt_len(size=1500,gt(recirc(0x1)),le(recirc(0x2)))",
                                Code.recirculateByLength(1500, 1, 2)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource({"texts", "textsOfExtensions"})
    void shouldReadLikeDatapathActions(String expected, int[] code) {
        assertEquals(expected, new ActionProgram(code, null).toString());
    }

    @Test
    void shouldTellTheActionsThatItWasMadeOf() {
        int[] code = Code.of(
                Code.meter(1),
                Code.cloned(Code.truncated(2, 100), Code.sample(1), Code.last(3)),
                Code.queue(7),
                Code.queue(ActionProgram.NO_QUEUE),
                Code.pushMpls(0x8847, 1, 2, true, 3),
                Code.copyTtlOut(),
                Code.copyTtlIn(),
                Code.decMplsTtl(),
                Code.popMpls(0x0800),
                Code.recirculate(4));

        List<Action> expected = List.of(
                new Action.Clone(List.of(new Action.OutputTruncated(2, 100), new Action.Output(3))),
                new Action.SetQueue(7),
                new Action.PopQueue(),
                new Action.PushMpls(0x8847),
                new Action.CopyTtlOut(),
                new Action.CopyTtlIn(),
                new Action.DecMplsTtl(),
                new Action.PopMpls(0x0800));
        assertEquals(expected, new ActionProgram(code, null).toActions());
    }

    @Test
    void shouldNameTheReasonOfADrop() {
        assertEquals("drop(table-miss)", new ActionProgram(new int[0], DropReason.TABLE_MISS).toString());
    }

    @Test
    void shouldKnowItsSoleOutput() {
        assertEquals(7, new ActionProgram(Code.last(7), null).soleOutput());
        assertEquals(ActionProgram.NO_PORT, new ActionProgram(Code.output(7), null).soleOutput());
        assertEquals(ActionProgram.NO_PORT, new ActionProgram(Code.of(Code.decTtl(), Code.last(7)), null).soleOutput());
    }

    @Test
    void shouldRefuseCodeThatAWorkerCouldNotRun() {
        assertRefused("no operation 99", 99);
        assertRefused("lacks operands", ActionProgram.OP_OUTPUT);
        assertRefused("lacks operands", ActionProgram.OP_SET_FIELD, 0, 0, 0, 0);
        assertRefused("behind the last output", ActionProgram.OP_OUTPUT_LAST, 1, ActionProgram.OP_POP_VLAN);
        assertRefused("no field has the ordinal 1000", ActionProgram.OP_SET_FIELD, 1000, 0, 0, 0, 0);
        assertRefused("no field has the ordinal -1", ActionProgram.OP_SET_FIELD, -1, 0, 0, 0, 0);
        assertRefused("IPV6_SRC has 128 bits", ActionProgram.OP_SET_FIELD, Field.IPV6_SRC.ordinal(), 0, 0, 0, 0);
        assertRefused("ETH_DST has 48 bits", Code.set128(Field.ETH_DST, 0, 0, 0, 0));
    }

    private static void assertRefused(String expected, int... code) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new ActionProgram(code, null));
        assertTrue(refusal.getMessage().contains(expected), refusal.getMessage());
    }

    private static Arguments text(String expected, int[]... operations) {
        return Arguments.of(expected, Code.of(operations));
    }
}
