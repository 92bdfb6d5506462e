// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.List;
import java.util.Locale;

/**
 * What a look at the workers' loads came to.
 *
 * @param moves queues that were moved, or would be
 * @param isDone whether they were moved
 * @param reason why, or why not, for people
 */
public record Rebalance(List<Move> moves, boolean isDone, String reason) {

    /** Copies the list. */
    public Rebalance {
        moves = List.copyOf(moves);
    }

    /**
     * A queue that goes to another worker.
     *
     * @param port the port's name
     * @param queue the queue's number within the port
     * @param from number of the worker that had it
     * @param to number of the worker that gets it
     */
    public record Move(String port, int queue, int from, int to) {
        @Override
        public String toString() {
            return port + " queue " + queue + ": worker " + from + " → " + to;
        }
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share);
    }
}
