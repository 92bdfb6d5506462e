// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.makas.flow.table.ChangeLog.Verdict;
import io.makas.flow.table.Footprint;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which changes leave which answers alone. */
final class ChangeLogTest extends PipelineFixture {

    private Translation answer;

    @BeforeEach
    void setUp() {
        edit(
                "table=0,priority=10,in_port=1,actions=set_field:5->reg0,resubmit(,1)",
                "table=1,priority=20,tcp,nw_dst=10.0.0.0/24,actions=dec_ttl,set_field:02:00:00:00:00:99->dl_dst,resubmit(,2)",
                "table=2,priority=30,actions=output:2",
                "table=3,priority=1,in_port=2,actions=NORMAL");
    }

    @Test
    void shouldKeepAnAnswerThatAnEditedFlowIsFarFrom() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1,nw_ttl=64,dl_dst=02:00:00:00:00:01");

        edit("table=1,priority=20,tcp,nw_dst=10.0.1.0/24,actions=drop");
        assertEquals(Verdict.RIGHT, verdict(), "another address");
        edit("table=7,priority=99,actions=drop");
        assertEquals(Verdict.RIGHT, verdict(), "a table that was not looked in");
        edit("table=1,priority=5,actions=drop");
        assertEquals(Verdict.RIGHT, verdict(), "a lower priority than any that was found");
        edit("table=2,priority=50,tcp,nw_dst=10.0.9.9,dl_dst=02:00:00:00:00:99,actions=drop");
        assertEquals(Verdict.RIGHT, verdict(), "another address behind an action, too");
        edit("delete table=1,nw_dst=10.0.1.0/24,tcp");
        assertEquals(Verdict.RIGHT, verdict());
    }

    @Test
    void shouldDoubtAnAnswerThatAFlowMayMatchAsItIsThen() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1,nw_ttl=64,dl_dst=02:00:00:00:00:01");

        edit("table=2,priority=50,dl_dst=02:00:00:00:00:99,actions=drop");

        assertEquals(Verdict.DOUBTFUL, verdict());
    }

    @Test
    void shouldDoubtAnAnswerThatAFlowByARegisterMayMatch() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1");

        edit("table=1,priority=50,reg0=6,actions=drop");

        assertEquals(Verdict.DOUBTFUL, verdict());
    }

    @Test
    void shouldDoubtAnAnswerWhoseFlowChanges() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1");

        edit("modify table=1,tcp,nw_dst=10.0.0.0/24,actions=drop");

        assertEquals(Verdict.DOUBTFUL, verdict());
    }

    @Test
    void shouldDoubtEveryAnswerWhenGroupsOrPortsChange() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1");
        edit("group group_id=1,type=all,bucket=output:1");
        assertEquals(Verdict.DOUBTFUL, verdict());

        ask("in_port=1,tcp,nw_dst=10.0.0.1");
        pipeline.setPorts(List.of(new PortState(1)));
        assertEquals(Verdict.DOUBTFUL, verdict());
    }

    @Test
    void shouldDoubtOnlyAnswersForAnAddressThatWasLearned() {
        edit("table=0,priority=40,actions=resubmit(,3),output:NORMAL");
        String elsewhere = "in_port=2,dl_src=02:00:00:00:00:0a,dl_dst=02:00:00:00:00:0b";
        send(elsewhere);
        ask(elsewhere);

        send("in_port=3,dl_src=02:00:00:00:00:0c,dl_dst=02:00:00:00:00:0d");
        assertEquals(Verdict.RIGHT, verdict());

        send("in_port=3,dl_src=02:00:00:00:00:0b,dl_dst=02:00:00:00:00:0d");
        assertEquals(Verdict.DOUBTFUL, verdict(), "its receiver was flooded");

        ask(elsewhere);
        passSeconds(2);
        send("in_port=4,dl_src=02:00:00:00:00:0a,dl_dst=02:00:00:00:00:0d");
        assertEquals(Verdict.DOUBTFUL, verdict(), "its sender has moved");
    }

    @Test
    void shouldForgetWhatIsTooLongAgo() {
        ask("in_port=1,tcp,nw_dst=10.0.0.1");
        Translation old = answer;
        for (int i = 0; i < 5_000; i++) {
            edit(
                    "table=1,priority=20,tcp,nw_dst=10.1." + i / 250 + "." + i % 250 + ",actions=drop",
                    "delete table=1,tcp,nw_dst=10.1.0.0/16");
        }

        assertEquals(Verdict.FORGOTTEN, pipeline.changes().since(old.footprint(), old.generation()));
        assertEquals(
                Verdict.RIGHT, pipeline.changes().since(old.footprint(), pipeline.generation() - 400), "in blocks");
        assertEquals(Verdict.RIGHT, pipeline.changes().since(old.footprint(), pipeline.generation()));
    }

    @Test
    void shouldKnowLargeEdits() {
        String[] flows = new String[900];
        for (int i = 0; i < flows.length; i++) {
            flows[i] = "table=1,priority=30,tcp,nw_dst=10.1." + i / 250 + "." + i % 250 + ",actions=drop";
        }
        ask("in_port=1,tcp,nw_dst=10.0.0.1");
        edit("delete table=3");
        edit(flows.clone());
        assertEquals(Verdict.RIGHT, verdict());

        flows[899] = "table=1,priority=30,tcp,nw_dst=10.0.0.0/28,actions=drop";
        edit(flows);
        assertEquals(Verdict.DOUBTFUL, verdict());
    }

    @Test
    void shouldTrustAnAnswerThatDependsOnAnythingNoLongerThanNothingChanges() {
        long generation = pipeline.generation();
        assertEquals(Verdict.RIGHT, pipeline.changes().since(Footprint.ANYTHING, generation));

        edit("table=9,priority=1,actions=drop");

        assertEquals(Verdict.DOUBTFUL, pipeline.changes().since(Footprint.ANYTHING, generation));
    }

    private void ask(String packet) {
        answer = pipeline.translate(key(packet));
        assertEquals(Verdict.RIGHT, verdict());
    }

    private Verdict verdict() {
        return pipeline.changes().since(answer.footprint(), answer.generation());
    }
}
