// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.Arrays;

/**
 * Which subtables have a flow with a certain prefix, where several have.
 *
 * <p>Immutable for readers. How many flows of each there are is the control thread's.
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

    /** The set of one subtable, of which there are so many flows. */
    static SubtableSet of(int id, int count) {
        return new SubtableSet(new int[] {id}, new int[] {count});
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

    /** How many flows of a subtable there are; 0 if it is no member. */
    int countOf(int id) {
        int at = indexOf(id);
        return at < 0 ? 0 : counts[at];
    }

    /** Counts one flow more, or fewer, of a member; answers how many there are. */
    int count(int id, int more) {
        return counts[indexOf(id)] += more;
    }

    /** This set, and so many flows of another subtable. */
    SubtableSet with(int id, int count) {
        int[] newIds = Arrays.copyOf(ids, ids.length + 1);
        int[] newCounts = Arrays.copyOf(counts, ids.length + 1);
        newIds[ids.length] = id;
        newCounts[ids.length] = count;
        return new SubtableSet(newIds, newCounts);
    }

    /** This set without one of its members. */
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

    /** How many flows the only member has. */
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
