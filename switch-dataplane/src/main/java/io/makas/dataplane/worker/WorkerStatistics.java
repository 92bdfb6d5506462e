// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.flow.cache.CacheStatistics;
import io.makas.flow.timing.StageClock;
import io.makas.flow.timing.TimeHistogram;
import java.util.List;
import java.util.Optional;

/**
 * Figures of a worker since it started.
 *
 * @param name the worker's thread name
 * @param core processor that it is pinned to, or {@link WorkerThread#ANY_CORE}
 * @param load its turns, and what its time was spent on
 * @param cache what its caches did
 * @param stages what timed bursts took, stage by stage
 * @param walkTimes what timed walks of the flow tables took
 * @param queues the queues that it polls now
 * @param failure why it stopped by itself; empty while it is well
 */
public record WorkerStatistics(
        String name,
        int core,
        Load load,
        CacheStatistics cache,
        StageClock.Figures stages,
        TimeHistogram.Snapshot walkTimes,
        List<Queue> queues,
        Optional<String> failure) {

    /**
     * Turns of the worker's loop, and what its time was spent on.
     *
     * @param turns turns
     * @param idleTurns turns with nothing to do
     * @param bursts bursts received
     * @param packets packets received
     * @param busyNs time spent on packets and commands
     * @param idleNs time spent looking for packets
     * @param restedNs time slept or blocked
     * @param rests how often it slept or blocked
     * @param turnTimes how long turns took, with the longest
     * @param stalls turns longer than a millisecond
     * @param handedOver frames handed over to queues of other workers
     * @param handOffsRefused frames dropped because the way there was full
     */
    public record Load(
            long turns,
            long idleTurns,
            long bursts,
            long packets,
            long busyNs,
            long idleNs,
            long restedNs,
            long rests,
            TimeHistogram.Snapshot turnTimes,
            long stalls,
            long handedOver,
            long handOffsRefused) {}

    /**
     * A queue and what it costs.
     *
     * @param port name of its port
     * @param queue its number within the port
     * @param isPinned whether it was pinned to this worker
     * @param packets packets received
     * @param busyNs what they took, as far as the timed ones among them tell
     */
    public record Queue(String port, int queue, boolean isPinned, long packets, long busyNs) {}

    /** Cycles a nanosecond of the clock that processors here count with; 0 if that is not known. */
    public static double cyclesPerNs() {
        return ClockRate.OF_THIS_MACHINE;
    }

    /** Turns of its loop. */
    public long turns() {
        return load.turns;
    }

    /** Turns with nothing to do. */
    public long idleTurns() {
        return load.idleTurns;
    }

    /** Bursts received. */
    public long bursts() {
        return load.bursts;
    }

    /** Packets received. */
    public long packets() {
        return load.packets;
    }
}
