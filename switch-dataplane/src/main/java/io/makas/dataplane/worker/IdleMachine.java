// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

/**
 * Decides whether an idle worker spins, naps, sleeps or blocks, from the time that it has been idle and from the gaps between
 * packets of late. Nothing but arithmetic on times that it is given.
 *
 * <p>It expects the next gap to be like the last ones: an average that each new gap moves by an eighth. A gap that is much longer
 * than spinning lasts counts as {@value #LONGEST_GAP_IN_SPINS} times that, so that one pause in the traffic does not make it
 * forget, and sixteen short gaps make it spin again.
 *
 * <p>Thread: the worker's.
 */
final class IdleMachine {

    /** For {@link #decide}: look again at once. */
    static final long SPIN = 0;

    /** For {@link #decide}: wait for a packet, however long; where that is impossible, sleep for {@link #sleepNs}. */
    static final long BLOCK = -1;

    private static final int LONGEST_GAP_IN_SPINS = 16;
    private static final int AVERAGE_OF = 8;

    /** Spinning so long costs less than any rest. */
    private static final long ALWAYS_SPUN_NS = 2_000;

    /** A sleep is so much of the gap at most, as it is by now or as it is expected: it makes it longer by that share. */
    private static final int SLEEP_SHARE = 4;

    /** Shorter sleeps cost as much as spinning. */
    private static final long SHORTEST_SLEEP_NS = 20_000;

    private static final long NOT_IDLE = Long.MIN_VALUE;

    private final IdlePolicy policy;
    private final long longestGapNs;
    private long expectedGapNs;
    private long idleSinceNs = NOT_IDLE;

    IdleMachine(IdlePolicy policy) {
        this.policy = policy;
        long unitNs = Math.max(policy.napNs(), policy.spinNs());
        this.longestGapNs = policy.spinNs() == IdlePolicy.SPIN_ALWAYS ? 0 : LONGEST_GAP_IN_SPINS * unitNs;
    }

    /** Whether the worker has been idle since {@link #worked}. */
    boolean isIdle() {
        return idleSinceNs != NOT_IDLE;
    }

    /** The worker had something to do after it was idle. */
    void worked(long nowNs) {
        if (isIdle()) {
            expectedGapNs += (Math.min(nowNs - idleSinceNs, longestGapNs) - expectedGapNs) / AVERAGE_OF;
            idleSinceNs = NOT_IDLE;
        }
    }

    /** What to do now that there is nothing to do: {@link #SPIN}, {@link #BLOCK}, or so many nanoseconds of sleep. */
    long decide(long nowNs) {
        if (!isIdle()) {
            idleSinceNs = nowNs;
        }
        long spinNs = policy.spinNs();
        if (spinNs == IdlePolicy.SPIN_ALWAYS) {
            return SPIN;
        }
        if (expectedGapNs > spinNs) {
            spinNs = Math.min(spinNs, ALWAYS_SPUN_NS);
        }
        if (nowNs - idleSinceNs < spinNs) {
            return SPIN;
        }
        return expectedGapNs < policy.napNs() ? policy.napNs() : BLOCK;
    }

    /** How long to sleep where blocking is impossible. */
    long sleepNs(long nowNs) {
        long gapNs = Math.max(nowNs - idleSinceNs, expectedGapNs);
        long shortestNs = Math.max(SHORTEST_SLEEP_NS, policy.napNs());
        return Math.min(policy.longestSleepNs(), Math.max(shortestNs, gapNs / SLEEP_SHARE));
    }
}
