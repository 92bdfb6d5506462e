// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.Arrays;

/**
 * Which subtables have a flow with a certain prefix. Most prefixes are in one subtable, so the sets of one are shared: a million
 * addresses need one object.
 *
 * <p>Immutable for readers. The counts of a set of several are the control thread's; that of a set of one lies where the set is
 * kept.
 */
final class SubtableSet {

    private final int[] ids;
    private final int[] counts;
    private final long[] bits;

    private SubtableSet(int[] ids, int[] counts) {
        this.ids = ids;
        this.counts = counts;
        long[] members = new long[(Arrays.stream(ids).max().getAsInt() >> 6) + 1];
        for (int id : ids) {
            members[id >> 6] |= 1L << id;
        }
        this.bits = members;
    }

    /** The set of one subtable. */
    static SubtableSet of(int id) {
        return new SubtableSet(new int[] {id}, new int[1]);
    }

    /** Adds the members to the set that lies at {@code sets[offset]} and has room for {@code words * 64} of them. */
    void addTo(long[] sets, int offset, int words) {
        int count = Math.min(words, bits.length);
        for (int i = 0; i < count; i++) {
            sets[offset + i] |= bits[i];
        }
    }

    boolean isSingle() {
        return ids.length == 1;
    }

    /** The member of a set of one. */
    int onlyMember() {
        return ids[0];
    }

    boolean contains(int id) {
        return indexOf(id) >= 0;
    }

    /** Counts one flow more, or fewer, of a member of a set of several; answers how many there are. */
    int count(int id, int more) {
        return counts[indexOf(id)] += more;
    }

    /** This set, and one flow of another subtable. */
    SubtableSet with(int id, int ownCount) {
        int[] newIds = Arrays.copyOf(ids, ids.length + 1);
        int[] newCounts = Arrays.copyOf(counts, ids.length + 1);
        if (isSingle()) {
            newCounts[0] = ownCount;
        }
        newIds[ids.length] = id;
        newCounts[ids.length] = 1;
        return new SubtableSet(newIds, newCounts);
    }

    /** This set of several without one of them. */
    SubtableSet without(int id) {
        int at = indexOf(id);
        int last = ids.length - 1;
        int[] newIds = Arrays.copyOf(ids, last);
        int[] newCounts = Arrays.copyOf(counts, last);
        if (at < last) {
            newIds[at] = ids[last];
            newCounts[at] = counts[last];
        }
        return new SubtableSet(newIds, newCounts);
    }

    /** How many flows the only member had when it became the only one. */
    int onlyCount() {
        return counts[0];
    }

    private int indexOf(int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }
}
