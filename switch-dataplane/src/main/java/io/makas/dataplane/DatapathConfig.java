// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.dataplane.worker.WorkerThread;

/**
 * How a data path is made.
 *
 * @param workerCore processor that the worker is pinned to, or {@link WorkerThread#ANY_CORE}
 * @param idle what the worker does without traffic
 * @param limits bounds of the worker's caches and of port numbers
 * @param maxFlows flows in all tables together at most, from 1
 * @param dpdk how DPDK is started when the first port needs it
 */
public record DatapathConfig(int workerCore, IdlePolicy idle, WorkerLimits limits, int maxFlows, DpdkConfig dpdk) {

    /** A worker that the scheduler places, with default limits and room for 1,048,576 flows. */
    public static final DatapathConfig DEFAULT = new DatapathConfig(
            WorkerThread.ANY_CORE, IdlePolicy.DEFAULT, WorkerLimits.DEFAULT, 1_048_576, DpdkConfig.DEFAULT);

    /** Checks the bounds. */
    public DatapathConfig {
        if (maxFlows < 1) {
            throw new IllegalArgumentException("at most " + maxFlows + " flows leaves none; it must be 1 or more");
        }
    }
}
