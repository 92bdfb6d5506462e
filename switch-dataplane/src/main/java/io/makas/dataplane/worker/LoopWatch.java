// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.flow.timing.TimeHistogram;
import java.util.function.LongSupplier;

/**
 * Watches a worker's loop: how long turns take, how much of the time is for packets, and whether a turn took so long that packets were
 * kept waiting.
 *
 * <p>Reading the clock after each turn would cost more than the watch may. It is read when {@value #WORK_PER_LOOK} packets or
 * {@value #TURNS_PER_LOOK} turns have gone by, and after each turn as soon as these take long: then it costs nothing that matters. A stall
 * is thus known to within {@value #LONG_NS} ns.
 *
 * <p>Turns without work between those with work count as idle for as long as such turns take on average.
 *
 * <p>Threads: written by the worker, read from anywhere, slightly late.
 */
final class LoopWatch {

    /** A turn that takes longer is a stall. */
    static final long STALL_NS = 1_000_000;

    private static final int WORK_PER_LOOK = 64;
    private static final int TURNS_PER_LOOK = 16;
    private static final long LONG_NS = 100_000;
    private static final int AVERAGE_OF = 16;

    private final LongSupplier clockNs;
    private final LoadCounters load;
    private final TimeHistogram turnTimes = new TimeHistogram();

    private long lastNs;
    private int turns;
    private int idleTurns;
    private int work;
    private int turnsPerLook = TURNS_PER_LOOK;
    private double idleTurnNs;

    LoopWatch(LongSupplier clockNs, LoadCounters load) {
        this.clockNs = clockNs;
        this.load = load;
    }

    /** Worker: its loop begins. */
    void start() {
        lastNs = clockNs.getAsLong();
    }

    /** Worker: a turn is over. */
    void turn(int workDone) {
        turns++;
        if (workDone == 0) {
            idleTurns++;
        } else {
            work += workDone;
        }
        if (work >= WORK_PER_LOOK || turns >= turnsPerLook) {
            look(clockNs.getAsLong());
        }
    }

    /** Worker: it rested in between. */
    void rested(long fromNs, long toNs) {
        if (turns > 0) {
            look(fromNs);
        }
        load.rested(toNs - fromNs);
        lastNs = toNs;
    }

    /** How long turns took. */
    TimeHistogram.Snapshot turnTimes() {
        return turnTimes.snapshot();
    }

    private void look(long nowNs) {
        long tookNs = nowNs - lastNs;
        turnTimes.add(tookNs / turns, turns);
        turnTimes.longest(tookNs);
        if (tookNs > STALL_NS) {
            load.stall();
        }
        if (idleTurns == turns) {
            idleTurnNs += ((double) tookNs / turns - idleTurnNs) / AVERAGE_OF;
            load.spent(0, tookNs);
        } else {
            long idleNs = Math.min(tookNs, (long) (idleTurns * idleTurnNs));
            load.spent(tookNs - idleNs, idleNs);
        }
        turnsPerLook = tookNs > LONG_NS ? 1 : TURNS_PER_LOOK;
        lastNs = nowNs;
        turns = 0;
        idleTurns = 0;
        work = 0;
    }
}
