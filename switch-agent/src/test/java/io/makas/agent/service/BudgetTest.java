// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.makas.agent.RunningSwitch;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.EditFlowsResponse;
import io.makas.v1.FlowEdit.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What many calls hold together: no client may fill the memory by calls that it never ends. */
class BudgetTest {

    private final Budget budget = new Budget(3, "end some");
    private final Reply reply = new Reply();

    @Test
    void shouldRefuseTheEditThatIsTooMuchForAllBundlesTogether() {
        var first = new FlowBundle(null, 3, budget, reply);
        var second = new FlowBundle(null, 3, budget, reply);
        first.onNext(edits(2));

        second.onNext(edits(2));

        assertEquals(1, reply.errors.size());
        Status status = Status.fromThrowable(reply.errors.getFirst());
        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode());
        assertTrue(status.getDescription().contains("hold 2 of at most 3 records, and 2 more"), status::toString);
    }

    @Test
    void shouldGiveBackWhatABundleHeldThatEndedInAnyWay() {
        var cancelled = new FlowBundle(null, 3, budget, reply);
        cancelled.onNext(edits(3));
        cancelled.onError(Status.CANCELLED.asException());
        var tooLong = new FlowBundle(null, 2, budget, reply);
        tooLong.onNext(edits(2));
        tooLong.onNext(edits(1));
        var wrong = new FlowBundle(null, 3, budget, reply);
        wrong.onNext(EditFlowsRequest.newBuilder()
                .addEdits(RunningSwitch.text(Command.COMMAND_ADD, "nonsense"))
                .build());
        wrong.onCompleted();

        budget.take(3);

        assertEquals(2, reply.errors.size());
    }

    @Test
    void shouldRefuseADumpWhileOthersAreHeld(@TempDir Path folder) throws Exception {
        try (var running = RunningSwitch.start(folder)) {
            running.add("priority=1,actions=drop", "priority=2,actions=drop");
            var endpoint = new FlowEndpoint(running.process().datapath(), 1, budget, budget);
            budget.take(2);

            var refused = assertThrows(
                    StatusRuntimeException.class,
                    () -> endpoint.dumpFlows(DumpFlowsRequest.getDefaultInstance(), null));

            assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
        }
    }

    private static EditFlowsRequest edits(int count) {
        var request = EditFlowsRequest.newBuilder();
        for (int i = 0; i < count; i++) {
            request.addEdits(RunningSwitch.text(Command.COMMAND_ADD, "priority=" + i + ",actions=drop"));
        }
        return request.build();
    }

    /** Keeps what a call was answered. */
    private static final class Reply implements StreamObserver<EditFlowsResponse> {

        private final List<Throwable> errors = new ArrayList<>();

        @Override
        public void onNext(EditFlowsResponse response) {
            throw new AssertionError("answered with " + response);
        }

        @Override
        public void onError(Throwable error) {
            errors.add(error);
        }

        @Override
        public void onCompleted() {
            throw new AssertionError("completed");
        }
    }
}
