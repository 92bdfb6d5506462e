// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.timing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class StageClockTest {

    /** Reading it takes a nanosecond. */
    private long nowNs = 5_000_000_000L;

    private final StageClock clock = new StageClock(() -> nowNs++);

    @Test
    void shouldGiveTheTimeBetweenLapsToStagesWithoutWhatReadingTook() {
        reachATimedBurst();

        nowNs += 100;
        clock.lap(Stage.RECEIVE);
        nowNs += 20;
        clock.lap(Stage.PARSE);
        nowNs += 7;
        clock.lap(Stage.RECEIVE);
        assertEquals(127, clock.stop(8));

        StageClock.Figures figures = clock.figures();
        assertEquals(1, figures.bursts());
        assertEquals(8, figures.packets());
        assertEquals(107, figures.ns().get(Stage.RECEIVE));
        assertEquals(20, figures.ns().get(Stage.PARSE));
        assertEquals(0, figures.ns().get(Stage.SEND));
    }

    @Test
    void shouldTimeOneBurstInAboutSixtyFourAndNotAlwaysTheSameQueues() {
        int[] timedOfQueue = new int[4];
        for (int i = 0; i < 64_000; i++) {
            clock.start();
            nowNs += 10;
            clock.lap(Stage.RECEIVE);
            timedOfQueue[i % 4] += clock.stop(1) > 0 ? 1 : 0;
        }

        long bursts = clock.figures().bursts();
        assertTrue(bursts > 900 && bursts < 1_100, bursts + " timed");
        for (int timed : timedOfQueue) {
            assertTrue(timed > 180, timed + " of one queue");
        }
    }

    @Test
    void shouldTimeTheNextBurstWhenTheQueueHadNone() {
        reachATimedBurst();
        clock.cancel();
        assertFalse(clock.isTiming());

        clock.start();

        assertTrue(clock.isTiming());
    }

    @Test
    void shouldTimeAWalkInEightAndAllOfATimedBurst() {
        for (int i = 0; i < 80; i++) {
            long began = clock.walks();
            nowNs += 400;
            clock.walked(began);
        }
        assertEquals(10, clock.walkTimes().count());
        assertEquals(400, clock.walkTimes().longestNs());

        reachATimedBurst();
        for (int i = 0; i < 3; i++) {
            nowNs += 50;
            long began = clock.walks();
            nowNs += 500;
            clock.walked(began);
        }
        clock.stop(3);

        assertEquals(13, clock.walkTimes().count());
        assertEquals(1_500, clock.figures().ns().get(Stage.PIPELINE));
        assertEquals(150, clock.figures().ns().get(Stage.ACTIONS));
    }

    @Test
    void shouldTellThePercentilesOfTimesToTheBucket() {
        TimeHistogram times = new TimeHistogram();
        for (int ns = 1; ns <= 1_000; ns++) {
            times.add(ns, 1);
        }
        times.add(1_000_000_000_000L, 1);
        times.add(-5, 1);

        TimeHistogram.Snapshot snapshot = times.snapshot();

        assertEquals(1_002, snapshot.count());
        assertEquals(500, snapshot.percentileNs(50), 64);
        assertEquals(990, snapshot.percentileNs(99), 128);
        assertEquals(1_000_000_000_000L, snapshot.percentileNs(100));
        assertEquals(1_000_000_000_000L, snapshot.longestNs());
        assertEquals(1_000_000_500_500L, snapshot.totalNs());
        assertEquals(0, new TimeHistogram().snapshot().percentileNs(50));
    }

    private void reachATimedBurst() {
        clock.start();
        while (!clock.isTiming()) {
            clock.stop(1);
            clock.start();
        }
    }
}
