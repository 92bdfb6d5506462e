// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static io.makas.agent.RunningSwitch.assertRefused;
import static io.makas.agent.RunningSwitch.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status.Code;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.makas.agent.RunningSwitch;
import io.makas.v1.AddPortRequest;
import io.makas.v1.DropCounter;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.DumpFlowsResponse;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.FlowServiceGrpc;
import io.makas.v1.GetDropsRequest;
import io.makas.v1.GetSwitchRequest;
import io.makas.v1.GetWorkersRequest;
import io.makas.v1.MemoryPortConfig;
import io.makas.v1.PortConfig;
import io.makas.v1.PortServiceGrpc;
import io.makas.v1.StatsServiceGrpc;
import io.makas.v1.SwitchServiceGrpc;
import io.makas.v1.WorkerStatistics;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcServerTest {

    private RunningSwitch running;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        running = RunningSwitch.start(folder);
    }

    @AfterEach
    void shouldWorkAfterwards() throws Exception {
        running.assertWorks();
        running.edit(text(Command.COMMAND_DELETE, ""));
    }

    @AfterAll
    void stop() {
        running.close();
    }

    @Test
    void shouldAnswerTheStandardHealthService() {
        var health = HealthGrpc.newBlockingStub(running.channel());

        for (String service : List.of("", "makas.v1.FlowService", "makas.v1.PortService", "makas.v1.TraceService")) {
            var request = HealthCheckRequest.newBuilder().setService(service).build();
            assertEquals(ServingStatus.SERVING, health.check(request).getStatus(), service);
        }
    }

    @Test
    void shouldListItsServicesByReflection() throws Exception {
        var call = ServerReflectionGrpc.newBlockingV2Stub(running.channel()).serverReflectionInfo();
        call.write(ServerReflectionRequest.newBuilder().setListServices("").build());
        call.halfClose();

        List<String> services = call.read().getListServicesResponse().getServiceList().stream()
                .map(service -> service.getName())
                .toList();

        assertTrue(
                services.containsAll(List.of(
                        "makas.v1.FlowService",
                        "makas.v1.PortService",
                        "makas.v1.StatsService",
                        "makas.v1.SwitchService",
                        "makas.v1.TraceService",
                        "grpc.health.v1.Health",
                        "grpc.reflection.v1.ServerReflection")),
                services.toString());
    }

    @Test
    void shouldSayWhichSwitchItIs() throws Exception {
        running.add("actions=drop");

        var info =
                SwitchServiceGrpc.newBlockingStub(running.channel()).getSwitch(GetSwitchRequest.getDefaultInstance());

        assertEquals(ProcessHandle.current().pid(), info.getPid());
        assertEquals(2, info.getPorts());
        assertEquals(1, info.getFlows());
        assertTrue(info.getStartedUnixNs() > 0);
    }

    @Test
    void shouldCountDropsByReasonAndWorkersPackets() throws Exception {
        var stats = StatsServiceGrpc.newBlockingStub(running.channel());
        long dropsBefore = drops(stats, "table-miss");
        long packetsBefore = worker(stats).getPackets();

        running.inject();
        running.assertWorks();

        assertEquals(dropsBefore + 1, drops(stats, "table-miss"));
        assertEquals(packetsBefore + 2, worker(stats).getPackets());
        assertTrue(worker(stats).getCache().getMisses() >= 2);
    }

    @Test
    void shouldHoldBackADumpThatTheClientDoesNotRead() throws Exception {
        running.edit(IntStream.range(0, 20_000)
                .mapToObj(i -> text(Command.COMMAND_ADD, "table=1,priority=" + i + ",actions=output:2"))
                .toArray(io.makas.v1.FlowEdit[]::new));

        Iterator<DumpFlowsResponse> unread =
                FlowServiceGrpc.newBlockingStub(running.channel()).dumpFlows(DumpFlowsRequest.getDefaultInstance());
        unread.next();
        running.assertWorks();

        int flows = 256;
        while (unread.hasNext()) {
            flows += unread.next().getFlowsCount();
        }
        assertEquals(20_000, flows);
    }

    @Test
    void shouldRefuseAMessageThatIsTooLong() {
        var request = AddPortRequest.newBuilder()
                .setConfig(PortConfig.newBuilder()
                        .setNameBytes(ByteString.copyFrom(new byte[5 << 20]))
                        .setMemory(MemoryPortConfig.getDefaultInstance()))
                .build();

        assertRefused(
                Code.RESOURCE_EXHAUSTED,
                "4194304",
                () -> PortServiceGrpc.newBlockingStub(running.channel()).addPort(request));
    }

    @Test
    void shouldRefuseABundleThatIsTooLong() {
        var edits = IntStream.range(0, 1_000)
                .mapToObj(i -> text(Command.COMMAND_ADD, "actions=drop"))
                .toList();

        assertRefused(Code.RESOURCE_EXHAUSTED, "limits.bundle-edits", () -> {
            var call = FlowServiceGrpc.newBlockingV2Stub(running.channel()).editFlows();
            boolean isOpen = true;
            for (int i = 0; i < 251 && isOpen; i++) {
                isOpen = call.write(io.makas.v1.EditFlowsRequest.newBuilder()
                        .addAllEdits(edits)
                        .build());
            }
            call.halfClose();
            call.read();
        });
        assertEquals(0, running.flows().size());
    }

    private static long drops(StatsServiceGrpc.StatsServiceBlockingStub stats, String reason) {
        return stats.getDrops(GetDropsRequest.getDefaultInstance()).getDropsList().stream()
                .filter(drop -> drop.getReason().equals(reason))
                .mapToLong(DropCounter::getPackets)
                .sum();
    }

    private static WorkerStatistics worker(StatsServiceGrpc.StatsServiceBlockingStub stats) {
        return stats.getWorkers(GetWorkersRequest.getDefaultInstance()).getWorkers(0);
    }
}
