// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.Locale;

/**
 * What a worker without traffic does. It spins for a while, if the packets of late came so close together that this pays; then
 * it sleeps in short naps while packets come faster than those are long; then it blocks on its queues' file
 * descriptors. Where a queue has none, it sleeps for a quarter of the time that it has been idle, up to the longest sleep, so that
 * a packet comes later by a quarter of the gap before it at most.
 *
 * @param spinNs how long to spin at most, in nanoseconds, from 0; {@link #SPIN_ALWAYS} to never rest
 * @param napNs length of a nap that lets packets gather, in nanoseconds, from 0, which means none: they come sooner together
 * @param longestSleepNs longest sleep where a queue has to be polled, in nanoseconds, from 1,000: what resting may add to a packet
 */
public record IdlePolicy(long spinNs, long napNs, long longestSleepNs) {

    /** Never rests. */
    public static final long SPIN_ALWAYS = Long.MAX_VALUE;

    /** Never rests: lowest latency, a whole core. */
    public static final IdlePolicy LATENCY = new IdlePolicy(SPIN_ALWAYS, 0, 1_000);

    /** Spins up to 50 µs where that pays, then blocks; polled devices are looked at once in 20 ms when nothing comes for long. */
    public static final IdlePolicy BALANCED = new IdlePolicy(50_000, 0, 20_000_000);

    /** Never spins; naps of 500 µs let packets gather; polled devices are looked at once in 50 ms when nothing comes for long. */
    public static final IdlePolicy POWER = new IdlePolicy(0, 500_000, 50_000_000);

    /** {@link #BALANCED}. */
    public static final IdlePolicy DEFAULT = BALANCED;

    /** Longest nap, and longest sleep: ten seconds. */
    private static final long LONGEST_NS = 10_000_000_000L;

    /** Checks the ranges. */
    public IdlePolicy {
        if (spinNs < 0) {
            throw new IllegalArgumentException("idle spin of " + spinNs + " ns is negative");
        }
        if (napNs < 0 || napNs > LONGEST_NS) {
            throw new IllegalArgumentException("idle nap of " + napNs + " ns is not from 0 to " + LONGEST_NS);
        }
        if (longestSleepNs < 1_000 || longestSleepNs > LONGEST_NS) {
            throw new IllegalArgumentException(
                    "longest idle sleep of " + longestSleepNs + " ns is not from 1000 to " + LONGEST_NS);
        }
    }

    /**
     * The policy of a name: {@code latency}, {@code balanced} or {@code power}.
     *
     * @throws IllegalArgumentException when there is none of it
     */
    public static IdlePolicy of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "latency" -> LATENCY;
            case "balanced" -> BALANCED;
            case "power" -> POWER;
            default ->
                throw new IllegalArgumentException("idle policy '" + name + "' is none of latency, balanced, power");
        };
    }
}
