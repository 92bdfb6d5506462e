// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.StreamObserver;
import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.worker.Rebalance;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.flow.pipeline.DropReason;
import io.makas.v1.DropCounter;
import io.makas.v1.GetDropsRequest;
import io.makas.v1.GetDropsResponse;
import io.makas.v1.GetWorkersRequest;
import io.makas.v1.GetWorkersResponse;
import io.makas.v1.QueueMove;
import io.makas.v1.RebalanceWorkersRequest;
import io.makas.v1.RebalanceWorkersResponse;
import io.makas.v1.StatsServiceGrpc.StatsServiceImplBase;
import java.util.Map;

/** Serves {@code makas.v1.StatsService}. Thread: any virtual one. */
final class StatsEndpoint extends StatsServiceImplBase {

    private static final Log LOG = Log.of("workers");

    private final Datapath datapath;

    StatsEndpoint(Datapath datapath) {
        this.datapath = datapath;
    }

    @Override
    public void getDrops(GetDropsRequest request, StreamObserver<GetDropsResponse> reply) {
        Map<DropReason, Long> drops = datapath.drops();
        var message = GetDropsResponse.newBuilder();
        for (DropReason reason : DropReason.values()) {
            message.addDrops(
                    DropCounter.newBuilder().setReason(reason.label()).setPackets(drops.getOrDefault(reason, 0L)));
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    @Override
    public void getWorkers(GetWorkersRequest request, StreamObserver<GetWorkersResponse> reply) {
        var message = GetWorkersResponse.newBuilder();
        for (WorkerStatistics worker : datapath.workers()) {
            message.addWorkers(WorkerReplyMapper.worker(worker));
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    @Override
    public void rebalanceWorkers(RebalanceWorkersRequest request, StreamObserver<RebalanceWorkersResponse> reply) {
        Rebalance rebalance = datapath.rebalance(request.getDryRun());
        var message = RebalanceWorkersResponse.newBuilder()
                .setDone(rebalance.isDone())
                .setReason(rebalance.reason());
        for (Rebalance.Move move : rebalance.moves()) {
            message.addMoves(QueueMove.newBuilder()
                    .setPort(move.port())
                    .setQueue(move.queue())
                    .setFromWorker(move.from())
                    .setToWorker(move.to()));
            if (rebalance.isDone()) {
                LOG.info("queue moved", "port", move.port(), "queue", move.queue(), "worker", move.to());
            }
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }
}
