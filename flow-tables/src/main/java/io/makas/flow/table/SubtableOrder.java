// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * The subtables of a table by falling highest priority, and what a look-up needs to leave most of them out. A subtable's place
 * in this order is its rank; sets of subtables are rows of bits, one for each id.
 *
 * <p>Immutable, for any thread; made anew when the order changes.
 */
final class SubtableOrder {

    static final SubtableOrder EMPTY = new SubtableOrder(List.of(), new PrefixTrie[Dimension.values().length]);

    private final Subtable[] subtables;
    private final int[] maxPriorities;
    private final int[] ranks;
    private final long[] members;
    private final Dimension[] dimensions;
    private final PrefixTrie[] tries;

    /** For each dimension the subtables that do not ask for it, or that its trie does not know. */
    private final long[][] indifferent;

    /**
     * Puts subtables into order.
     *
     * @param allTries by the ordinals of dimensions; null where no subtable asks for one
     */
    SubtableOrder(Collection<Subtable> all, PrefixTrie[] allTries) {
        subtables = all.toArray(new Subtable[0]);
        Arrays.sort(subtables, Comparator.comparingInt(Subtable::maxPriority).reversed());
        maxPriorities = new int[subtables.length];
        int ids = 0;
        for (int rank = 0; rank < subtables.length; rank++) {
            maxPriorities[rank] = subtables[rank].maxPriority();
            ids = Math.max(ids, subtables[rank].id() + 1);
        }
        ranks = new int[ids];
        members = new long[ids + 63 >> 6];
        for (int rank = 0; rank < subtables.length; rank++) {
            int id = subtables[rank].id();
            ranks[id] = rank;
            members[id >> 6] |= 1L << id;
        }
        long[][] open = new long[Dimension.values().length][];
        for (Subtable subtable : subtables) {
            for (int i = 0; i < subtable.dimensions().length; i++) {
                if (subtable.indexed().isLeftOut(i)) {
                    continue;
                }
                int at = subtable.dimensions()[i].ordinal();
                open[at] = open[at] == null ? members.clone() : open[at];
                open[at][subtable.id() >> 6] &= ~(1L << subtable.id());
            }
        }
        List<Dimension> used = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            if (open[dimension.ordinal()] != null) {
                used.add(dimension);
            }
        }
        dimensions = used.toArray(new Dimension[0]);
        tries = new PrefixTrie[dimensions.length];
        indifferent = new long[dimensions.length][];
        for (int i = 0; i < dimensions.length; i++) {
            tries[i] = allTries[dimensions[i].ordinal()];
            indifferent[i] = open[dimensions[i].ordinal()];
        }
    }

    /** How many subtables there are. */
    int size() {
        return subtables.length;
    }

    Subtable subtable(int rank) {
        return subtables[rank];
    }

    int maxPriority(int rank) {
        return maxPriorities[rank];
    }

    int rankOf(int id) {
        return ranks[id];
    }

    /** How many words a set of subtables has. */
    int words() {
        return members.length;
    }

    /** The subtables. */
    long[] members() {
        return members;
    }

    /** How many dimensions there are whose tries tell something. */
    int dimensionCount() {
        return dimensions.length;
    }

    Dimension dimension(int index) {
        return dimensions[index];
    }

    PrefixTrie trie(int index) {
        return tries[index];
    }

    /** The subtables of which a dimension tells nothing. Not to be changed. */
    long[] indifferent(int index) {
        return indifferent[index];
    }

    /** The rank of the first subtable whose highest priority is not above the given one. */
    int firstNotAbove(int priority) {
        int from = 0;
        int to = subtables.length;
        while (from < to) {
            int middle = from + to >>> 1;
            if (maxPriorities[middle] > priority) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
