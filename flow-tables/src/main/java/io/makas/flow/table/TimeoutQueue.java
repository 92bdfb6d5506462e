// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.PriorityQueue;

/**
 * The flows that may time out, the next one first. Entries that a packet used since are found out when their turn comes, and
 * wait on.
 *
 * <p>Thread: the control thread that holds the tables' lock.
 */
final class TimeoutQueue {

    private record Due(long atNs, FlowEntry entry) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.signum(atNs - other.atNs);
        }
    }

    /** Places of flows that have ended, at most, besides as many as there are watched flows. */
    private static final int SLACK = 1_000;

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private int watched;

    /** Watches an entry, if it may time out and is still there. */
    void add(FlowEntry entry) {
        if (entry.removedAt() == FlowEntry.NEVER && entry.ageing() != null) {
            watched++;
            noteSooner(entry);
        }
    }

    /** Notes that an entry times out sooner than when it was added. */
    void noteSooner(FlowEntry entry) {
        if (entry.removedAt() == FlowEntry.NEVER && entry.canExpire()) {
            queue.add(new Due(dueNs(entry), entry));
        }
    }

    /** Notes that an entry has ended that was there before. */
    void noteRemoved(FlowEntry entry) {
        if (entry.ageing() == null || entry.addedAt() == entry.removedAt()) {
            return;
        }
        // It goes when its turn comes; when such are most of the queue, all go at once.
        watched--;
        if (queue.size() > 2 * watched + SLACK) {
            queue.removeIf(due -> due.entry.removedAt() != FlowEntry.NEVER);
        }
    }

    /** The next entry whose time is over, taken off; null if there is none. */
    FlowEntry poll(long nowNs) {
        while (!queue.isEmpty() && queue.peek().atNs - nowNs <= 0) {
            FlowEntry entry = queue.poll().entry;
            if (entry.removedAt() != FlowEntry.NEVER) {
                continue;
            }
            long dueNs = dueNs(entry);
            if (dueNs - nowNs <= 0) {
                return entry;
            }
            queue.add(new Due(dueNs, entry));
        }
        return null;
    }

    /** Why an entry whose time is over goes: the hard timeout, if it was the first to end. */
    static FlowRemoved.Reason reason(FlowEntry entry) {
        Ageing ageing = entry.ageing();
        boolean isHard = ageing.hardTimeoutS() != 0
                && (ageing.idleTimeoutS() == 0 || ageing.hardDueNs() - ageing.idleDueNs(entry.lastUsedNs()) <= 0);
        return isHard ? FlowRemoved.Reason.HARD_TIMEOUT : FlowRemoved.Reason.IDLE_TIMEOUT;
    }

    /** When an entry that can expire does, unless a packet comes. */
    static long dueNs(FlowEntry entry) {
        return reason(entry) == FlowRemoved.Reason.HARD_TIMEOUT
                ? entry.ageing().hardDueNs()
                : entry.ageing().idleDueNs(entry.lastUsedNs());
    }
}
