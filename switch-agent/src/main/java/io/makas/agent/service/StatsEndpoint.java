// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.stub.StreamObserver;
import io.makas.dataplane.Datapath;
import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.dataplane.worker.WorkerThread;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.pipeline.DropReason;
import io.makas.v1.DropCounter;
import io.makas.v1.GetDropsRequest;
import io.makas.v1.GetDropsResponse;
import io.makas.v1.GetWorkersRequest;
import io.makas.v1.GetWorkersResponse;
import io.makas.v1.StatsServiceGrpc.StatsServiceImplBase;
import java.util.Map;

/** Serves {@code makas.v1.StatsService}. Thread: any virtual one. */
final class StatsEndpoint extends StatsServiceImplBase {

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
            message.addWorkers(worker(worker));
        }
        reply.onNext(message.build());
        reply.onCompleted();
    }

    private static io.makas.v1.WorkerStatistics worker(WorkerStatistics worker) {
        var message = io.makas.v1.WorkerStatistics.newBuilder()
                .setName(worker.name())
                .setTurns(worker.turns())
                .setIdleTurns(worker.idleTurns())
                .setBursts(worker.bursts())
                .setPackets(worker.packets())
                .setCache(cache(worker.cache()));
        if (worker.core() != WorkerThread.ANY_CORE) {
            message.setCore(worker.core());
        }
        return message.build();
    }

    private static io.makas.v1.CacheStatistics cache(CacheStatistics cache) {
        return io.makas.v1.CacheStatistics.newBuilder()
                .setExactMatchHits(cache.exactHits())
                .setMegaflowHits(cache.megaflowHits())
                .setMisses(cache.misses())
                .setOverflows(cache.overflows())
                .setMegaflows(cache.megaflows())
                .setMasks(cache.masks())
                .setMasksTried(cache.subtablesTried())
                .build();
    }
}
