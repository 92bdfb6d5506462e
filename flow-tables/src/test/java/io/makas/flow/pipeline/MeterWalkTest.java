// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.packet.FrameBuilder;
import io.makas.flow.replay.Replay;
import io.makas.flow.replay.ReplayResult;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.TableStatistics;
import io.makas.flow.table.TrafficCounter;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What meters do to packets and flows. The numbers in the names are those of the list of semantics in the OpenFlow notes. */
final class MeterWalkTest extends PipelineFixture {

    private static final int MEGAFLOWS = 1_000;

    private final List<String> sent = new ArrayList<>();
    private Replay replay = replay(MEGAFLOWS);

    @Test
    void item11ShouldPassTheMeterBeforeEverythingElse() {
        edit("meter meter=1 pktps bands=type=drop rate=1", "actions=output:2,meter:1");

        ActionProgram program = pipeline.translate(key("in_port=1")).program();

        assertEquals("meter(0),2", program.toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MEGAFLOWS})
    void item25ShouldDropWhatIsOverTheRateAndLetTimeRefill(int megaflows) throws Exception {
        replay = replay(megaflows);
        apply("meter meter=1 pktps burst bands=type=drop rate=2 burst_size=3", "actions=meter:1,output:2");

        send(1, 0);
        send(1, 0);
        send(1, 0);
        send(1, 0);
        send(1, 499);
        send(1, 500);
        send(1, 501);

        assertEquals(List.of("2", "2", "2", "meter", "meter", "2", "meter"), sent);
        MeterStatistics meter = replay.pipeline().meters().getFirst();
        assertEquals(7, meter.measured().packets());
        assertEquals(3, meter.bands().getFirst().packets());
        assertEquals(3 * frame().length, meter.bands().getFirst().bytes());
        assertEquals(1, meter.flows());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MEGAFLOWS})
    void item30ShouldCountPacketsForWhatTheyMetBeforeTheMeterDroppedThem(int megaflows) throws Exception {
        replay = replay(megaflows);
        apply(
                "meter meter=1 pktps burst bands=type=drop rate=1 burst_size=2",
                "group group_id=1,type=all,bucket=output:2",
                "table=0,actions=goto_table:1",
                "table=1,actions=meter:1,group:1,goto_table:2",
                "table=2,actions=output:3");

        for (int i = 0; i < 5; i++) {
            send(1, 0);
        }

        assertEquals(List.of("2,3", "2,3", "meter", "meter", "meter"), sent);
        assertEquals(List.of("5 goto_table:1", "5 meter:1,group:1,goto_table:2", "2 output:3"), flowCounts());
        assertEquals(
                List.of(
                        new TableStatistics(0, 1, 5, 5),
                        new TableStatistics(1, 1, 5, 5),
                        new TableStatistics(2, 1, 2, 2)),
                replay.pipeline().tables());
        assertEquals(2, replay.pipeline().groups().getFirst().handled().packets());
        assertEquals(
                List.of(new TrafficCounter.Count(2, 2 * frame().length)),
                replay.pipeline().groups().getFirst().buckets());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MEGAFLOWS})
    void item25ShouldDropTheCopyOfABucketOnly(int megaflows) throws Exception {
        replay = replay(megaflows);
        apply(
                "meter meter=1 pktps burst bands=type=drop rate=1 burst_size=1",
                "group group_id=1,type=all,bucket=resubmit(,1),bucket=output:3",
                "table=0,actions=group:1,output:4",
                "table=1,actions=meter:1,resubmit(,2)",
                "table=2,actions=output:2");

        send(1, 0);
        send(1, 0);

        assertEquals(List.of("2,3,4", "3,4"), sent);
        assertEquals(List.of("2 group:1,output:4", "2 meter:1,resubmit(,2)", "1 output:2"), flowCounts());
        assertEquals(
                List.of(2L, 2L),
                replay.pipeline().groups().getFirst().buckets().stream()
                        .map(TrafficCounter.Count::packets)
                        .toList());
    }

    @Test
    void item25ShouldPassSeveralMeters() throws Exception {
        apply(
                "meter meter=1 pktps burst bands=type=drop rate=1 burst_size=3",
                "meter meter=2 pktps burst bands=type=drop rate=1 burst_size=2",
                "table=0,actions=meter:1,goto_table:1",
                "table=1,actions=meter:2,goto_table:2",
                "table=2,actions=output:2");

        for (int i = 0; i < 5; i++) {
            send(1, 0);
        }

        assertEquals(List.of("5 meter:1,goto_table:1", "3 meter:2,goto_table:2", "2 output:2"), flowCounts());
        assertEquals(3, replay.pipeline().meters().get(1).measured().packets());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, MEGAFLOWS})
    void item25ShouldRemarkAndMatchTheNewDscpFromThereOn(int megaflows) throws Exception {
        replay = replay(megaflows);
        apply(
                "meter meter=1 pktps burst bands=type=dscp_remark rate=1 burst_size=1 prec_level=1",
                "table=0,ip,actions=meter:1,goto_table:1",
                "table=1,priority=9,ip,ip_dscp=10,actions=output:2",
                "table=1,priority=9,ip,ip_dscp=12,actions=output:3",
                "table=1,priority=1,actions=output:4");
        byte[] af11 = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .tos(10 << 2)
                .udp(1, 2)
                .build();

        send(af11, 0);
        send(af11, 0);
        send(af11, 1_000);

        assertEquals(List.of("2", "3", "2"), sent);
        assertEquals(List.of("3 meter:1,goto_table:1", "2 output:2", "1 output:3", "0 output:4"), flowCounts());
    }

    @Test
    void item25ShouldNotLookAgainAtPacketsWhoseDscpNobodyAsksFor() {
        edit("meter meter=1 pktps bands=type=dscp_remark rate=1 prec_level=1", "actions=meter:1,output:2");

        assertEquals(
                "meter(0),2", pipeline.translate(key("in_port=1,ip")).program().toString());
    }

    @Test
    void item5ShouldDeleteTheFlowsOfADeletedMeter() {
        edit(
                "meter meter=1 kbps bands=type=drop rate=1",
                "meter meter=2 kbps bands=type=drop rate=1",
                "priority=1,actions=meter:1,output:2",
                "priority=2,actions=meter:2,output:2",
                "priority=3,actions=output:2");

        List<FlowRemoved> removed = edit("meter delete meter=1");

        assertEquals(FlowRemoved.Reason.METER_DELETE, removed.getFirst().reason());
        assertEquals(List.of("0 priority=3 output:2", "0 priority=2 meter:2,output:2"), dump());
        assertEquals(1, edit("meter delete").size());
    }

    @Test
    void item25ShouldRefuseFlowsWithMetersThatAreNotThere() {
        edit("priority=1,actions=output:1");

        assertEquals(Kind.UNKNOWN_METER, refused("actions=meter:1,output:2").kind());
        assertEquals(
                Kind.UNKNOWN_METER,
                refused("modify priority=1,actions=meter:1,output:2").kind());
    }

    @Test
    void item32ShouldAnswerAnewWhenAMeterIsModified() throws Exception {
        apply("meter meter=1 pktps bands=type=drop rate=1", "actions=meter:1,output:2");
        send(1, 0);
        send(1, 0);

        apply("meter modify meter=1 pktps bands=type=drop rate=2");
        send(1, 0);
        send(1, 0);
        send(1, 0);

        assertEquals(List.of("2", "meter", "2", "2", "meter"), sent);
        assertTrue(replay.pipeline().meters().getFirst().measured().packets() == 5);
    }

    private static Replay replay(int megaflows) {
        return new Replay(
                List.of(new PortState(1), new PortState(2), new PortState(3), new PortState(4)), 1_000, megaflows);
    }

    private void apply(String... edits) throws Exception {
        replay.pipeline().apply(mods(edits));
    }

    private static byte[] frame() {
        return FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
                .ipv4("10.0.0.1", "10.0.0.2")
                .udp(1, 2)
                .build();
    }

    private void send(int inPort, long timeMs) {
        assertEquals(1, inPort);
        send(frame(), timeMs);
    }

    private void send(byte[] frame, long timeMs) {
        ReplayResult result = replay.send(1, frame, timeMs);
        sent.add(
                result.dropReason() != null
                        ? result.dropReason().label()
                        : String.join(
                                ",",
                                result.outputs().stream()
                                        .map(output -> Integer.toString(output.port()))
                                        .toList()));
    }

    private List<String> flowCounts() {
        return replay.pipeline().flows(FlowFilter.ALL).stream()
                .map(flow -> flow.packets() + " " + FlowText.format(flow.instructions()))
                .toList();
    }
}
