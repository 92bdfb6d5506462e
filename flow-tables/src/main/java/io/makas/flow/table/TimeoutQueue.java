// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

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

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private int removed;

    /** Watches an entry, if it can time out and is still there. */
    void add(FlowEntry entry) {
        if (entry.removedAt() == FlowEntry.NEVER && entry.canExpire()) {
            queue.add(new Due(dueNs(entry), entry));
        }
    }

    /** Notes that a watched entry has ended. */
    void noteRemoved(FlowEntry entry) {
        if (!entry.canExpire()) {
            return;
        }
        // They go when their turn comes; when that is most of the queue, all at once.
        removed++;
        if (removed > 1_000 && removed > queue.size() / 2) {
            queue.removeIf(due -> due.entry.removedAt() != FlowEntry.NEVER);
            removed = 0;
        }
    }

    /** The next entry whose time is over, taken off; null if there is none. */
    FlowEntry poll(long nowNs) {
        while (!queue.isEmpty() && queue.peek().atNs - nowNs <= 0) {
            FlowEntry entry = queue.poll().entry;
            if (entry.removedAt() != FlowEntry.NEVER) {
                removed--;
                continue;
            }
            long dueNs = dueNs(entry);
            if (dueNs - nowNs <= 0) {
                // It is off the queue already when noteRemoved counts it as waiting to go.
                removed--;
                return entry;
            }
            queue.add(new Due(dueNs, entry));
        }
        return null;
    }

    /** Why an entry whose time is over goes: the hard timeout, if it was the first to end. */
    static FlowRemoved.Reason reason(FlowEntry entry) {
        boolean isHard =
                entry.hardTimeoutS() != 0 && (entry.idleTimeoutS() == 0 || hardDueNs(entry) - idleDueNs(entry) <= 0);
        return isHard ? FlowRemoved.Reason.HARD_TIMEOUT : FlowRemoved.Reason.IDLE_TIMEOUT;
    }

    /** When an entry that can expire does, unless a packet comes. */
    static long dueNs(FlowEntry entry) {
        return reason(entry) == FlowRemoved.Reason.HARD_TIMEOUT ? hardDueNs(entry) : idleDueNs(entry);
    }

    private static long hardDueNs(FlowEntry entry) {
        return entry.hardSinceNs() + TimeUnit.SECONDS.toNanos(entry.hardTimeoutS());
    }

    private static long idleDueNs(FlowEntry entry) {
        return entry.lastUsedNs() + TimeUnit.SECONDS.toNanos(entry.idleTimeoutS());
    }
}
