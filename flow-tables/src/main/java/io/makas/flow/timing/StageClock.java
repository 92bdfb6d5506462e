// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.timing;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * A stop watch for some of a worker's bursts: each {@link #lap} gives the time since the last one to a stage. A burst in
 * {@value #MEAN_INTERVAL} or so is timed, at irregular distances, so that it is not always the same queue's. The others cost a
 * comparison of a field at each stage.
 *
 * <p>Reading the clock takes time itself; what it took is measured when the watch is made, and taken off.
 *
 * <p>Walks of the flow tables are timed one in {@value #WALK_INTERVAL}, and in timed bursts all.
 *
 * <p>Threads: written by one worker; {@link #figures} and {@link #walkTimes} from any.
 */
public final class StageClock {

    /** Bursts from one that is timed to the next, on average. */
    static final int MEAN_INTERVAL = 64;

    /** Walks from one that is timed to the next; a power of two. */
    static final int WALK_INTERVAL = 8;

    private static final int LEAST_INTERVAL = MEAN_INTERVAL / 2;
    private static final Stage[] STAGES = Stage.values();
    private static final int BURSTS = STAGES.length;
    private static final int PACKETS = BURSTS + 1;
    private static final long NOT_TIMED = Long.MIN_VALUE;
    private static final int CALIBRATION_READS = 1_000;

    /** Times nothing. */
    public static final StageClock STOPPED = new StageClock(() -> 0);

    private final LongSupplier clockNs;
    private final long readNs;
    private final AtomicLongArray sums = new AtomicLongArray(STAGES.length + 2);
    private final long[] burstNs = new long[STAGES.length];
    private final TimeHistogram walkTimes = new TimeHistogram();

    private boolean isTiming;
    private long lastNs;
    private int untilNext = LEAST_INTERVAL;
    private int random = 1;
    private int walks;

    /**
     * Makes a watch.
     *
     * @param clockNs what it reads, in nanoseconds
     */
    public StageClock(LongSupplier clockNs) {
        this.clockNs = clockNs;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < CALIBRATION_READS; i++) {
            long before = clockNs.getAsLong();
            least = Math.min(least, clockNs.getAsLong() - before);
        }
        this.readNs = Math.max(0, least);
    }

    /** Whether the burst under way is timed. */
    public boolean isTiming() {
        return isTiming;
    }

    /** Before a queue is asked for a burst: starts the watch if the burst is to be timed. */
    public void start() {
        if (untilNext == 0) {
            isTiming = true;
            lastNs = clockNs.getAsLong();
        }
    }

    /** A stage ends, and another begins. */
    public void lap(Stage stage) {
        if (isTiming) {
            long nowNs = clockNs.getAsLong();
            burstNs[stage.ordinal()] += nowNs - lastNs - readNs;
            lastNs = nowNs;
        }
    }

    /** The queue had nothing: the next one's burst is timed instead. */
    public void cancel() {
        isTiming = false;
    }

    /**
     * After a burst.
     *
     * @param packets its packets
     * @return what it took if it was timed, in nanoseconds, else 0
     */
    public long stop(int packets) {
        if (!isTiming) {
            untilNext--;
            return 0;
        }
        isTiming = false;
        random ^= random << 13;
        random ^= random >>> 17;
        random ^= random << 5;
        untilNext = LEAST_INTERVAL + (random & MEAN_INTERVAL - 1);
        long sum = 0;
        for (int i = 0; i < burstNs.length; i++) {
            long ns = Math.max(0, burstNs[i]);
            burstNs[i] = 0;
            sums.setOpaque(i, sums.getPlain(i) + ns);
            sum += ns;
        }
        sums.setOpaque(BURSTS, sums.getPlain(BURSTS) + 1);
        sums.setOpaque(PACKETS, sums.getPlain(PACKETS) + packets);
        return Math.max(1, sum);
    }

    /** Before a walk. Returns what {@link #walked} wants to know. */
    public long walks() {
        if (this == STOPPED) {
            return NOT_TIMED;
        }
        lap(Stage.ACTIONS);
        boolean isTimed = isTiming || (++walks & WALK_INTERVAL - 1) == 0;
        return !isTimed ? NOT_TIMED : isTiming ? lastNs : clockNs.getAsLong();
    }

    /** After a walk. */
    public void walked(long beganNs) {
        if (beganNs != NOT_TIMED) {
            long nowNs = clockNs.getAsLong();
            walkTimes.add(nowNs - beganNs - readNs, 1);
            if (isTiming) {
                burstNs[Stage.PIPELINE.ordinal()] += nowNs - lastNs - readNs;
                lastNs = nowNs;
            }
        }
    }

    /** What timed walks took. */
    public TimeHistogram.Snapshot walkTimes() {
        return walkTimes.snapshot();
    }

    /** What timed bursts took. */
    public Figures figures() {
        Map<Stage, Long> ns = new EnumMap<>(Stage.class);
        for (Stage stage : STAGES) {
            ns.put(stage, sums.getOpaque(stage.ordinal()));
        }
        return new Figures(sums.getOpaque(BURSTS), sums.getOpaque(PACKETS), ns);
    }

    /**
     * What timed bursts took.
     *
     * @param bursts how many there were
     * @param packets and packets in them
     * @param ns nanoseconds in each stage, for all those packets
     */
    public record Figures(long bursts, long packets, Map<Stage, Long> ns) {}
}
