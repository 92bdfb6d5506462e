// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static io.makas.agent.RunningSwitch.assertRefused;
import static io.makas.agent.RunningSwitch.text;
import static io.makas.agent.service.FlowMessages.add;
import static io.makas.agent.service.FlowMessages.apply;
import static io.makas.agent.service.FlowMessages.edit;
import static io.makas.agent.service.FlowMessages.field;
import static io.makas.agent.service.FlowMessages.flow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.makas.agent.RunningSwitch;
import io.makas.v1.Action;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.Flow;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.FlowEditErrors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows that cannot be: each is refused by name, and the switch goes on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FlowRefusalTest {

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
    void shouldChangeNothingWhenOneEditIsWrongAndTellEveryWrongOne() {
        var refused = assertThrows(
                StatusException.class,
                () -> running.add("in_port=1,actions=output:2", "nw_dts=1,actions=drop", "actions=drop", "priority=x"));

        FlowEditErrors errors = errors(refused);
        assertEquals(Code.INVALID_ARGUMENT, refused.getStatus().getCode());
        assertTrue(refused.getStatus().getDescription().startsWith("edit 1, character 1: "), refused.getMessage());
        assertEquals(
                List.of(1, 3),
                errors.getErrorsList().stream().map(e -> e.getIndex()).toList());
        assertEquals("syntax", errors.getErrors(0).getKind());
        assertEquals(10, errors.getErrors(1).getColumn());
        assertEquals(0, running.flows().size());
    }

    @Test
    void shouldTellOpenFlowsKindOfWhatThePipelineRefuses() throws Exception {
        running.add("priority=1,in_port=1,actions=output:2");

        var refused = assertThrows(
                StatusException.class,
                () -> running.add("priority=2,actions=drop", "priority=1,check_overlap,ip,actions=drop"));

        assertEquals(Code.FAILED_PRECONDITION, refused.getStatus().getCode());
        assertEquals("overlap", errors(refused).getErrors(0).getKind());
        assertEquals(1, errors(refused).getErrors(0).getIndex());
        assertEquals(1, running.flows().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nw_dts=10.0.0.1,actions=drop            | nw_dts
            tcp_dst=80,actions=drop                 | tcp_dst
            nw_dst=10.0.0.1,actions=drop            | nw_dst
            ip,nw_dst=10.0.0.256,actions=drop       | 10.0.0.256
            priority=65536,actions=drop             | 65536
            table=255,actions=drop                  | 255
            in_port=1,actions=outptu:1              | outptu
            in_port=1,actions=output:0              | 0
            table=3,actions=goto_table:3            | 3
            ip,actions=set_field:80->tcp_dst        | tcp_dst
            `in_port=1`                             | actions
            """)
    void shouldRefuseAFlowThatCannotBeNamingTheValue(String flow, String named) {
        assertRefused(Code.INVALID_ARGUMENT, named, () -> running.add(flow));
    }

    @Test
    void shouldRefuseMessagesThatCannotBeNamingTheValue() {
        refuse("unknown field 'nw_dts'; did you mean 'nw_dst'?", flow().addMatch(field("nw_dts", 1)));
        refuse(
                "dl_dst: a value of 2 bytes, but the field has 48 bits; send 6 bytes",
                flow().addMatch(field("dl_dst", 1, 2)));
        refuse("nw_dst: needs", flow().addMatch(field("nw_dst", 10, 0, 0, 1)));
        refuse(
                "in_port: is in the match twice",
                flow().addMatch(field("in_port", 0, 0, 0, 1)).addMatch(field("in_port", 0, 0, 0, 1)));
        refuse("value does not fit into 13 bits", flow().addMatch(field("vlan_vid", 0xff, 0xff)));
        refuse("priority 65536 is not from 0 to 65535", flow().setPriority(65_536));
        refuse("priority 4294967295 is not from 0 to 65535", flow().setPriority(-1));
        refuse("idle_timeout_s 70000 is not from 0 to 65535", flow().setIdleTimeoutS(70_000));
        refuse("table 255 is not from 0 to 254", flow().setTable(255));
        refuse(
                "apply_actions[0] is empty or of a kind that this switch does not know",
                flow().setInstructions(apply(Action.getDefaultInstance())));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "an edit without a flow",
                () -> running.edit(
                        FlowEdit.newBuilder().setCommand(Command.COMMAND_ADD).build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "unknown command 0",
                () -> running.edit(edit(Command.COMMAND_UNSPECIFIED, flow())));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "unknown command 99",
                () -> running.edit(FlowEdit.newBuilder()
                        .setCommandValue(99)
                        .setText("actions=drop")
                        .build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "all_tables and table 3",
                () -> running.edit(edit(Command.COMMAND_DELETE, flow().setTable(3)).toBuilder()
                        .setAllTables(true)
                        .build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "out_port 2 goes with deletion only",
                () -> running.edit(add(flow()).toBuilder().setOutPort(2).build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "cookie_mask goes with",
                () -> running.edit(add(flow()).toBuilder().setCookieMask(2).build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "belong into the text",
                () -> running.edit(text(Command.COMMAND_DELETE, "ip").toBuilder()
                        .setOutPort(2)
                        .build()));
        assertRefused(
                Code.INVALID_ARGUMENT,
                "nw_dts",
                () -> running.flows(
                        DumpFlowsRequest.newBuilder().setFilter("nw_dts=1").build()));
        assertEquals(0, running.flows().size());
    }

    private void refuse(String words, Flow.Builder flow) {
        assertRefused(Code.INVALID_ARGUMENT, words, () -> running.edit(add(flow)));
    }

    private static FlowEditErrors errors(StatusException refused) {
        try {
            return StatusProto.fromThrowable(refused).getDetails(0).unpack(FlowEditErrors.class);
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
