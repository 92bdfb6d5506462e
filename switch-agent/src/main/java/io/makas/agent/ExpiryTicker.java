// SPDX-License-Identifier: Apache-2.0
package io.makas.agent;

import io.makas.agent.log.Log;
import io.makas.dataplane.Datapath;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes flows whose time is over. OpenFlow counts timeouts in seconds; looking twice a second keeps them within half a second.
 *
 * <p>Thread: its own. Owner: whoever started it.
 */
final class ExpiryTicker implements AutoCloseable {

    private static final Log LOG = Log.of("flows");
    private static final long PERIOD_NS = 500_000_000;

    private final Datapath datapath;
    private final Thread thread;
    private volatile boolean closed;

    private ExpiryTicker(Datapath datapath) {
        this.datapath = datapath;
        this.thread = Thread.ofPlatform().name("makas-expiry").daemon().unstarted(this::run);
    }

    /** Starts the thread. */
    static ExpiryTicker start(Datapath datapath) {
        var ticker = new ExpiryTicker(datapath);
        ticker.thread.start();
        return ticker;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(this, PERIOD_NS);
            try {
                if (!closed) {
                    datapath.expireFlows();
                }
            } catch (RuntimeException e) {
                LOG.error("flows not expired", "cause", e);
            }
        }
    }
}
