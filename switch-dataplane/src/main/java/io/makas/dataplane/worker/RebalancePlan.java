// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import io.makas.dataplane.worker.QueueAssignment.Demand;
import io.makas.dataplane.worker.QueueAssignment.Seat;
import java.util.List;

/**
 * Decides whether it is worth to give queues to other workers. Nothing but arithmetic on what each queue cost in an interval.
 *
 * <p>As Open vSwitch does it: a worker must have been busy for a share of the interval, and the variance of the workers' loads must
 * become less by a share if queues were given out anew. A queue that is the only one of an overloaded worker stays, since moving
 * it improves nothing.
 *
 * @param workers the worker of each queue then; as it is now unless it is worth it
 * @param isWorthIt whether queues should move
 * @param reason why, or why not, for people
 */
record RebalancePlan(int[] workers, boolean isWorthIt, String reason) {

    private static final double PERCENT = 100.0;

    /**
     * Makes the plan.
     *
     * @param now the queues where they are, with what they cost in the interval
     * @param intervalNs its length
     */
    static RebalancePlan of(List<Demand> now, List<Seat> seats, WorkersConfig config, long intervalNs) {
        AutoRebalance thresholds = config.rebalance();
        int[] before = now.stream().mapToInt(Demand::worker).toArray();
        double[] loads = loads(now, before, seats.size(), intervalNs);
        double busiest = 0;
        for (double load : loads) {
            busiest = Math.max(busiest, load);
        }
        if (busiest < thresholds.loadThresholdPercent()) {
            return new RebalancePlan(
                    before,
                    false,
                    "the busiest worker had " + Rebalance.percent(busiest) + " to do, less than "
                            + thresholds.loadThresholdPercent() + " %");
        }
        AssignmentPolicy policy =
                config.assignment() == AssignmentPolicy.ROUND_ROBIN ? AssignmentPolicy.GROUP : config.assignment();
        List<Demand> anew = now.stream()
                .map(each -> each.isPinned()
                        ? each
                        : new Demand(each.group(), each.node(), each.load(), QueueAssignment.NONE, false))
                .toList();
        int[] after = QueueAssignment.assign(anew, seats, policy, config.isolation());
        double variance = variance(loads, seats);
        double improvement = variance == 0
                ? 0
                : PERCENT * (variance - variance(loads(now, after, seats.size(), intervalNs), seats)) / variance;
        boolean isWorthIt = improvement > 0 && improvement >= thresholds.improvementThresholdPercent();
        return new RebalancePlan(
                isWorthIt ? after : before,
                isWorthIt,
                "the variance of the loads would become less by " + Rebalance.percent(Math.max(0, improvement))
                        + (isWorthIt ? "" : ", which is not worth it"));
    }

    /** The busy share of each worker, in percent. */
    private static double[] loads(List<Demand> demands, int[] workers, int count, long intervalNs) {
        double[] loads = new double[count];
        for (int i = 0; i < workers.length; i++) {
            loads[workers[i]] += PERCENT * demands.get(i).load() / intervalNs;
        }
        return loads;
    }

    private static double variance(double[] loads, List<Seat> seats) {
        double sum = 0;
        double squares = 0;
        int count = 0;
        for (int i = 0; i < loads.length; i++) {
            if (seats.get(i).isUsable()) {
                sum += loads[i];
                squares += loads[i] * loads[i];
                count++;
            }
        }
        return count == 0 ? 0 : squares / count - sum / count * (sum / count);
    }
}
