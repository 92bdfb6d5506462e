// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.makas.agent.config.SwitchConfig;
import io.makas.dataplane.Datapath;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowStatistics;
import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.DumpFlowsResponse;
import io.makas.v1.EditFlowsRequest;
import io.makas.v1.EditFlowsResponse;
import io.makas.v1.FlowServiceGrpc.FlowServiceImplBase;
import java.util.Iterator;
import java.util.List;

/** Serves {@code makas.v1.FlowService}. Thread: any virtual one. */
final class FlowEndpoint extends FlowServiceImplBase {

    private static final int FLOWS_IN_PAGE = 256;

    private final Datapath datapath;
    private final int maxEdits;
    private final Budget edits;
    private final Budget dumps;

    /** Room for two calls as large as one may be; small ones hardly meet a bound. */
    FlowEndpoint(Datapath datapath, SwitchConfig.Limits limits) {
        this(
                datapath,
                limits.bundleEdits(),
                new Budget(2L * limits.bundleEdits(), "finish other bundles first, or try again later"),
                new Budget(2L * limits.flows(), "read other dumps to their end first, or try again later"));
    }

    FlowEndpoint(Datapath datapath, int maxEdits, Budget edits, Budget dumps) {
        this.datapath = datapath;
        this.maxEdits = maxEdits;
        this.edits = edits;
        this.dumps = dumps;
    }

    @Override
    public StreamObserver<EditFlowsRequest> editFlows(StreamObserver<EditFlowsResponse> reply) {
        return new FlowBundle(datapath, maxEdits, edits, reply);
    }

    @Override
    public void dumpFlows(DumpFlowsRequest request, StreamObserver<DumpFlowsResponse> reply) {
        FlowFilter filter;
        try {
            filter = FlowRequestMapper.filter(request);
        } catch (EditException e) {
            throw Failures.invalid(e.getMessage());
        }
        List<FlowStatistics> flows = datapath.flows(filter);
        int held = flows.size();
        dumps.take(held);
        PagedReply.send(
                (ServerCallStreamObserver<DumpFlowsResponse>) reply,
                new Pages(flows, request),
                () -> dumps.giveBack(held));
    }

    /** Makes a page when it can be sent, so that a long dump is never in memory as messages. */
    private static final class Pages implements Iterator<DumpFlowsResponse> {

        private final Iterator<FlowStatistics> flows;
        private final DumpFlowsRequest request;

        Pages(List<FlowStatistics> flows, DumpFlowsRequest request) {
            this.flows = flows.iterator();
            this.request = request;
        }

        @Override
        public boolean hasNext() {
            return flows.hasNext();
        }

        @Override
        public DumpFlowsResponse next() {
            var page = DumpFlowsResponse.newBuilder();
            while (flows.hasNext() && page.getFlowsCount() < FLOWS_IN_PAGE) {
                page.addFlows(FlowReplyMapper.statistics(flows.next(), !request.getWithoutFlow(), request.getText()));
            }
            return page.build();
        }
    }
}
