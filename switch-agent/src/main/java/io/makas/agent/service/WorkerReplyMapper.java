// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.makas.dataplane.worker.WorkerStatistics;
import io.makas.dataplane.worker.WorkerThread;
import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.timing.Stage;
import io.makas.flow.timing.TimeHistogram;
import io.makas.v1.StageTime;
import io.makas.v1.TimeDistribution;
import io.makas.v1.WorkerQueue;
import io.makas.v1.WorkerTimes;

/** Turns figures of workers into messages. Thread: any; holds nothing. */
final class WorkerReplyMapper {

    private WorkerReplyMapper() {}

    static io.makas.v1.WorkerStatistics worker(WorkerStatistics worker) {
        WorkerStatistics.Load load = worker.load();
        var message = io.makas.v1.WorkerStatistics.newBuilder()
                .setName(worker.name())
                .setTurns(load.turns())
                .setIdleTurns(load.idleTurns())
                .setBursts(load.bursts())
                .setPackets(load.packets())
                .setCache(cache(worker.cache()))
                .setTimes(times(load))
                .setTimedBursts(worker.stages().bursts())
                .setTimedPackets(worker.stages().packets())
                .setWalks(distribution(worker.walkTimes()))
                .setHandedOver(load.handedOver())
                .setHandOffsRefused(load.handOffsRefused())
                .setFailure(worker.failure().orElse(""));
        for (Stage stage : Stage.values()) {
            message.addStages(StageTime.newBuilder()
                    .setStage(stage.label())
                    .setNs(worker.stages().ns().get(stage)));
        }
        for (WorkerStatistics.Queue queue : worker.queues()) {
            message.addQueues(WorkerQueue.newBuilder()
                    .setPort(queue.port())
                    .setQueue(queue.queue())
                    .setPinned(queue.isPinned())
                    .setPackets(queue.packets())
                    .setBusyNs(queue.busyNs()));
        }
        if (worker.core() != WorkerThread.ANY_CORE) {
            message.setCore(worker.core());
        }
        return message.build();
    }

    private static WorkerTimes times(WorkerStatistics.Load load) {
        return WorkerTimes.newBuilder()
                .setBusyNs(load.busyNs())
                .setIdleNs(load.idleNs())
                .setRestedNs(load.restedNs())
                .setRests(load.rests())
                .setTurns(distribution(load.turnTimes()))
                .setStalls(load.stalls())
                .setCyclesPerNs(WorkerStatistics.cyclesPerNs())
                .build();
    }

    private static TimeDistribution distribution(TimeHistogram.Snapshot times) {
        return TimeDistribution.newBuilder()
                .setCount(times.count())
                .setTotalNs(times.totalNs())
                .setP50Ns(times.percentileNs(50))
                .setP99Ns(times.percentileNs(99))
                .setP999Ns(times.percentileNs(99.9))
                .setLongestNs(times.longestNs())
                .build();
    }

    private static io.makas.v1.CacheStatistics cache(CacheStatistics cache) {
        return io.makas.v1.CacheStatistics.newBuilder()
                .setExactMatchHits(cache.exactHits())
                .setMegaflowHits(cache.megaflowHits())
                .setMisses(cache.misses())
                .setEvictions(cache.evictions())
                .setMegaflows(cache.megaflows())
                .setMasks(cache.masks())
                .setMasksTried(cache.subtablesTried())
                .build();
    }
}
