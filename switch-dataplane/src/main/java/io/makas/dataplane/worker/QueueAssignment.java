// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides which worker owns which queue. Nothing but arithmetic: the same input gives the same answer, and nothing is moved.
 *
 * <p>Queues that stay where they are come first, pinned or not. A worker with a pinned queue takes no other where workers are
 * to be isolated, unless no worker would be left. Queues of one group share a pool that serves one worker only, so they go
 * together. A queue of a NUMA node goes to a worker of that node if there is one.
 */
final class QueueAssignment {

    /** For a worker or node: none, or not known. */
    static final int NONE = -1;

    /**
     * A queue that needs a worker.
     *
     * @param group number that it shares with the queues that must go where it goes
     * @param node its NUMA node, or {@link #NONE}
     * @param load what it costs, in nanoseconds of a worker in the time looked at
     * @param worker where it stays, or {@link #NONE}
     * @param isPinned whether it stays because somebody said so
     */
    record Demand(int group, int node, long load, int worker, boolean isPinned) {}

    /**
     * A worker.
     *
     * @param node NUMA node of its core, or {@link #NONE}
     * @param isUsable whether it runs
     */
    record Seat(int node, boolean isUsable) {}

    private final List<Demand> demands;
    private final List<Seat> seats;
    private final AssignmentPolicy policy;
    private final int[] answer;
    private final long[] load;
    private final int[] count;
    private final boolean[] open;
    private final Map<Integer, Integer> workerOfGroup = new HashMap<>();
    private int turn;

    private QueueAssignment(List<Demand> demands, List<Seat> seats, AssignmentPolicy policy, boolean isIsolating) {
        this.demands = demands;
        this.seats = seats;
        this.answer = new int[demands.size()];
        this.load = new long[seats.size()];
        this.count = new int[seats.size()];
        this.open = new boolean[seats.size()];
        boolean isPartial = demands.stream().anyMatch(each -> each.worker != NONE && !each.isPinned);
        this.policy = isPartial && policy == AssignmentPolicy.CYCLES ? AssignmentPolicy.GROUP : policy;
        openSeats(isIsolating);
    }

    /**
     * The worker of each queue.
     *
     * @throws IllegalStateException when no worker runs
     */
    static int[] assign(List<Demand> demands, List<Seat> seats, AssignmentPolicy policy, boolean isIsolating) {
        return new QueueAssignment(demands, seats, policy, isIsolating).assign();
    }

    private int[] assign() {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < answer.length; i++) {
            Demand demand = demands.get(i);
            if (demand.worker == NONE) {
                order.add(i);
            } else {
                give(i, demand.worker);
            }
        }
        if (policy != AssignmentPolicy.ROUND_ROBIN) {
            order.sort(Comparator.comparingLong((Integer i) -> groupLoad(demands.get(i).group))
                    .reversed());
        }
        for (int i : order) {
            Integer same = workerOfGroup.get(demands.get(i).group);
            give(i, same != null ? same : choose(demands.get(i)));
        }
        return answer;
    }

    private void openSeats(boolean isIsolating) {
        boolean any = false;
        for (int seat = 0; seat < open.length; seat++) {
            int number = seat;
            open[seat] = seats.get(seat).isUsable
                    && !(isIsolating && demands.stream().anyMatch(each -> each.isPinned && each.worker == number));
            any |= open[seat];
        }
        for (int seat = 0; seat < open.length && !any; seat++) {
            open[seat] = seats.get(seat).isUsable;
        }
    }

    private long groupLoad(int group) {
        return demands.stream()
                .filter(each -> each.group == group)
                .mapToLong(Demand::load)
                .sum();
    }

    private void give(int demand, int seat) {
        answer[demand] = seat;
        load[seat] += demands.get(demand).load;
        count[seat]++;
        workerOfGroup.putIfAbsent(demands.get(demand).group, seat);
    }

    private int choose(Demand demand) {
        int[] candidates = candidates(demand.node);
        if (candidates.length == 0) {
            throw new IllegalStateException("no worker runs any more");
        }
        if (policy == AssignmentPolicy.CYCLES) {
            int round = turn / candidates.length;
            int place = turn++ % candidates.length;
            return candidates[round % 2 == 0 ? place : candidates.length - 1 - place];
        }
        int best = candidates[0];
        for (int seat : candidates) {
            if (isLighter(seat, best)) {
                best = seat;
            }
        }
        return best;
    }

    private boolean isLighter(int seat, int other) {
        if (policy == AssignmentPolicy.GROUP && load[seat] != load[other]) {
            return load[seat] < load[other];
        }
        return count[seat] < count[other];
    }

    private int[] candidates(int node) {
        int[] all = new int[open.length];
        int[] near = new int[open.length];
        int allCount = 0;
        int nearCount = 0;
        for (int seat = 0; seat < open.length; seat++) {
            if (open[seat]) {
                all[allCount++] = seat;
                if (node != NONE && seats.get(seat).node == node) {
                    near[nearCount++] = seat;
                }
            }
        }
        return nearCount > 0 ? Arrays.copyOf(near, nearCount) : Arrays.copyOf(all, allCount);
    }
}
