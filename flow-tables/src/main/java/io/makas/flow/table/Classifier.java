// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds, among the flows of a table, the one of the highest priority that a packet matches, and tells which bits of the packet
 * the answer depends on.
 *
 * <h2>How: tuple space search</h2>
 *
 * The flows of a real table use few different masks ("tuples"). All flows with one mask lie in a {@link Subtable}, a hash table
 * that is asked once for each packet. Subtables are asked in the order of the highest priority in them, and the search ends
 * when what was found is as good as anything that the rest could have. Its cost grows with the number of masks, not of flows.
 *
 * <h2>Correctness property</h2>
 *
 * A look-up answers with an entry and a set of consulted bits. <em>Every key that has the same values in the consulted bits
 * gets the same entry</em>, as long as the table stays as it is. The set may have bits that did not matter, which costs a megaflow that
 * is narrower than it could be; it never lacks one that did. Why it holds: the subtables asked, and their order, are the same
 * for all keys; whether one of them answers depends on the bits of its mask alone, all of which are consulted; and where an
 * early stage of a mask already fails ({@link Stages}, {@link StageFilter}), on the bits of the stages so far, which are.
 *
 * <p>Which of several matching flows of the same, highest priority is found is undefined, as in OpenFlow, but the same for
 * all these keys.
 *
 * <h2>Look-ups during edits</h2>
 *
 * Entries have versions ({@link FlowEntry}): a look-up at version V sees the flows as they were when V was published, whatever
 * the control thread does meanwhile. It holds no lock and is never waited for. The order of subtables that a look-up reads may
 * be newer than V; it is right all the same, because a subtable's highest priority counts every entry that some reader may
 * still see.
 *
 * <p>Threads: one control thread edits; any number look up.
 */
final class Classifier {

    /** The subtables by falling highest priority, and these priorities. */
    private record Order(Subtable[] subtables, int[] maxPriorities) {}

    /** Written by the control thread. */
    private volatile Order order = new Order(new Subtable[0], new int[0]);

    /** All subtables, those included that are too new or too old for the order. For the control thread. */
    private final Map<FlowMask, Subtable> subtables = new HashMap<>();

    private boolean orderIsStale;

    /**
     * Finds the flow that a packet matches.
     *
     * @param version of the tables
     * @param consulted receives, in addition to what it has, the bits of the key that the answer depends on
     * @return the entry, or null if there is none
     */
    FlowEntry lookup(long[] key, long version, long[] consulted) {
        Order current = order;
        Subtable[] inOrder = current.subtables;
        int[] maxPriorities = current.maxPriorities;
        FlowEntry best = null;
        int bestPriority = -1;
        for (int i = 0; i < inOrder.length && maxPriorities[i] > bestPriority; i++) {
            FlowEntry entry = inOrder[i].find(key, version, consulted);
            if (entry != null && entry.priority() > bestPriority) {
                best = entry;
                bestPriority = entry.priority();
            }
        }
        return best;
    }

    /** How many masks are in use. */
    int subtableCount() {
        return order.subtables.length;
    }

    /** A match equal to the given one that shares the mask of its subtable: a million entries need few masks. */
    Match shared(Match match) {
        Subtable subtable = subtables.get(match.mask());
        return subtable == null ? match : match.sharing(subtable.mask());
    }

    /** The entry with this match and priority that is visible at a version, or null. For the control thread. */
    FlowEntry find(Match match, int priority, long version) {
        Subtable subtable = subtables.get(match.mask());
        FlowEntry entry = subtable == null ? null : subtable.entriesOf(match);
        while (entry != null && !(entry.priority() == priority && entry.isVisibleAt(version))) {
            entry = entry.next();
        }
        return entry;
    }

    /** Adds an entry; look-ups find it once {@link #publish()} was called and its version has come. */
    void link(FlowEntry entry) {
        Subtable subtable = subtables.computeIfAbsent(entry.match().mask(), Subtable::new);
        int before = subtable.maxPriority();
        subtable.link(entry);
        orderIsStale |= subtable.maxPriority() != before;
    }

    /** Takes an entry out that no look-up needs any more. */
    void unlink(FlowEntry entry) {
        Subtable subtable = subtables.get(entry.match().mask());
        int before = subtable.maxPriority();
        subtable.unlink(entry);
        int after = subtable.maxPriority();
        if (after < 0) {
            subtables.remove(subtable.mask());
        }
        orderIsStale |= after != before;
    }

    /**
     * Lets look-ups see the subtables as they are now. To be called after edits, before their version is published.
     *
     * @return whether their order has changed, and with it, perhaps, which of two flows of the same priority is found
     */
    boolean publish() {
        boolean isChange = orderIsStale;
        if (orderIsStale) {
            Subtable[] sorted = subtables.values().toArray(new Subtable[0]);
            Arrays.sort(sorted, Comparator.comparingInt(Subtable::maxPriority).reversed());
            int[] maxPriorities = new int[sorted.length];
            for (int i = 0; i < sorted.length; i++) {
                maxPriorities[i] = sorted[i].maxPriority();
            }
            order = new Order(sorted, maxPriorities);
            orderIsStale = false;
        }
        return isChange;
    }

    /** Calls with each entry whose match could be within the given one, visible or not. For the control thread. */
    void forEachCandidate(Match within, Consumer<FlowEntry> visitor) {
        for (Subtable subtable : subtables.values()) {
            if (within.mask().isSubsetOf(subtable.mask())) {
                subtable.forEach(visitor);
            }
        }
    }
}
