// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static io.makas.agent.RunningSwitch.text;
import static io.makas.agent.service.FlowMessages.add;
import static io.makas.agent.service.FlowMessages.apply;
import static io.makas.agent.service.FlowMessages.bytes;
import static io.makas.agent.service.FlowMessages.edit;
import static io.makas.agent.service.FlowMessages.field;
import static io.makas.agent.service.FlowMessages.flow;
import static io.makas.agent.service.FlowMessages.output;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.agent.RunningSwitch;
import io.makas.v1.Action;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.FieldMatch;
import io.makas.v1.Flow;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.FlowServiceGrpc;
import io.makas.v1.FlowStatistics;
import io.makas.v1.Instructions;
import io.makas.v1.SetFieldAction;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowServiceTest {

    private RunningSwitch running;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        running = RunningSwitch.start(folder);
    }

    @AfterEach
    void shouldWorkAfterwards() throws Exception {
        running.edit(text(Command.COMMAND_DELETE, ""));
        running.assertWorks();
        assertEquals(List.of(), running.flows());
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void shouldForwardByAFlowGivenAsAMessageAndCountIt() throws Exception {
        running.edit(add(Flow.newBuilder()
                .setPriority(100)
                .addMatch(field("in_port", 0, 0, 0, 1))
                .setInstructions(apply(output(2)))));

        running.inject();
        running.inject();
        byte[] first = running.awaitFrame("port2");
        running.awaitFrame("port2");

        FlowStatistics flow = running.flows().getFirst();
        assertEquals(60, first.length);
        assertEquals(2, flow.getPackets());
        assertEquals(120, flow.getBytes());
        assertEquals(100, flow.getFlow().getPriority());
    }

    @Test
    void shouldForwardByAFlowGivenAsText() throws Exception {
        assertEquals(1, running.add("in_port=1,actions=output:2").getFlows());

        running.inject();

        assertEquals(60, running.awaitFrame("port2").length);
    }

    @Test
    void shouldGiveBackTheMessageThatAddedTheFlow() throws Exception {
        Flow flow = Flow.newBuilder()
                .setTable(3)
                .setPriority(7)
                .setCookie(0x1234567890abcdefL)
                .addMatch(field("in_port", 0, 0, 0, 1))
                .addMatch(field("dl_type", 0x86, 0xdd))
                .addMatch(FieldMatch.newBuilder()
                        .setField("vlan_vid")
                        .setValue(bytes(0x10, 0))
                        .setMask(bytes(0x10, 0)))
                .addMatch(FieldMatch.newBuilder()
                        .setField("ipv6_dst")
                        .setValue(bytes(0xfd, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
                        .setMask(bytes(0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)))
                .setInstructions(Instructions.newBuilder()
                        .addApplyActions(Action.newBuilder()
                                .setSetField(SetFieldAction.newBuilder()
                                        .setField("dl_dst")
                                        .setValue(bytes(2, 0, 0, 0, 0, 9))))
                        .addApplyActions(output(2))
                        .setGotoTable(4))
                .setIdleTimeoutS(60)
                .setSendFlowRemoved(true)
                .build();

        running.edit(add(flow.toBuilder()));

        Flow back = running.flows().getFirst().getFlow();
        assertEquals(sorted(flow), sorted(back));
    }

    @Test
    void shouldDumpTheTextThatOvsOfctlUsersKnow() throws Exception {
        running.add("table=1,priority=5,ip,nw_dst=10.0.0.0/8,actions=dec_ttl,output:2");

        var line = DumpFlowsRequest.newBuilder()
                .setText(DumpFlowsRequest.Text.TEXT_LINE)
                .build();
        var parts = DumpFlowsRequest.newBuilder()
                .setText(DumpFlowsRequest.Text.TEXT_PARTS)
                .build();

        String text = running.flows(line).getFirst().getText();
        FlowStatistics flow = running.flows(parts).getFirst();
        assertTrue(
                text.matches(" cookie=0x0, duration=\\d+\\.\\d+s, table=1, n_packets=0, n_bytes=0, "
                        + "priority=5,ip,nw_dst=10.0.0.0/8 actions=dec_ttl,output:2"),
                text);
        assertEquals("ip,nw_dst=10.0.0.0/8", flow.getMatchText());
        assertEquals("dec_ttl,output:2", flow.getActionsText());
    }

    @Test
    void shouldListOnlyWhatPassesTheFilter() throws Exception {
        running.add(
                "table=0,priority=1,cookie=0x10,in_port=1,actions=output:2",
                "table=0,priority=9,cookie=0x11,in_port=1,ip,actions=output:1",
                "table=5,cookie=0x10,actions=drop");

        assertEquals(3, running.flows().size());
        assertEquals(9, running.flows().getFirst().getFlow().getPriority());
        assertEquals(
                1,
                running.flows(DumpFlowsRequest.newBuilder().setTable(5).build()).size());
        assertEquals(
                1,
                running.flows(DumpFlowsRequest.newBuilder().setOutPort(2).build())
                        .size());
        assertEquals(
                2,
                running.flows(DumpFlowsRequest.newBuilder()
                                .setCookie(0x10)
                                .setCookieMask(-1)
                                .build())
                        .size());
        assertEquals(
                2,
                running.flows(DumpFlowsRequest.newBuilder()
                                .addMatch(field("in_port", 0, 0, 0, 1))
                                .build())
                        .size());
        assertEquals(
                1,
                running.flows(DumpFlowsRequest.newBuilder().setFilter("ip").build())
                        .size());
    }

    @Test
    void shouldModifyAndDeleteBothWays() throws Exception {
        running.add("priority=1,in_port=1,actions=drop", "priority=2,in_port=1,ip,actions=drop");

        running.edit(text(Command.COMMAND_MODIFY, "in_port=1,actions=output:2"));
        running.edit(edit(
                Command.COMMAND_MODIFY_STRICT,
                Flow.newBuilder()
                        .setPriority(1)
                        .addMatch(field("in_port", 0, 0, 0, 1))
                        .setInstructions(apply(output(1)))));

        assertEquals(
                List.of(2, 1),
                running.flows().stream()
                        .map(flow -> flow.getFlow()
                                .getInstructions()
                                .getApplyActions(0)
                                .getOutput()
                                .getPort())
                        .toList());

        running.edit(edit(
                Command.COMMAND_DELETE_STRICT,
                Flow.newBuilder().setPriority(1).addMatch(field("in_port", 0, 0, 0, 1))));
        assertEquals(1, running.flows().size());
        running.edit(FlowEdit.newBuilder()
                .setCommand(Command.COMMAND_DELETE)
                .setAllTables(true)
                .setFlow(Flow.getDefaultInstance())
                .build());
        assertEquals(0, running.flows().size());
    }

    @Test
    void shouldApplyABundleOfManyMessagesAtOnceAndDumpItInPages() throws Exception {
        var call = FlowServiceGrpc.newBlockingV2Stub(running.channel()).editFlows();

        for (int message = 0; message < 5; message++) {
            int base = message * 200;
            call.write(EditFlowsRequest.newBuilder()
                    .addAllEdits(IntStream.range(base, base + 200)
                            .mapToObj(i -> text(Command.COMMAND_ADD, "priority=" + i + ",actions=output:2"))
                            .toList())
                    .build());
            assertEquals(0, running.flows().size());
        }
        call.halfClose();

        assertEquals(1000, call.read().getAppliedEdits());
        assertEquals(1000, running.flows().size());
    }

    @Test
    void shouldChangeNothingForAClientThatGoesAwayWithinABundle() throws Exception {
        var call = FlowServiceGrpc.newBlockingV2Stub(running.channel()).editFlows();
        call.write(EditFlowsRequest.newBuilder()
                .addEdits(text(Command.COMMAND_ADD, "actions=output:2"))
                .build());

        call.cancel("gone", null);

        assertEquals(0, running.flows().size());
    }

    /** Fields of a match mean the same in any order. */
    private static Flow sorted(Flow flow) {
        return flow.toBuilder()
                .clearMatch()
                .addAllMatch(flow.getMatchList().stream()
                        .sorted(java.util.Comparator.comparing(FieldMatch::getField))
                        .toList())
                .build();
    }
}
