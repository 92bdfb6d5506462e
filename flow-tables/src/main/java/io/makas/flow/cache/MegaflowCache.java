// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.pipeline.Translation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Remembers the pipeline's answers with their masks: one megaflow serves every packet that agrees with it in the bits that the
 * walk looked at.
 *
 * <p>Tuple space search: one {@link MegaflowSubtable} a mask, tried in the order of their recent hits. Megaflows of one
 * generation never contradict each other (each is right for every packet that it covers), so the first hit is as good as any.
 *
 * <p>Thread: the worker. Bounded in megaflows and in masks, since a look-up that finds nothing tries every mask: adding beyond either
 * limit is refused, and {@link FlowCache} empties the cache.
 */
final class MegaflowCache {

    /** Masks at most. */
    static final int MAX_MASKS = 512;

    private static final int LOOKUPS_BETWEEN_SORTS = 1 << 16;

    private static final Comparator<MegaflowSubtable> MOST_HITS_FIRST = Comparator.comparingLong(
                    (MegaflowSubtable subtable) -> subtable.hits)
            .reversed();

    private final Megaflow[] megaflows;
    private final List<MegaflowSubtable> found = new ArrayList<>();
    private MegaflowSubtable[] subtables = {};
    private int count;
    private int lookupsUntilSort = LOOKUPS_BETWEEN_SORTS;

    /** Subtables tried by all look-ups: with the number of look-ups, the masks tried a hit. */
    long subtablesTried;

    MegaflowCache(int capacity) {
        megaflows = new Megaflow[capacity];
    }

    /** The index of the megaflow that covers a packet, or −1. */
    int lookup(long[] packet, int offset) {
        if (--lookupsUntilSort == 0) {
            sortByHits();
        }
        MegaflowSubtable[] tables = subtables;
        for (int i = 0; i < tables.length; i++) {
            int index = tables[i].lookup(packet, offset);
            if (index >= 0) {
                tables[i].hits++;
                subtablesTried += i + 1;
                return index;
            }
        }
        subtablesTried += tables.length;
        return -1;
    }

    /** Adds an answer for the packet that asked for it. Returns its index, or −1 when the cache is full. */
    int insert(long[] packet, int offset, Translation translation) {
        if (count == megaflows.length) {
            return -1;
        }
        MegaflowSubtable subtable = subtableOf(translation.mask());
        if (subtable == null) {
            return -1;
        }
        megaflows[count] = new Megaflow(translation);
        subtable.insert(packet, offset, count);
        return count++;
    }

    /** The megaflow with an index that this cache gave out since it was last cleared. */
    Megaflow at(int index) {
        return megaflows[index];
    }

    int count() {
        return count;
    }

    int maskCount() {
        return subtables.length;
    }

    /** Forgets everything. */
    void clear() {
        java.util.Arrays.fill(megaflows, 0, count, null);
        count = 0;
        found.clear();
        subtables = new MegaflowSubtable[0];
    }

    /** The subtable of a mask, a new one if need be, or null when there are too many. */
    private MegaflowSubtable subtableOf(long[] mask) {
        for (MegaflowSubtable subtable : subtables) {
            if (subtable.hasMask(mask)) {
                return subtable;
            }
        }
        if (subtables.length == MAX_MASKS) {
            return null;
        }
        MegaflowSubtable added = new MegaflowSubtable(mask);
        found.add(added);
        subtables = found.toArray(MegaflowSubtable[]::new);
        return added;
    }

    private void sortByHits() {
        lookupsUntilSort = LOOKUPS_BETWEEN_SORTS;
        found.sort(MOST_HITS_FIRST);
        subtables = found.toArray(subtables);
        for (MegaflowSubtable subtable : subtables) {
            subtable.hits /= 2;
        }
    }
}
