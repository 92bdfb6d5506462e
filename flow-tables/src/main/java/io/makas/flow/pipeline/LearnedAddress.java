// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

/**
 * An Ethernet address that was seen behind a port. When it moves to another port, another object takes its place.
 *
 * <p>Threads: any; workers note at any time that it was seen again.
 */
public final class LearnedAddress implements Use {

    private final int port;
    private final long learnedNs;
    private volatile long lastSeenNs;

    LearnedAddress(int port, long nowNs) {
        this.port = port;
        this.learnedNs = nowNs;
        this.lastSeenNs = nowNs;
    }

    /** The port that it was seen behind. */
    public int port() {
        return port;
    }

    /** When it was first seen behind this port. */
    long learnedNs() {
        return learnedNs;
    }

    /** When it was last seen. */
    public long lastSeenNs() {
        return lastSeenNs;
    }

    /** Notes that it was seen; of two threads that do so at once, either time is good enough. */
    void see(long nowNs) {
        if (nowNs - lastSeenNs > 0) {
            lastSeenNs = nowNs;
        }
    }
}
