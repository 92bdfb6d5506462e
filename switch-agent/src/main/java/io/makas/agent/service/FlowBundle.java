// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.EditFlowsResponse;
import io.makas.v1.FlowEdit;
import io.makas.v1.FlowEditError;
import java.util.ArrayList;
import java.util.List;

/**
 * One call of EditFlows: collects edits until the client has sent the last, then applies them all or none.
 *
 * <p>Each edit is understood when it comes, so that a bundle takes no more memory than its records, at most the configured number of
 * them. A client that goes away leaves nothing. Thread: the call's, one message after another.
 */
final class FlowBundle implements StreamObserver<EditFlowsRequest> {

    private static final Log LOG = Log.of("flows");
    private static final int MAX_ERRORS = 100;

    private final Datapath datapath;
    private final int maxEdits;
    private final Budget budget;
    private final StreamObserver<EditFlowsResponse> reply;
    private final List<FlowEditError> errors = new ArrayList<>();
    private List<FlowMod> edits = new ArrayList<>();
    private int count;
    private int taken;
    private boolean ended;

    /** Makes one; the edits that it holds are taken from the budget until it ends. */
    FlowBundle(Datapath datapath, int maxEdits, Budget budget, StreamObserver<EditFlowsResponse> reply) {
        this.datapath = datapath;
        this.maxEdits = maxEdits;
        this.budget = budget;
        this.reply = reply;
    }

    @Override
    public void onNext(EditFlowsRequest request) {
        if (ended) {
            return;
        }
        if (count + request.getEditsCount() > maxEdits) {
            end(Status.RESOURCE_EXHAUSTED
                    .withDescription("a bundle has at most " + maxEdits
                            + " edits; send several bundles or raise limits.bundle-edits in the switch's configuration")
                    .asRuntimeException());
            return;
        }
        try {
            budget.take(request.getEditsCount());
            taken += request.getEditsCount();
            understand(request);
        } catch (StatusRuntimeException e) {
            end(e);
        } catch (RuntimeException e) {
            letGo();
            throw e;
        }
    }

    @Override
    public void onCompleted() {
        if (ended) {
            return;
        }
        if (!errors.isEmpty()) {
            end(Failures.bundle(Code.INVALID_ARGUMENT, errors));
            return;
        }
        try {
            datapath.edit(edits);
        } catch (FlowModException e) {
            end(Failures.of(e));
            return;
        } finally {
            letGo();
        }
        LOG.debug("flows edited", "edits", count);
        reply.onNext(EditFlowsResponse.newBuilder()
                .setAppliedEdits(count)
                .setFlows(SwitchEndpoint.flowCount(datapath))
                .build());
        reply.onCompleted();
    }

    @Override
    public void onError(Throwable clientIsGone) {
        letGo();
    }

    private void understand(EditFlowsRequest request) {
        for (FlowEdit edit : request.getEditsList()) {
            try {
                FlowMod flowMod = FlowRequestMapper.flowMod(edit);
                if (errors.isEmpty()) {
                    edits.add(flowMod);
                }
            } catch (EditException e) {
                edits = new ArrayList<>();
                errors.add(FlowEditError.newBuilder()
                        .setIndex(count)
                        .setKind(e.kind())
                        .setMessage(e.getMessage())
                        .setColumn(e.column())
                        .build());
                if (errors.size() == MAX_ERRORS) {
                    end(Failures.bundle(Code.INVALID_ARGUMENT, errors));
                    return;
                }
            }
            count++;
        }
    }

    private void end(RuntimeException refusal) {
        letGo();
        reply.onError(refusal);
    }

    private void letGo() {
        ended = true;
        edits = new ArrayList<>();
        budget.giveBack(taken);
        taken = 0;
    }
}
