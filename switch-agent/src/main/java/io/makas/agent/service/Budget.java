// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many records all calls of a kind may hold in memory together: each call's own bound says little when a client makes
 * as many calls as it likes, and lets them lie.
 *
 * <p>Thread: any.
 */
final class Budget {

    private final long most;
    private final String advice;
    private final AtomicLong held = new AtomicLong();

    /**
     * Makes a budget.
     *
     * @param most records at any time
     * @param advice what a client that is refused can do
     */
    Budget(long most, String advice) {
        this.most = most;
        this.advice = advice;
    }

    /** Takes records into account, or refuses them with RESOURCE_EXHAUSTED. */
    void take(int records) {
        long now = held.addAndGet(records);
        if (now > most) {
            held.addAndGet(-records);
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("calls hold " + (now - records) + " of at most " + most + " records, and "
                            + records + " more were asked for; " + advice)
                    .asRuntimeException();
        }
    }

    /** Gives back what was taken. */
    void giveBack(int records) {
        held.addAndGet(-records);
    }
}
