// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

/**
 * When queues move to other workers by themselves, as Open vSwitch's {@code pmd-auto-lb}: a worker was busy for at least the load
 * threshold of the interval, and moving would lower the variance of the workers' loads by the improvement threshold.
 *
 * @param isEnabled whether they move at all
 * @param loadThresholdPercent busy share of a worker from which on it is worth a look, 1 to 100
 * @param improvementThresholdPercent how much less the variance must be, 0 to 100
 * @param intervalMs time between two looks, and looked at, in milliseconds, from 100
 */
public record AutoRebalance(
        boolean isEnabled, int loadThresholdPercent, int improvementThresholdPercent, long intervalMs) {

    /** Queues stay; the thresholds are Open vSwitch's: 95 %, 25 %, a minute. */
    public static final AutoRebalance OFF = new AutoRebalance(false, 95, 25, 60_000);

    /** Checks the ranges. */
    public AutoRebalance {
        if (loadThresholdPercent < 1 || loadThresholdPercent > 100) {
            throw new IllegalArgumentException(
                    "rebalance load threshold of " + loadThresholdPercent + " % is not from 1 to 100");
        }
        if (improvementThresholdPercent < 0 || improvementThresholdPercent > 100) {
            throw new IllegalArgumentException(
                    "rebalance improvement threshold of " + improvementThresholdPercent + " % is not from 0 to 100");
        }
        if (intervalMs < 100) {
            throw new IllegalArgumentException("rebalance interval of " + intervalMs + " ms is shorter than 100 ms");
        }
    }
}
