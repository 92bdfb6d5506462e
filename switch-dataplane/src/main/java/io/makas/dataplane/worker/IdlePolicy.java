// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

/**
 * What a worker without traffic does: it spins for a while, since the next packet is often near and waking up costs tens of
 * microseconds, then blocks on its ports' file descriptors. Where a port has none, it sleeps in short steps instead.
 *
 * @param spinNs how long to spin before blocking, in nanoseconds, from 0; {@link #SPIN_ALWAYS} to never block
 * @param sleepNs length of one sleep where blocking is impossible, in nanoseconds, from 1,000: the longest delay of a packet
 */
public record IdlePolicy(long spinNs, long sleepNs) {

    /** Never blocks: lowest latency, a whole core. */
    public static final long SPIN_ALWAYS = Long.MAX_VALUE;

    /** 50 µs of spinning, sleeps of 50 µs. */
    public static final IdlePolicy DEFAULT = new IdlePolicy(50_000, 50_000);

    /** Checks the ranges. */
    public IdlePolicy {
        if (spinNs < 0) {
            throw new IllegalArgumentException("idle spin of " + spinNs + " ns is negative");
        }
        if (sleepNs < 1_000) {
            throw new IllegalArgumentException("idle sleep of " + sleepNs + " ns is shorter than 1000 ns");
        }
    }
}
