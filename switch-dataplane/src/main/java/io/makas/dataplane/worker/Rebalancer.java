// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Has the workers rebalanced once in each interval.
 *
 * <p>Thread: one of its own, which does nothing but wait in between. Owner: {@link Workers}.
 */
final class Rebalancer implements AutoCloseable {

    private static final Logger LOG = System.getLogger(Rebalancer.class.getName());

    private final Thread thread;

    private Rebalancer(Workers workers, long intervalMs) {
        thread = Thread.ofPlatform().daemon().name("makas-rebalance").unstarted(() -> run(workers, intervalMs));
    }

    static Rebalancer start(Workers workers, long intervalMs) {
        Rebalancer rebalancer = new Rebalancer(workers, intervalMs);
        rebalancer.thread.start();
        return rebalancer;
    }

    private static void run(Workers workers, long intervalMs) {
        try {
            while (true) {
                Thread.sleep(intervalMs);
                look(workers);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void look(Workers workers) {
        try {
            Rebalance rebalance = workers.rebalance(false);
            if (rebalance.isDone()) {
                LOG.log(Level.INFO, "queues moved: " + rebalance.moves() + "; " + rebalance.reason());
            }
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "queues were not rebalanced: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
