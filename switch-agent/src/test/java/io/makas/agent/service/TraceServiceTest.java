// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static io.makas.agent.RunningSwitch.assertRefused;
import static io.makas.agent.RunningSwitch.text;
import static io.makas.agent.service.FlowMessages.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.makas.agent.RunningSwitch;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.TraceRequest;
import io.makas.v1.TraceResponse;
import io.makas.v1.TraceServiceGrpc;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceServiceTest {

    /** An ARP request of 02:00:00:00:00:01, 10.0.0.1 for 10.0.0.2. */
    private static final ByteString ARP = bytes(
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0,
            0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2);

    private RunningSwitch running;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        running = RunningSwitch.start(folder);
    }

    @BeforeEach
    void addFlows() throws Exception {
        running.edit(text(Command.COMMAND_DELETE, ""));
        running.add(
                "table=0,priority=10,cookie=0x7,arp,arp_tpa=10.0.0.2,actions=set_field:5->reg0,goto_table:1",
                "table=1,priority=1,in_port=1,actions=output:2");
    }

    @AfterEach
    void shouldWorkAfterwards() throws Exception {
        running.assertWorks();
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void shouldTellTheStepsOfACapturedPacketAndCountNothing() {
        TraceResponse trace = trace(TraceRequest.newBuilder().setInPort(1).setFrame(ARP));

        assertEquals(2, trace.getStepsCount());
        assertEquals(0, trace.getSteps(0).getTable());
        assertTrue(trace.getSteps(0).getMatched());
        assertTrue(trace.getSteps(0).getFlow().startsWith("priority=10,arp"), trace.getText());
        assertEquals(7, trace.getSteps(0).getCookie());
        assertEquals(1, trace.getSteps(1).getTable());
        assertEquals("output:2", trace.getActions());
        assertEquals("", trace.getDropReason());
        assertTrue(trace.getMegaflow().contains("arp"), trace.getMegaflow());
        assertTrue(trace.getText().contains("output:2"), trace.getText());
        assertEquals(0, running.flows().getFirst().getPackets());
    }

    @Test
    void shouldShowTheTablesOfAResubmitWithinItsAction() throws Exception {
        running.add(
                "table=0,priority=20,in_port=2,actions=resubmit(,1),output:1", "table=1,ip,in_port=2,actions=dec_ttl");

        TraceResponse trace = trace(TraceRequest.newBuilder().setFlow("in_port=2,ip,nw_ttl=64"));

        assertEquals(1, trace.getStepsCount());
        assertEquals(2, trace.getSteps(0).getActionsCount(), trace.getText());
        assertEquals(1, trace.getSteps(0).getActions(0).getWithin(0).getTable());
        assertEquals(
                "dec_ttl",
                trace.getSteps(0).getActions(0).getWithin(0).getActions(0).getText());
    }

    @Test
    void shouldAnswerTheSameForADescribedPacket() {
        TraceResponse bytes = trace(TraceRequest.newBuilder().setInPort(1).setFrame(ARP));
        TraceResponse fields = trace(TraceRequest.newBuilder().setFlow("in_port=1,arp,arp_op=1,arp_tpa=10.0.0.2"));

        assertEquals(bytes.getStepsList(), fields.getStepsList());
        assertEquals(bytes.getMegaflow(), fields.getMegaflow());
    }

    @Test
    void shouldSayWhyAPacketIsDropped() {
        TraceResponse trace = trace(TraceRequest.newBuilder().setInPort(2).setFlow("udp,udp_dst=53"));

        assertFalse(trace.getSteps(0).getMatched());
        assertEquals("drop", trace.getActions());
        assertEquals("table-miss", trace.getDropReason());
    }

    @Test
    void shouldRefuseWhatIsNoPacketNamingTheValue() {
        refuse("as 'frame' or as 'flow'", TraceRequest.newBuilder().setInPort(1));
        refuse("a frame of 3 bytes", TraceRequest.newBuilder().setInPort(1).setFrame(bytes(1, 2, 3)));
        refuse("in_port", TraceRequest.newBuilder().setFrame(ARP));
        refuse("character 5: ", TraceRequest.newBuilder().setInPort(1).setFlow("arp,nw_dts=1"));
        refuse(
                "in_port is 1, but 2 in the flow",
                TraceRequest.newBuilder().setInPort(1).setFlow("in_port=2,arp"));
        assertRefused(
                Code.NOT_FOUND,
                "no port number 9",
                () -> trace(TraceRequest.newBuilder().setInPort(9).setFrame(ARP)));
    }

    private void refuse(String words, TraceRequest.Builder request) {
        assertRefused(Code.INVALID_ARGUMENT, words, () -> trace(request));
    }

    private TraceResponse trace(TraceRequest.Builder request) {
        return TraceServiceGrpc.newBlockingStub(running.channel()).trace(request.build());
    }
}
