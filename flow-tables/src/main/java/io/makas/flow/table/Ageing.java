// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.concurrent.TimeUnit;

/**
 * When a flow times out: what was asked for, and what packets made of it since. A flow that is modified hands it on, so that
 * workers that still hold the old entry reach the new one. Flows that stay for ever have none.
 *
 * <p>Threads: any may read and change it at once; of two changes at a time, each is good enough.
 */
final class Ageing {

    private final int askedIdleTimeoutS;
    private final int askedHardTimeoutS;

    // Shortened by packets:
    private volatile int idleTimeoutS;
    private volatile int hardTimeoutS;
    private volatile long hardSinceNs;

    Ageing(int idleTimeoutS, int hardTimeoutS, long hardSinceNs) {
        this.askedIdleTimeoutS = idleTimeoutS;
        this.askedHardTimeoutS = hardTimeoutS;
        this.idleTimeoutS = idleTimeoutS;
        this.hardTimeoutS = hardTimeoutS;
        this.hardSinceNs = hardSinceNs;
    }

    int idleTimeoutS() {
        return idleTimeoutS;
    }

    int hardTimeoutS() {
        return hardTimeoutS;
    }

    /** Whether these are the timeouts that it began with. */
    boolean wasAskedFor(int idleS, int hardS) {
        return askedIdleTimeoutS == idleS && askedHardTimeoutS == hardS;
    }

    /** When the hard timeout began to run. */
    long hardSinceNs() {
        return hardSinceNs;
    }

    /** Lets the hard timeout run from now on. */
    void restart(long nowNs) {
        if (nowNs - hardSinceNs > 0) {
            hardSinceNs = nowNs;
        }
    }

    /**
     * Makes the timeouts shorter, or gives them where there are none; 0 changes nothing.
     *
     * @return whether anything changed
     */
    synchronized boolean shorten(int idleS, int hardS) {
        boolean isIdleShorter = idleS != 0 && (idleTimeoutS == 0 || idleTimeoutS > idleS);
        boolean isHardShorter = hardS != 0 && (hardTimeoutS == 0 || hardTimeoutS > hardS);
        idleTimeoutS = isIdleShorter ? idleS : idleTimeoutS;
        hardTimeoutS = isHardShorter ? hardS : hardTimeoutS;
        return isIdleShorter || isHardShorter;
    }

    /** When the hard timeout, which there must be, ends. */
    long hardDueNs() {
        return hardSinceNs + TimeUnit.SECONDS.toNanos(hardTimeoutS);
    }

    /** When the idle timeout, which there must be, ends unless a packet comes. */
    long idleDueNs(long lastUsedNs) {
        return lastUsedNs + TimeUnit.SECONDS.toNanos(idleTimeoutS);
    }
}
