// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.PriorityQueue;

/**
 * The flows of a table in the order in which they give way to new ones when the table is full: the least important first; of
 * equal importance, the one that would time out first, those that never do last; of these the
 * oldest.
 *
 * <p>A flow gives way to one that is more important, and to one as important if it would time out some day: what was put there
 * to stay, such as a table-miss flow, stays (Open vSwitch never evicts it at all).
 *
 * <p>Kept for tables that evict only, and only from the first eviction on. Packets make flows live longer; that is found out when
 * their turn comes.
 *
 * <p>Thread: the control thread that holds the tables' lock.
 */
final class EvictionOrder {

    private record Place(int importance, boolean stays, long dueNs, long addedAt, FlowEntry entry)
            implements Comparable<Place> {

        static Place of(FlowEntry entry) {
            boolean stays = !entry.canExpire();
            return new Place(entry.importance(), stays, stays ? 0 : TimeoutQueue.dueNs(entry), entry.addedAt(), entry);
        }

        @Override
        public int compareTo(Place other) {
            if (importance != other.importance) {
                return Integer.compare(importance, other.importance);
            }
            if (stays != other.stays) {
                return Boolean.compare(stays, other.stays);
            }
            if (dueNs != other.dueNs) {
                return Long.signum(dueNs - other.dueNs);
            }
            if (addedAt != other.addedAt) {
                return Long.compare(addedAt, other.addedAt);
            }
            // Of one edit. It should be the same one each time.
            return entry.priority() != other.entry.priority()
                    ? Integer.compare(entry.priority(), other.entry.priority())
                    : Integer.compare(
                            entry.match().hashCode(), other.entry.match().hashCode());
        }
    }

    private final PriorityQueue<Place> queue = new PriorityQueue<>();

    /** How many flows are in the order, those included that have ended meanwhile. */
    int size() {
        return queue.size();
    }

    void add(FlowEntry entry) {
        queue.add(Place.of(entry));
    }

    /** The flow that gives way to a new one, taken out of the order; null if none does. */
    FlowEntry poll(int newImportance) {
        while (!queue.isEmpty()) {
            Place first = queue.peek();
            FlowEntry entry = first.entry;
            if (entry.removedAt() != FlowEntry.NEVER) {
                queue.poll();
                continue;
            }
            Place now = Place.of(entry);
            if (now.compareTo(first) > 0) {
                queue.poll();
                queue.add(now);
                continue;
            }
            boolean givesWay = first.importance < newImportance || first.importance == newImportance && !first.stays;
            return givesWay ? queue.poll().entry : null;
        }
        return null;
    }
}
