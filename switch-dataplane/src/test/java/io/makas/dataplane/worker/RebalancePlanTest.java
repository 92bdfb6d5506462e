// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.makas.dataplane.worker.QueueAssignment.Demand;
import io.makas.dataplane.worker.QueueAssignment.Seat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Loads are in percent of an interval of 100 ns. */
final class RebalancePlanTest {

    private static final long INTERVAL_NS = 100;

    private final List<Demand> queues = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>(List.of(new Seat(-1, true), new Seat(-1, true)));

    @Test
    void shouldRelieveAWorkerThatIsBusyAllTheTime() {
        queue(0, 60);
        queue(0, 38);
        queue(1, 2);

        RebalancePlan plan = plan(AssignmentPolicy.GROUP);

        assertTrue(plan.isWorthIt(), plan.reason());
        assertArrayEquals(new int[] {0, 1, 1}, plan.workers());
    }

    @Test
    void shouldLeaveQueuesAloneWhileNobodyIsBusyEnough() {
        queue(0, 60);
        queue(0, 34);
        queue(1, 0);

        RebalancePlan plan = plan(AssignmentPolicy.GROUP);

        assertFalse(plan.isWorthIt());
        assertTrue(plan.reason().contains("94.0 %"), plan.reason());
        assertArrayEquals(new int[] {0, 0, 1}, plan.workers());
    }

    @Test
    void shouldLeaveTheOnlyQueueOfABusyWorkerWhereItIs() {
        queue(0, 99);
        queue(1, 10);

        RebalancePlan plan = plan(AssignmentPolicy.GROUP);

        assertFalse(plan.isWorthIt());
        assertArrayEquals(new int[] {0, 1}, plan.workers());
    }

    @Test
    void shouldLeaveQueuesAloneWhenTheGainIsTooSmall() {
        queue(0, 96);
        queue(0, 3);
        queue(1, 50);

        assertFalse(plan(AssignmentPolicy.GROUP).isWorthIt());
    }

    @Test
    void shouldLeavePinnedQueuesToTheirWorkers() {
        queues.add(new Demand(0, -1, 50, 0, true));
        queues.add(new Demand(1, -1, 48, 0, true));
        queue(1, 0);

        assertFalse(plan(AssignmentPolicy.CYCLES).isWorthIt());
    }

    @Test
    void shouldBalanceByLoadWhereQueuesAreGivenOutInTurn() {
        queue(0, 50);
        queue(1, 1);
        queue(0, 49);
        queue(1, 2);

        RebalancePlan plan = plan(AssignmentPolicy.ROUND_ROBIN);

        assertTrue(plan.isWorthIt());
        assertArrayEquals(new int[] {0, 0, 1, 1}, plan.workers());
    }

    @Test
    void shouldDoNothingWithoutQueuesOrWithOneWorker() {
        assertFalse(plan(AssignmentPolicy.GROUP).isWorthIt());
        seats.removeLast();
        queue(0, 100);
        assertFalse(plan(AssignmentPolicy.GROUP).isWorthIt());
    }

    @Test
    void shouldRefuseThresholdsThatMakeNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new AutoRebalance(true, 0, 25, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new AutoRebalance(true, 95, 101, 1_000));
        assertThrows(IllegalArgumentException.class, () -> new AutoRebalance(true, 95, 25, 99));
    }

    private RebalancePlan plan(AssignmentPolicy policy) {
        WorkersConfig config = new WorkersConfig(
                List.of(WorkerThread.ANY_CORE, WorkerThread.ANY_CORE),
                IdlePolicy.DEFAULT,
                policy,
                true,
                new AutoRebalance(true, 95, 25, 1_000));
        return RebalancePlan.of(queues, seats, config, INTERVAL_NS);
    }

    private void queue(int worker, long load) {
        queues.add(new Demand(queues.size(), -1, load, worker, false));
    }
}
