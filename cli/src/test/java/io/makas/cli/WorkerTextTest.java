// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.v1.StageTime;
import io.makas.v1.WorkerQueue;
import io.makas.v1.WorkerStatistics;
import io.makas.v1.WorkerTimes;
import org.junit.jupiter.api.Test;

final class WorkerTextTest {

    @Test
    void shouldSplitThePacketsTimeByStageAndQueue() {
        String text = WorkerText.text(WorkerStatistics.newBuilder()
                .setName("makas-worker-1")
                .setCore(3)
                .setTimedPackets(1_000)
                .setTimes(WorkerTimes.newBuilder().setCyclesPerNs(2.5))
                .addStages(StageTime.newBuilder().setStage("receive").setNs(30_000))
                .addStages(StageTime.newBuilder().setStage("send").setNs(10_000))
                .addQueues(WorkerQueue.newBuilder().setPort("a").setPackets(5).setBusyNs(100))
                .addQueues(WorkerQueue.newBuilder()
                        .setPort("b".repeat(63))
                        .setQueue(2)
                        .setPinned(true)
                        .setBusyNs(300))
                .build());

        assertTrue(text.startsWith("makas-worker-1 (core 3)\n"), text);
        assertTrue(text.contains("  receive                              30.0       75   75.0 %\n"), text);
        assertTrue(text.contains("  all                                  40.0      100\n"), text);
        assertTrue(text.contains("  25.0 %                                  5       no  a 0\n"), text);
        assertTrue(text.contains("      yes  " + "b".repeat(63) + " 2\n"), text);
    }

    @Test
    void shouldSayWhyAWorkerStoppedAndDivideByNothing() {
        String text = WorkerText.text(WorkerStatistics.newBuilder()
                .setName("makas-worker-0")
                .setFailure("no clock")
                .build());

        assertTrue(text.startsWith("makas-worker-0 (any core), stopped: no clock\n"), text);
        assertFalse(text.contains("NaN"), text);
        assertEquals(
                "no clock",
                WorkerText.json(WorkerStatistics.newBuilder()
                                .setFailure("no clock")
                                .build())
                        .get("failure"));
    }
}
