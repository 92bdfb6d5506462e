// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.action.LearnSpec.Part;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowMonitor;
import io.makas.flow.table.FlowRemoved.Reason;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.TableConfig;
import io.makas.flow.text.FlowText;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code learn}: flows that packets make. */
final class LearnActionTest extends PipelineFixture {

    private static final String A = "02:00:00:00:00:0a";
    private static final String B = "02:00:00:00:00:0b";

    /** What a learning switch is made of (ovs-actions(7) has it so). */
    private static final String MAC_LEARNING = "table=0,actions=learn(table=1,hard_timeout=10,priority=1,cookie=0x5,"
            + "NXM_OF_VLAN_TCI[0..11],NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[]),resubmit(,1)";

    @Test
    void shouldLearnAFlowThatTheNextPacketMeets() {
        edit(MAC_LEARNING, "table=1,priority=0,actions=FLOOD");

        assertEquals("output:2,output:3,output:4", send(frame(1, A, B)), "not met by the packet itself");
        assertEquals("output:1", send(frame(3, B, A)));
        assertEquals("output:3", send(frame(1, A, B)));

        assertEquals(
                List.of(
                        "1 priority=1,vlan_tci=0x0000/0x0fff,dl_dst=" + A + " output:1",
                        "1 priority=1,vlan_tci=0x0000/0x0fff,dl_dst=" + B + " output:3"),
                learned());
    }

    @Test
    void shouldDependOnEveryBitThatWasLearnedFrom() {
        edit(MAC_LEARNING);

        assertEquals("in_port=1,vlan_tci=0x0000/0x0fff,dl_src=" + A, megaflow(frame(1, A, B)));
    }

    @Test
    void shouldLearnNothingFromATrace() {
        edit(MAC_LEARNING);

        Trace trace = pipeline.trace(key(frame(1, A, B)));

        assertTrue(trace.text().contains("table=1,cookie=0x5"), trace.text());
        assertEquals(List.of(), learned());
    }

    @Test
    void shouldMakeANewVersionOnlyWhenSomethingIsLearned() {
        edit(MAC_LEARNING);
        long before = pipeline.generation();

        Translation first = pipeline.translate(key(frame(1, A, B)));
        long after = pipeline.generation();
        Translation second = pipeline.translate(key(frame(1, A, B)));

        assertEquals(before, first.generation());
        assertNotEquals(before, after, "the first answer must not be cached");
        assertEquals(after, second.generation());
        assertTrue(second.cacheable());
        assertEquals(after, pipeline.generation());
    }

    @Test
    void shouldRestartTheHardTimeoutForEachPacketThatACachedAnswerServes() {
        edit(MAC_LEARNING);
        send(frame(1, A, B));
        passSeconds(4);
        Translation cached = pipeline.translate(key(frame(1, A, B)));
        passSeconds(4);
        pipeline.credit(cached, 10, 1_000, nowNs);

        passSeconds(9);
        assertEquals(List.of(), pipeline.expire(nowNs));
        assertEquals(17_000_000_000L, learnedFlow().durationNs());
        assertEquals(9_000_000_000L, learnedFlow().hardAgeNs());

        passSeconds(1);
        assertEquals(Reason.HARD_TIMEOUT, pipeline.expire(nowNs).getFirst().reason());
        assertNotEquals(cached.generation(), pipeline.generation(), "the next packet must learn again");
        send(frame(1, A, B));
        assertEquals(1, learned().size());
    }

    @Test
    void shouldNotRestartTheIdleTimeoutOfAFlowThatIsNotUsed() {
        edit("actions=learn(table=1,idle_timeout=10,eth_dst=eth_src,output:in_port)");
        send(frame(1, A, B));
        passSeconds(6);
        send(frame(1, A, B));
        passSeconds(4);

        assertEquals(Reason.IDLE_TIMEOUT, pipeline.expire(nowNs).getFirst().reason());
    }

    @Test
    void shouldReplaceWhatWasLearnedOtherwiseAndKeepItsCounters() {
        edit(MAC_LEARNING, "table=1,priority=0,actions=drop");
        send(frame(1, A, B));
        send(frame(3, B, A));
        passSeconds(2);

        send(frame(2, A, "02:00:00:00:00:0c"));

        assertEquals(
                "1 priority=1,vlan_tci=0x0000/0x0fff,dl_dst=" + A + " output:2",
                learned().getFirst());
        FlowStatistics replaced = pipeline.flows(FlowFilter.inTable(1)).stream()
                .filter(flow -> flow.packets() == 1 && flow.priority() == 1)
                .findFirst()
                .orElseThrow();
        assertEquals(2_000_000_000L, replaced.durationNs());
        assertEquals(0, replaced.hardAgeNs());
    }

    @Test
    void shouldLoadValuesAndFieldsOfThePacket() {
        edit("tcp,actions=learn(table=2,eth_type=0x800,nw_proto=6,NXM_OF_TCP_DST[]=NXM_OF_TCP_SRC[],"
                + "load:0xa->NXM_NX_REG0[4..7],load:NXM_OF_IP_SRC[0..15]->NXM_NX_REG1[16..31])");

        send("in_port=1,tcp,nw_src=10.0.1.2,tp_src=99,tp_dst=80");

        assertEquals(
                "0 tcp,tp_dst=99 set_field:0xa0/0xf0->reg0,set_field:0x1020000/0xffff0000->reg1",
                dump().getLast().replace("priority=32768,", ""));
    }

    @Test
    void shouldLearnFieldsOf128Bits() {
        edit("ipv6,actions=learn(table=2,eth_type=0x86dd,ipv6_dst=ipv6_src,load:ipv6_src[64..127]->xxreg0[0..63])");

        send("in_port=1,ipv6,ipv6_src=fd00::1:2:3:4,ipv6_dst=fd00::1");

        assertEquals(
                "0 ipv6,ipv6_dst=fd00::1:2:3:4 set_field:0xfd00000000000000/0xffffffffffffffff->xxreg0",
                dump().getLast().replace("priority=32768,", ""));
    }

    @Test
    void shouldObeyTheLimitAndTellTheResult() {
        edit(
                "table=0,actions=learn(table=1,cookie=7,limit=2,eth_dst=eth_src,output:in_port,result_dst=reg0[3]),"
                        + "resubmit(,3)",
                "table=3,reg0=8,actions=output:1",
                "table=3,reg0=0,actions=output:2",
                "table=1,cookie=7,priority=9,in_port=9,actions=drop");

        assertEquals("output:1", send(frame(3, A, B)));
        assertEquals("output:2", send(frame(3, B, A)), "with the flow that was there before there are two");
        assertEquals("output:1", send(frame(3, A, B)), "what is there may stay");
        assertEquals("output:2", pipeline.trace(key(frame(3, B, A))).actionsText());
        assertEquals("output:1", pipeline.trace(key(frame(3, A, B))).actionsText());

        edit("delete table=1,in_port=9");
        assertEquals("output:1", send(frame(3, B, A)));
        assertEquals("output:2", send(frame(3, "02:00:00:00:00:0c", A)));
        refused("table=1,cookie=7,priority=2,actions=drop", "table=3,actions=goto_table:1");
        edit("delete table=1");
        assertEquals("output:1", send(frame(3, B, A)));
        assertEquals("output:1", send(frame(3, A, B)));
        assertEquals("output:2", send(frame(3, "02:00:00:00:00:0c", A)));
    }

    @Test
    void shouldNotMindAFullTable() {
        pipeline.configureTable(1, new TableConfig("small", 1, false));
        edit(MAC_LEARNING, "table=1,priority=0,actions=FLOOD");

        assertEquals("output:2,output:3,output:4", send(frame(1, A, B)));

        assertEquals(List.of(), learned());
        assertTrue(pipeline.translate(key(frame(1, A, B))).cacheable(), "it is full for all of them");
    }

    @Test
    void shouldTellOfFlowsThatGaveWayToLearnedOnes() {
        pipeline.configureTable(1, new TableConfig("small", 1, true));
        FlowMonitor monitor = pipeline.monitor(FlowFilter.inTable(1), 10);
        edit("table=0,actions=learn(table=1,idle_timeout=9,send_flow_rem,eth_dst=eth_src,output:in_port)");
        send(frame(1, A, B));
        send(frame(2, B, A));

        var removed = pipeline.expire(nowNs);

        assertEquals(1, removed.size());
        assertEquals(Reason.EVICTION, removed.getFirst().reason());
        assertTrue(removed.getFirst().isWanted());
        assertEquals(List.of(), pipeline.expire(nowNs));
        for (int i = 0; i < 3; i++) {
            assertTrue(monitor.poll() != null);
        }
    }

    @Test
    void shouldDeleteWhatWasLearnedWithTheLastFlowThatLearnedIt() {
        String learn = "learn(table=1,cookie=0x9,delete_learned,eth_dst=eth_src,output:in_port)";
        edit(
                "priority=1,actions=" + learn,
                "priority=2,in_port=2,actions=clone(" + learn + ")",
                "table=1,cookie=0x8,priority=7,actions=drop",
                "table=2,cookie=0x9,actions=drop");
        send(frame(1, A, B));
        send(frame(2, B, A));

        edit("delete_strict priority=1");
        assertEquals(3, flows().stream().filter(flow -> flow.table() == 1).count());
        refused("delete in_port=2", "table=3,actions=goto_table:1");
        assertEquals(3, flows().stream().filter(flow -> flow.table() == 1).count());
        edit("modify in_port=2,actions=" + learn);
        assertEquals(3, flows().stream().filter(flow -> flow.table() == 1).count());

        var removed = edit("modify in_port=2,actions=drop");

        assertEquals(
                List.of(Reason.DELETE, Reason.DELETE),
                removed.stream().map(each -> each.reason()).toList());
        assertEquals(1, flows().stream().filter(flow -> flow.table() == 1).count());
        assertEquals(1, flows().stream().filter(flow -> flow.table() == 2).count());
    }

    @Test
    void shouldDeleteWhatWasLearnedByWhatWasLearnedAndExpired() {
        edit("idle_timeout=5,actions=learn(table=1,cookie=0x9,delete_learned,eth_dst=eth_src)");
        send(frame(1, A, B));
        passSeconds(5);

        assertEquals(
                List.of(Reason.IDLE_TIMEOUT, Reason.DELETE),
                pipeline.expire(nowNs).stream().map(each -> each.reason()).toList());
        assertEquals(List.of(), dump());
    }

    @Test
    void shouldBoundHowFastPacketsLearn() throws FlowModException {
        Pipeline large = new Pipeline(() -> nowNs, 10_000);
        large.apply(mods("actions=learn(table=1,idle_timeout=9,eth_dst=eth_src,output:in_port),output:4"));
        long generation = large.generation();
        for (int i = 0; i < 3_000; i++) {
            large.translate(key(frame(1, String.format("02:00:00:00:%02x:%02x", i >> 8, i & 0xff), B)));
        }
        assertEquals(1_000, large.flows(FlowFilter.inTable(1)).size());
        assertEquals(1_000, large.generation() - generation);
        assertFalse(large.translate(key(frame(1, "02:00:00:00:0b:00", B))).cacheable(), "the next packet tries again");
        assertTrue(large.translate(key(frame(1, "02:00:00:00:00:00", B))).cacheable());

        passSeconds(1);
        large.translate(key(frame(1, "02:00:00:00:0b:00", B)));
        assertEquals(1_001, large.flows(FlowFilter.inTable(1)).size());
    }

    @Test
    void shouldNotWaitForALongEdit() throws InterruptedException {
        edit(MAC_LEARNING);
        CountDownLatch isHeld = new CountDownLatch(1);
        CountDownLatch isDone = new CountDownLatch(1);
        // Whoever holds the lock of the tables stands for an edit that takes its time.
        Thread editor = Thread.ofPlatform()
                .start(() -> pipeline.whileLocked(() -> {
                    isHeld.countDown();
                    try {
                        isDone.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
        isHeld.await();

        Translation translation = pipeline.translate(key(frame(1, A, B)));

        assertFalse(translation.cacheable());
        isDone.countDown();
        editor.join();
        assertTrue(pipeline.translate(key(frame(1, A, B))).mask() != null);
        assertEquals(1, learned().size());
    }

    @Test
    void shouldLearnFlowsThatEndWithTheirConnection() {
        edit("tcp,actions=learn(table=1,idle_timeout=60,fin_idle_timeout=5,eth_type=0x800,nw_proto=6,tcp_dst=tcp_src,"
                + "output:in_port),resubmit(,1)");
        send("in_port=1,tcp,tp_src=9,tp_dst=80");

        send("in_port=2,tcp,tp_src=80,tp_dst=9,tcp_flags=0x11");
        send("in_port=1,tcp,tp_src=9,tp_dst=80");

        assertEquals(5, learnedFlow().idleTimeoutS(), "learning it again does not lengthen its life");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "actions=learn(table=1,eth_dst=eth_src,output:tcp_src) | MATCH_INCONSISTENT | tcp_src needs tcp",
                "tcp,actions=learn(table=1,tcp_dst=tcp_src) | MATCH_INCONSISTENT | match of tcp_dst needs tcp",
                "tcp,actions=learn(table=1,eth_type=0x800,tcp_dst=tcp_src) | MATCH_INCONSISTENT | needs tcp",
                "actions=learn(table=1,load:80->tcp_dst) | MATCH_INCONSISTENT | load to tcp_dst needs tcp",
                "actions=learn(table=1,load:1->conj_id) | BAD_SET_TYPE | conj_id cannot be set",
                "actions=learn(table=1,eth_type[0..7]=reg0[0..7]) | BAD_ARGUMENT | as a whole only",
                "actions=learn(table=1,output:xreg0[0..39]) | BAD_ARGUMENT | at most 32 bits",
                "actions=fin_timeout(idle_timeout=5) | MATCH_INCONSISTENT | fin_timeout needs tcp",
                "actions=write_actions(learn(table=1,eth_dst=eth_src)) | BAD_ARGUMENT | learn cannot be",
            })
    void shouldRefuseWhatCouldNeverBeLearned(String flow, Kind kind, String message) {
        FlowModException e = refused(flow);

        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertEquals(kind, e.kind());
    }

    @Test
    void shouldRefuseSpecsThatTextCannotSay() {
        assertEquals(Kind.BAD_TABLE_ID, refusedSpec(spec(255, 0, List.of())).kind());
        assertEquals(Kind.BAD_ARGUMENT, refusedSpec(spec(1, -1, List.of())).kind());
        assertEquals(
                Kind.BAD_ARGUMENT,
                refusedSpec(spec(
                                1,
                                0,
                                List.of(new Part.MatchField(
                                        FieldRange.whole(Field.ETH_DST), FieldRange.whole(Field.REG0)))))
                        .kind());
        assertEquals(
                Kind.BAD_ARGUMENT,
                refusedSpec(spec(
                                1,
                                0,
                                List.of(new Part.MatchValue(
                                        FieldRange.whole(Field.IP_PROTO), MaskedValue.masked(256, -1)))))
                        .kind());
    }

    private FlowModException refusedSpec(LearnSpec spec) {
        return assertThrows(
                FlowModException.class,
                () -> pipeline.apply(
                        List.of(new FlowMod.Add(0, 1, Match.ANY, Instructions.apply(new Action.Learn(spec))))));
    }

    private static LearnSpec spec(int table, int limit, List<Part> parts) {
        return new LearnSpec(table, 1, 0, 0, 0, 0, 0, false, false, limit, null, parts);
    }

    private List<String> learned() {
        return pipeline.flows(FlowFilter.inTable(1).withCookie(5, -1L)).stream()
                .map(flow -> flow.packets() + " "
                        + FlowText.formatIdentity(flow.priority(), flow.match()) + " "
                        + FlowText.format(flow.instructions()))
                .sorted(Comparator.comparing(text -> text.substring(2)))
                .toList();
    }

    private FlowStatistics learnedFlow() {
        return pipeline.flows(FlowFilter.inTable(1).within(Match.ANY)).getFirst();
    }

    private static String frame(int inPort, String sender, String receiver) {
        return "in_port=" + inPort + ",dl_src=" + sender + ",dl_dst=" + receiver;
    }
}
