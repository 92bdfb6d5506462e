// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.List;

/**
 * One look-up by a {@link VectorIndex}, which says what it does, and room for its intermediate results.
 *
 * <p>For one thread, one look-up after the other.
 */
final class VectorSearch {

    /** Of so few flows each is looked at, to consult no more bits than tell the packet from them. */
    private static final int FEW = 12;

    private static final int FIELDS = Dimension.values().length;

    /** For each field in {@link #excluding} the packet's value, the interval that it is in, and where the row of this is. */
    private final long[] values = new long[FIELDS];

    private final int[] intervals = new int[FIELDS];
    private final int[] rows = new int[FIELDS];

    /** The fields, in order, that exclude some flow for the packet's value. */
    private final VectorField[] excluding = new VectorField[FIELDS];

    private int excludingCount;

    /** Flows by rank that no field excludes. */
    private final long[] possible = new long[VectorIndex.MAX_FLOWS >> 6];

    /** Flows by rank for whose not matching there is no reason yet. */
    private final long[] unexplained = new long[VectorIndex.MAX_FLOWS >> 6];

    /** Flows by rank that a field is now the reason for. */
    private final long[] excluded = new long[VectorIndex.MAX_FLOWS >> 6];

    private List<FlowEntry> parts;

    /**
     * Finds the flow of the highest priority that a packet matches, parts of conjunctions apart.
     *
     * @param consulted receives, in addition to what it has, the bits of the key that the answer depends on
     * @return the entry, or null if there is none
     */
    FlowEntry find(VectorIndex index, long[] key, long version, long[] consulted) {
        parts = null;
        int words = index.words();
        findPossible(index, key, words);
        for (int word = 0; word < words; word++) {
            for (long bits = possible[word]; bits != 0; bits &= bits - 1) {
                int rank = word << 6 | Long.numberOfTrailingZeros(bits);
                FlowEntry entry = index.flow(rank);
                if (entry.isVisibleAt(version) && matches(entry.match(), key, consulted)) {
                    if (!entry.isConjunctive()) {
                        explain(rank, consulted);
                        return entry;
                    }
                    parts = parts == null ? new ArrayList<>() : parts;
                    parts.add(entry);
                }
            }
        }
        explain(index.size(), consulted);
        return null;
    }

    private void findPossible(VectorIndex index, long[] key, int words) {
        VectorField[] fields = index.fields();
        int count = 0;
        for (int i = 0; i < fields.length; i++) {
            VectorField field = fields[i];
            long value = field.value(key);
            int interval = field.interval(value);
            if (!field.isFull(interval)) {
                excluding[count] = field;
                values[count] = value;
                intervals[count] = interval;
                rows[count++] = field.row(interval);
            }
        }
        excludingCount = count;
        long[] result = possible;
        if (count == 0) {
            setAll(result, index.size());
            return;
        }
        intersect(result, 0, Math.min(1, count - 1), Math.min(2, count - 1), words);
        for (int i = 3; i < count; i += 3) {
            keep(result, i, Math.min(i + 1, count - 1), Math.min(i + 2, count - 1), words);
        }
    }

    /** The parts of conjunctions, of no lower priority than what was found, that the packet matches; null without any. */
    List<FlowEntry> parts() {
        return parts;
    }

    /** Whether a packet matches; consults what shows it. */
    private static boolean matches(Match match, long[] key, long[] consulted) {
        FlowMask mask = match.mask();
        long[] wanted = match.packed();
        for (int i = 0; i < wanted.length; i++) {
            if ((key[mask.word(i)] & mask.bits(i)) != wanted[i]) {
                consulted[mask.word(i)] |= mask.bits(i);
                return false;
            }
        }
        for (int i = 0; i < wanted.length; i++) {
            consulted[mask.word(i)] |= mask.bits(i);
        }
        return true;
    }

    /** Consults, for each flow before a rank that fields exclude, bits that show that. */
    private void explain(int end, long[] consulted) {
        if (end == 0 || excludingCount == 0) {
            return;
        }
        int words = end + 63 >> 6;
        setAll(unexplained, end);
        // What is consulted anyway comes first.
        for (int i = 0; i < excludingCount; i++) {
            VectorField field = excluding[i];
            if (field.isConsulted(consulted, field.neededBits(values[i], intervals[i]))) {
                keep(unexplained, field.sets(), rows[i], words);
            }
        }
        boolean isAnyLeft = true;
        for (int i = 0; i < excludingCount && isAnyLeft; i++) {
            isAnyLeft = explainBy(i, words, consulted);
        }
    }

    /** Explains what a field excludes; answers whether anything is left. */
    private boolean explainBy(int index, int words, long[] consulted) {
        VectorField field = excluding[index];
        long[] sets = field.sets();
        int row = rows[index];
        int count = 0;
        long left = 0;
        for (int word = 0; word < words; word++) {
            long before = unexplained[word];
            long now = before & sets[row + word];
            unexplained[word] = now;
            excluded[word] = before ^ now;
            count += Long.bitCount(before ^ now);
            left |= now;
        }
        if (count > 0) {
            int needed = count > FEW
                    ? field.neededBits(values[index], intervals[index])
                    : neededBitsOfExcluded(field, values[index], words);
            field.consult(consulted, needed);
        }
        return left != 0;
    }

    private int neededBitsOfExcluded(VectorField field, long value, int words) {
        int needed = 0;
        for (int word = 0; word < words; word++) {
            for (long bits = excluded[word]; bits != 0; bits &= bits - 1) {
                int rank = word << 6 | Long.numberOfTrailingZeros(bits);
                needed = Math.max(needed, field.neededBitsOf(value, rank));
            }
        }
        return needed;
    }

    /** Makes a set of what the rows of three fields, of which some may be the same, have in common. */
    private void intersect(long[] set, int first, int second, int third, int words) {
        long[] one = excluding[first].sets();
        long[] two = excluding[second].sets();
        long[] three = excluding[third].sets();
        int rowOne = rows[first];
        int rowTwo = rows[second];
        int rowThree = rows[third];
        for (int word = 0; word < words; word++) {
            set[word] = one[rowOne + word] & two[rowTwo + word] & three[rowThree + word];
        }
    }

    /** Takes out of a set what the rows of three fields, of which some may be the same, do not have in common. */
    private void keep(long[] set, int first, int second, int third, int words) {
        long[] one = excluding[first].sets();
        long[] two = excluding[second].sets();
        long[] three = excluding[third].sets();
        int rowOne = rows[first];
        int rowTwo = rows[second];
        int rowThree = rows[third];
        for (int word = 0; word < words; word++) {
            set[word] &= one[rowOne + word] & two[rowTwo + word] & three[rowThree + word];
        }
    }

    private static void keep(long[] set, long[] sets, int row, int words) {
        for (int word = 0; word < words; word++) {
            set[word] &= sets[row + word];
        }
    }

    /** Makes a set of the first ones. */
    private static void setAll(long[] set, int count) {
        int words = count + 63 >> 6;
        for (int word = 0; word < words; word++) {
            set[word] = -1L;
        }
        set[words - 1] = -1L >>> -count;
    }
}
