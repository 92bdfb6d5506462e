// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane;

import io.makas.dataplane.worker.IdlePolicy;
import io.makas.dataplane.worker.WorkerLimits;
import io.makas.dataplane.worker.WorkerThread;
import io.makas.dataplane.worker.WorkersConfig;

/**
 * How a data path is made.
 *
 * @param workers how many workers there are, where they run and what they do without traffic
 * @param limits bounds of each worker's caches and of port numbers
 * @param maxFlows flows in all tables together at most, from 1
 * @param dpdk how DPDK is started when the first port needs it
 */
public record DatapathConfig(WorkersConfig workers, WorkerLimits limits, int maxFlows, DpdkConfig dpdk) {

    /** A worker that the scheduler places, with default limits and room for 1,048,576 flows. */
    public static final DatapathConfig DEFAULT =
            new DatapathConfig(WorkersConfig.DEFAULT, WorkerLimits.DEFAULT, 1_048_576, DpdkConfig.DEFAULT);

    /** Checks the bounds. */
    public DatapathConfig {
        if (maxFlows < 1) {
            throw new IllegalArgumentException("at most " + maxFlows + " flows leaves none; it must be 1 or more");
        }
    }

    /** With one worker, on a processor or where the scheduler places it ({@link WorkerThread#ANY_CORE}). */
    public DatapathConfig(int workerCore, IdlePolicy idle, WorkerLimits limits, int maxFlows, DpdkConfig dpdk) {
        this(WorkersConfig.single(workerCore, idle), limits, maxFlows, dpdk);
    }

    /** The same with other workers. */
    public DatapathConfig withWorkers(WorkersConfig newWorkers) {
        return new DatapathConfig(newWorkers, limits, maxFlows, dpdk);
    }
}
