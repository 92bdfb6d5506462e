// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what happens on other threads and in other processes, no longer than needed and not for ever. */
final class Await {

    private static final long PATIENCE_NS = 15_000_000_000L;
    private static final long PAUSE_NS = 1_000_000;

    private Await() {}

    static void until(String what, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                throw new AssertionError("waited " + PATIENCE_NS / 1_000_000_000 + " s in vain until " + what);
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }
}
