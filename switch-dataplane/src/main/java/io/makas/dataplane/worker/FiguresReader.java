// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.handoff.HandOff;
import io.makas.flow.cache.CacheStatistics;
import java.util.List;
import java.util.Optional;

/** Puts together what is known of a worker. Thread: any control thread. */
final class FiguresReader {

    private FiguresReader() {}

    static WorkerStatistics read(WorkerThread thread, HandOff[] ways, List<WorkerStatistics.Queue> queues) {
        Worker worker = thread.worker();
        LoadCounters load = worker.load();
        long handedOver = 0;
        long refused = 0;
        for (HandOff way : ways) {
            handedOver += way == null ? 0 : way.handedOver();
            refused += way == null ? 0 : way.refused();
        }
        return new WorkerStatistics(
                worker.name(),
                thread.core(),
                new WorkerStatistics.Load(
                        load.turns(),
                        load.idleTurns(),
                        load.bursts(),
                        load.packets(),
                        load.busyNs(),
                        load.idleNs(),
                        load.restedNs(),
                        load.rests(),
                        worker.turnTimes(),
                        load.stalls(),
                        handedOver,
                        refused),
                cache(thread),
                worker.stages().figures(),
                worker.stages().walkTimes(),
                queues,
                Optional.ofNullable(thread.failure()).map(Throwable::toString));
    }

    private static CacheStatistics cache(WorkerThread thread) {
        Worker worker = thread.worker();
        try {
            return worker.commands().call(worker::cacheStatistics);
        } catch (IllegalStateException e) {
            if (thread.failure() == null) {
                throw e;
            }
            // It has stopped: nobody writes any more.
            return worker.cacheStatistics();
        }
    }
}
