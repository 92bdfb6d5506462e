// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One look-up in a table, and room for its intermediate results: {@link Classifier} says what it does and why that is right.
 *
 * <p>For one thread, one look-up after the other.
 */
final class Search {

    /** So few subtables are simply asked: to find out which of them can be left out would cost more. */
    private static final int ALL_ASKED = 4;

    /** When no more than so many are possible, they are asked rather than considered by yet another dimension. */
    private static final int FEW = 2;

    private final VectorSearch byVectors = new VectorSearch();

    private SubtableOrder order;
    private long[] key;
    private long version;

    /** How many subtables, from the first, are asked whether or not they can have a flow. */
    private int askedFirst;

    /** The best flow so far that is not part of a conjunction, and the rank of its subtable. */
    private FlowEntry best;

    private int bestPriority;
    private int bestRank;

    /** Flows so far that are parts of conjunctions; null without any. */
    private List<FlowEntry> parts;

    /** By rank: how many steps of the key a subtable that was asked in vain has read. */
    private int[] failedSteps = new int[0];

    /** Subtables by id that had a flow, all of whose bits were consulted. */
    private long[] answered = new long[0];

    /** Subtables by rank that are still to be asked. */
    private long[] toAsk = new long[0];

    /** Subtables by id for whose having no better flow there is no reason yet. */
    private long[] unexplained = new long[0];

    /** For each dimension the subtables by id that can have a flow. */
    private long[] possible = new long[0];

    /** For each dimension how many bits that depends on; −1 before it was found out. */
    private int[] neededBits = new int[0];

    /**
     * Finds the flow of the highest priority that a packet matches, parts of conjunctions apart.
     *
     * @param consulted receives, in addition to what it has, the bits of the key that the answer depends on
     * @return the entry, or null if there is none
     */
    FlowEntry find(SubtableOrder newOrder, long[] newKey, long newVersion, long[] consulted) {
        begin(newOrder, newKey, newVersion);
        int size = order.size();
        // Of many the first is asked, too: often it has what goes for most packets.
        askedFirst = size <= ALL_ASKED ? size : 1;
        int rank = 0;
        while (rank < askedFirst && order.maxPriority(rank) > bestPriority) {
            ask(rank++, consulted);
        }
        if (rank < size && order.maxPriority(rank) > bestPriority) {
            askPossible(rank, consulted);
        }
        explain(consulted);
        FlowEntry found = best;
        // Nothing of a table that may be gone tomorrow is kept.
        order = null;
        key = null;
        best = null;
        return found;
    }

    /** The same by an index, on the same thread. */
    VectorSearch byVectors() {
        return byVectors;
    }

    /** The parts of conjunctions, of a higher priority than what was found, that the packet matches; null without any. */
    List<FlowEntry> parts() {
        return parts;
    }

    private void begin(SubtableOrder newOrder, long[] newKey, long newVersion) {
        order = newOrder;
        key = newKey;
        version = newVersion;
        best = null;
        bestPriority = -1;
        bestRank = -1;
        parts = null;
        int words = order.words();
        int dimensions = order.dimensionCount();
        if (failedSteps.length < words << 6) {
            failedSteps = new int[words << 6];
            answered = new long[words];
            toAsk = new long[words];
            unexplained = new long[words];
        }
        if (possible.length < words * dimensions) {
            possible = new long[words * dimensions];
        }
        if (neededBits.length < dimensions) {
            neededBits = new int[dimensions];
        }
        Arrays.fill(neededBits, 0, dimensions, -1);
        Arrays.fill(answered, 0, words, 0);
    }

    private void ask(int rank, long[] consulted) {
        Subtable subtable = order.subtable(rank);
        FlowEntry entry = subtable.find(key, version, failedSteps, rank);
        if (entry == null) {
            return;
        }
        subtable.consultAll(consulted);
        answered[subtable.id() >> 6] |= 1L << subtable.id();
        failedSteps[rank] = 0;
        while (entry != null && entry.isConjunctive() && entry.priority() > bestPriority) {
            parts = parts == null ? new ArrayList<>() : parts;
            parts.add(entry);
            entry = entry.nextVisibleAt(version);
        }
        if (entry != null && entry.priority() > bestPriority) {
            best = entry;
            bestPriority = entry.priority();
            bestRank = rank;
        }
    }

    /** Asks those subtables from a rank on that can have a flow. */
    private void askPossible(int firstRank, long[] consulted) {
        int words = order.words();
        System.arraycopy(order.members(), 0, unexplained, 0, words);
        int left = order.size();
        for (int i = 0; i < order.dimensionCount() && left > FEW; i++) {
            left = 0;
            int at = possibleIn(i);
            for (int word = 0; word < words; word++) {
                unexplained[word] &= possible[at + word];
                left += Long.bitCount(unexplained[word]);
            }
        }
        Arrays.fill(toAsk, 0, words, 0);
        for (int word = 0; word < words; word++) {
            for (long bits = unexplained[word]; bits != 0; bits &= bits - 1) {
                int rank = order.rankOf(word << 6 | Long.numberOfTrailingZeros(bits));
                toAsk[rank >> 6] |= 1L << rank;
            }
        }
        toAsk[firstRank >> 6] &= -1L << firstRank;
        for (int word = firstRank >> 6; word < words; word++) {
            for (long bits = toAsk[word]; bits != 0; bits &= bits - 1) {
                int rank = word << 6 | Long.numberOfTrailingZeros(bits);
                if (order.maxPriority(rank) <= bestPriority) {
                    return;
                }
                ask(rank, consulted);
            }
        }
    }

    /** Consults, for each subtable that could have had a better flow and has none, bits that show that it has none. */
    private void explain(long[] consulted) {
        int end = best == null ? order.size() : Math.max(bestRank, order.firstNotAbove(bestPriority));
        if (end == 0) {
            return;
        }
        collectUnexplained(end);
        takeAlreadyExplained(Math.min(end, askedFirst), consulted);
        for (int i = 0; i < order.dimensionCount(); i++) {
            if (isConcerned(i)) {
                explainBy(i, consulted);
            }
        }
        for (int word = 0; word < order.words(); word++) {
            for (long bits = unexplained[word]; bits != 0; bits &= bits - 1) {
                int rank = order.rankOf(word << 6 | Long.numberOfTrailingZeros(bits));
                order.subtable(rank).consult(consulted, failedSteps[rank]);
            }
        }
    }

    private void collectUnexplained(int end) {
        int words = order.words();
        boolean isFirstHalf = end <= order.size() / 2;
        if (isFirstHalf) {
            Arrays.fill(unexplained, 0, words, 0);
        } else {
            System.arraycopy(order.members(), 0, unexplained, 0, words);
        }
        int from = isFirstHalf ? 0 : end;
        int to = isFirstHalf ? end : order.size();
        for (int rank = from; rank < to; rank++) {
            int id = order.subtable(rank).id();
            unexplained[id >> 6] ^= 1L << id;
        }
        for (int word = 0; word < words; word++) {
            unexplained[word] &= ~answered[word];
        }
    }

    /** Takes off those for which bits that were consulted anyway are reason enough. */
    private void takeAlreadyExplained(int asked, long[] consulted) {
        for (int rank = 0; rank < asked; rank++) {
            Subtable subtable = order.subtable(rank);
            if (subtable.isConsulted(consulted, failedSteps[rank])) {
                unexplained[subtable.id() >> 6] &= ~(1L << subtable.id());
            }
        }
        for (int i = 0; i < order.dimensionCount(); i++) {
            if (neededBits[i] >= 0 && order.dimension(i).isConsulted(consulted, neededBits[i])) {
                keepPossible(i);
            }
        }
    }

    private boolean isConcerned(int dimension) {
        long[] indifferent = order.indifferent(dimension);
        long concerned = 0;
        for (int word = 0; word < indifferent.length; word++) {
            concerned |= unexplained[word] & ~indifferent[word];
        }
        return concerned != 0;
    }

    private void explainBy(int index, long[] consulted) {
        Dimension dimension = order.dimension(index);
        int at = possibleIn(index);
        int bits = 0;
        boolean excludesAny = false;
        for (int word = 0; word < order.words(); word++) {
            long excluded = unexplained[word] & ~possible[at + word];
            excludesAny |= excluded != 0;
            // A subtable whose prefixes are shorter than what tells the value from all others is excluded by as much.
            for (; excluded != 0 && bits < neededBits[index]; excluded &= excluded - 1) {
                int rank = order.rankOf(word << 6 | Long.numberOfTrailingZeros(excluded));
                bits = Math.max(
                        bits, Math.min(neededBits[index], order.subtable(rank).prefixLength(dimension)));
            }
        }
        if (excludesAny) {
            dimension.consult(consulted, bits);
            keepPossible(index);
        }
    }

    private void keepPossible(int index) {
        int at = possibleIn(index);
        for (int word = 0; word < order.words(); word++) {
            unexplained[word] &= possible[at + word];
        }
    }

    /** Finds out, unless it is known, which subtables can have a flow by a dimension; answers where the set begins. */
    private int possibleIn(int index) {
        int words = order.words();
        int at = index * words;
        if (neededBits[index] < 0) {
            Dimension dimension = order.dimension(index);
            System.arraycopy(order.indifferent(index), 0, possible, at, words);
            neededBits[index] = order.trie(index).find(dimension.high(key), dimension.low(key), possible, at, words);
        }
        return at;
    }
}
