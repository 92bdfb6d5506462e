// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LoopWatchTest {

    private static final long MS = 1_000_000;

    private long nowNs = 7_000;
    private int reads;
    private final LoadCounters load = new LoadCounters();
    private final LoopWatch watch = new LoopWatch(
            () -> {
                reads++;
                return nowNs;
            },
            load);

    @BeforeEach
    void start() {
        watch.start();
    }

    @Test
    void shouldCountTurnsWithWorkAsBusyAndOthersAsIdle() {
        turns(1_600, 0, 50);
        assertEquals(80_000, load.idleNs());

        turns(160, 32, 2_000);
        assertEquals(320_000, load.busyNs());
        assertEquals(80_000, load.idleNs());
    }

    @Test
    void shouldNotCountTheSearchBetweenPacketsAsBusy() {
        turns(16_000, 0, 50);
        long idleNs = load.idleNs();

        for (int i = 0; i < 160; i++) {
            turns(1, 1, 100);
            turns(15, 0, 50);
        }

        assertEquals(160 * 100, load.busyNs(), 160);
        assertEquals(160 * 15 * 50, load.idleNs() - idleNs, 160);
    }

    @Test
    void shouldReadTheClockOncePerSixtyFourPacketsOrSixteenTurns() {
        reads = 0;
        turns(1_000, 32, 2_000);
        assertEquals(500, reads);

        reads = 0;
        turns(1_600, 0, 50);
        assertEquals(100, reads);
    }

    @Test
    void shouldCountATurnLongerThanAMillisecondAsAStallAndTellTheLongest() {
        turns(100, 1, 1_000);
        assertEquals(0, load.stalls());

        turns(16, 1, 1_000);
        turns(1, 1, 3 * MS);
        turns(100, 1, 1_000);

        assertEquals(1, load.stalls());
        assertTrue(watch.turnTimes().longestNs() >= 3 * MS);
        assertTrue(watch.turnTimes().longestNs() < 3 * MS + 20_000);
        assertTrue(watch.turnTimes().percentileNs(50) <= 1_279);
    }

    @Test
    void shouldLookAfterEachTurnOnceTurnsAreLong() {
        turns(16, 1, 200_000);
        reads = 0;

        turns(10, 1, 900_000);

        assertEquals(10, reads);
        assertEquals(1, load.stalls(), "of the first sixteen together, and none of these");
    }

    @Test
    void shouldKeepRestApartFromBoth() {
        turns(5, 1, 1_000);

        watch.rested(nowNs, nowNs + 20 * MS);
        nowNs += 20 * MS;
        turns(16, 0, 50);

        assertEquals(5_000, load.busyNs());
        assertEquals(800, load.idleNs());
        assertEquals(20 * MS, load.restedNs());
        assertEquals(1, load.rests());
        assertEquals(0, load.stalls());
    }

    private void turns(int count, int work, long eachNs) {
        for (int i = 0; i < count; i++) {
            nowNs += eachNs;
            watch.turn(work);
        }
    }
}
