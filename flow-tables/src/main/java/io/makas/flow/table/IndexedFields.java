// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * Which of the fields that a mask asks for are kept in tries for the flows of its subtable, and how many different values these
 * have there.
 *
 * <p>A trie is cheap as long as it fits into a processor's caches. A subtable with many values in several fields is known well
 * enough by one of them, whichever had that many first; the others are left out of their tries from then on, and this one, too,
 * when its values have become too many ({@link Limits}), for as long as the subtable lives. It then counts as one that may have a
 * flow whatever a packet has in these fields. So it is asked, or excluded by another field, and what it says holds.
 *
 * <p>An entry notes how many fields had been left out when it was linked, which tells later whether a trie has counted it.
 *
 * <p>For the control thread. Fields are numbered as in {@link Subtable#dimensions()}.
 */
final class IndexedFields {

    /**
     * When fields are left out.
     *
     * @param many so many values leave a field out if another one that is in its trie has as many
     * @param tooMany so many leave any out
     */
    record Limits(int many, int tooMany) {

        /** Half of all ports, and more addresses than a switch has to do with. */
        static final Limits DEFAULT = new Limits(1 << 15, 1 << 18);
    }

    private final Limits limits;

    /** How many different values the tries have. */
    private final int[] values;

    /** 0 for a field that is not left out; otherwise how many had been when it was, itself included. */
    private final byte[] leftOutAs;

    private int leftOutCount;

    /** Keeps so many fields, each in its trie. */
    IndexedFields(int count, Limits limits) {
        this.limits = limits;
        values = new int[count];
        leftOutAs = new byte[count];
    }

    /** How many fields are left out. */
    int leftOutCount() {
        return leftOutCount;
    }

    boolean isLeftOut(int field) {
        return leftOutAs[field] != 0;
    }

    /** Whether a field was in its trie for an entry before which so many fields had been left out. */
    boolean isCounted(int field, int leftOutBefore) {
        return leftOutAs[field] == 0 || leftOutBefore < leftOutAs[field];
    }

    void addValue(int field) {
        values[field]++;
    }

    void removeValue(int field) {
        values[field]--;
    }

    /** Whether a field has more values than its trie is worth. */
    boolean isBetterLeftOut(int field) {
        if (values[field] < limits.many()) {
            return false;
        }
        if (values[field] >= limits.tooMany()) {
            return true;
        }
        for (int other = 0; other < values.length; other++) {
            if (other != field && !isLeftOut(other) && values[other] >= limits.many()) {
                return true;
            }
        }
        return false;
    }

    /** Leaves a field out, from the next entry on. */
    void leaveOut(int field) {
        leftOutAs[field] = (byte) ++leftOutCount;
    }
}
