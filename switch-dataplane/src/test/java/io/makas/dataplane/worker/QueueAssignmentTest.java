// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.makas.dataplane.worker.QueueAssignment.Demand;
import io.makas.dataplane.worker.QueueAssignment.Seat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QueueAssignmentTest {

    private static final int NONE = QueueAssignment.NONE;

    private final List<Demand> demands = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>(List.of(seat(), seat(), seat()));

    @Test
    void shouldGiveEachWorkerAsManyQueuesAsTheOthers() {
        loads(5, 5, 5, 5, 5, 5, 5);

        assertArrayEquals(new int[] {0, 1, 2, 0, 1, 2, 0}, assign(AssignmentPolicy.ROUND_ROBIN));
    }

    @Test
    void shouldLeaveQueuesWhereTheyAreWhenOthersCome() {
        demands.add(new Demand(0, NONE, 0, 2, false));
        demands.add(new Demand(1, NONE, 0, 2, false));
        demands.add(new Demand(2, NONE, 0, 0, false));
        demands.add(new Demand(3, NONE, 0, NONE, false));
        demands.add(new Demand(4, NONE, 0, NONE, false));

        for (AssignmentPolicy policy : AssignmentPolicy.values()) {
            int[] answer = assign(policy);
            assertArrayEquals(new int[] {2, 2, 0}, java.util.Arrays.copyOf(answer, 3), policy.label());
        }
        assertArrayEquals(new int[] {2, 2, 0, 1, 0}, assign(AssignmentPolicy.ROUND_ROBIN));
    }

    @Test
    void shouldGiveTheBusiestQueuesUpAndThenDown() {
        loads(10, 60, 20, 50, 40, 30);

        assertArrayEquals(new int[] {0, 0, 1, 1, 2, 2}, assign(AssignmentPolicy.CYCLES));
    }

    @Test
    void shouldGiveTheBusiestQueuesToWhoHasLeastToDo() {
        loads(90, 10, 20, 30, 40);

        // 90 → 0; 40 → 1; 30 → 2; 20 → 2; 10 → 1
        assertArrayEquals(new int[] {0, 1, 2, 2, 1}, assign(AssignmentPolicy.GROUP));
    }

    @Test
    void shouldKeepAWorkerWithAPinnedQueueForIt() {
        demands.add(new Demand(0, NONE, 0, 1, true));
        demands.add(new Demand(1, NONE, 0, NONE, false));
        demands.add(new Demand(2, NONE, 0, NONE, false));
        demands.add(new Demand(3, NONE, 0, NONE, false));

        assertArrayEquals(new int[] {1, 0, 2, 0}, assign(AssignmentPolicy.ROUND_ROBIN));
        assertArrayEquals(
                new int[] {1, 0, 2, 0}, QueueAssignment.assign(demands, seats, AssignmentPolicy.ROUND_ROBIN, false));
        demands.add(new Demand(4, NONE, 0, NONE, false));
        assertEquals(1, QueueAssignment.assign(demands, seats, AssignmentPolicy.ROUND_ROBIN, false)[4]);
        assertEquals(2, assign(AssignmentPolicy.ROUND_ROBIN)[4]);
    }

    @Test
    void shouldShareIsolatedWorkersRatherThanPollAQueueByNobody() {
        for (int worker = 0; worker < 3; worker++) {
            demands.add(new Demand(worker, NONE, 0, worker, true));
        }
        demands.add(new Demand(3, NONE, 0, NONE, false));

        assertEquals(0, assign(AssignmentPolicy.ROUND_ROBIN)[3]);
    }

    @Test
    void shouldKeepQueuesTogetherThatShareAPoolOfOneWorker() {
        demands.add(new Demand(7, NONE, 10, NONE, false));
        demands.add(new Demand(8, NONE, 30, NONE, false));
        demands.add(new Demand(7, NONE, 25, NONE, false));
        demands.add(new Demand(7, NONE, 0, NONE, false));

        for (AssignmentPolicy policy : AssignmentPolicy.values()) {
            int[] answer = assign(policy);
            assertEquals(answer[0], answer[2], policy.label());
            assertEquals(answer[0], answer[3], policy.label());
        }
        demands.add(new Demand(7, NONE, 0, 2, true));
        assertArrayEquals(new int[] {2, 0, 2, 2, 2}, assign(AssignmentPolicy.GROUP));
    }

    @Test
    void shouldPreferWorkersOfTheQueuesNode() {
        seats.clear();
        seats.addAll(List.of(new Seat(0, true), new Seat(1, true), new Seat(1, true)));
        demands.add(new Demand(0, 1, 0, NONE, false));
        demands.add(new Demand(1, 1, 0, NONE, false));
        demands.add(new Demand(2, 1, 0, NONE, false));
        demands.add(new Demand(3, 0, 0, NONE, false));
        demands.add(new Demand(4, 5, 0, NONE, false));

        assertArrayEquals(new int[] {1, 2, 1, 0, 0}, assign(AssignmentPolicy.ROUND_ROBIN));
    }

    @Test
    void shouldPassOverWorkersThatFailedAndSayWhenNoneIsLeft() {
        seats.set(0, new Seat(NONE, false));
        loads(1, 1, 1);

        assertArrayEquals(new int[] {1, 2, 1}, assign(AssignmentPolicy.ROUND_ROBIN));

        seats.replaceAll(_ -> new Seat(NONE, false));
        assertThrows(IllegalStateException.class, () -> assign(AssignmentPolicy.ROUND_ROBIN));
    }

    private int[] assign(AssignmentPolicy policy) {
        return QueueAssignment.assign(demands, seats, policy, true);
    }

    private void loads(long... loads) {
        for (long load : loads) {
            demands.add(new Demand(demands.size(), NONE, load, NONE, false));
        }
    }

    private static Seat seat() {
        return new Seat(NONE, true);
    }
}
