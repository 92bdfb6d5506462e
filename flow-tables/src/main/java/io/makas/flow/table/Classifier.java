// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Instructions;
import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Finds, among the flows of a table, the one of the highest priority that a packet matches, and tells which bits of the packet
 * the answer depends on.
 *
 * <h2>How: pruned tuple space search</h2>
 *
 * The flows of a real table use few different masks ("tuples"). All flows with one mask lie in a {@link Subtable}, a hash table
 * that is asked once for each packet. Subtables are asked in the order of the highest priority in them ({@link SubtableOrder}), and
 * the search ends when what was found is as good as anything that the rest could have.
 *
 * <p>Few is still hundreds in a list of access rules, and most of them cannot have a flow for the packet at hand, because none
 * of theirs has its source network, say. So of each field that matters ({@link Dimension}) a trie ({@link PrefixTrie}) says which
 * subtables have a flow with the packet's value in it; only those that all fields leave are asked. That makes the cost of a
 * look-up one of the number of fields, not of masks. (V. Srinivasan, S. Suri, G. Varghese: "Packet classification using tuple space
 * search", SIGCOMM 1999, §4, tuple pruning; here with sets for each prefix rather than for each prefix length.)
 *
 * <h2>Correctness property</h2>
 *
 * A look-up answers with an entry and a set of consulted bits. <em>Every key that has the same values in the consulted bits
 * gets the same entry</em>, as long as the table stays as it is. The set may have bits that did not matter, which costs a megaflow that
 * is narrower than it could be; it never lacks one that did.
 *
 * <p>Why it holds: the answer follows from what each subtable says that could have a better flow than the one found, and for each
 * of these the set has bits that prove what it says:
 *
 * <ul>
 *   <li>a subtable that has a flow: all bits of its mask;
 *   <li>one that has none: the bits of the stages of its mask up to that in which none of its flows is like the packet
 *       ({@link Stages}, {@link StageFilter});
 *   <li>or, which is mostly less, as many first bits of one field as tell the packet from all flows of the subtable.
 * </ul>
 *
 * <p>The proofs are chosen after the answer is known, so a few serve many subtables ({@link Search}); two keys with the same
 * answer may get different proofs, and megaflows overlap. Which of several matching flows of the same, highest priority is found
 * is undefined, as in OpenFlow, but the same for all these keys: the one whose subtable comes first.
 *
 * <p>Tables of up to some thousand flows that nobody adds to have a {@link VectorIndex} besides, which answers the same more quickly.
 *
 * <h2>Look-ups during edits</h2>
 *
 * Entries have versions ({@link FlowEntry}): a look-up at version V sees the flows as they were when V was published, whatever
 * the control thread does meanwhile. It holds no lock and is never waited for. The order of subtables and the tries that a look-up
 * reads may be newer than V; they are right all the same, because a subtable's highest priority and its prefixes count every entry that
 * some reader may still see, so what a trie excludes is not there at V. A subtable's id may be given to another one after
 * it has gone; then it had no entry left that this reader could see, and it does not matter what is said of it.
 *
 * <p>A subtable with very many values of a field leaves that field's trie ({@link IndexedFields}). Entries that the trie does not
 * count are of a newer version than any that a look-up in an order of before can have, and the trie keeps those that it has
 * counted until they are unlinked.
 *
 * <p>Threads: one control thread edits; any number look up.
 */
final class Classifier {

    private static final int RECENT_INSTRUCTIONS = 256;

    /** Subtables that may be left out of tries: they are asked for most packets, which must stay cheap. */
    static final int MAX_LEFT_OUT = 4;

    private static final ThreadLocal<Search> SEARCH = ThreadLocal.withInitial(Search::new);

    /** Written by the control thread. */
    private volatile SubtableOrder order = SubtableOrder.EMPTY;

    /** All subtables, those included that are too new or too old for the order. For the control thread. */
    private final Map<FlowMask, Subtable> subtables = new HashMap<>();

    /** Ids of subtables. For the control thread. */
    private final BitSet ids = new BitSet();

    /** By the ordinals of dimensions; null where no flow has asked for one yet. For the control thread. */
    private final PrefixTrie[] tries = new PrefixTrie[Dimension.values().length];

    /** Instructions of flows that were added not long ago, by their hash. For the control thread. */
    private final Instructions[] recent = new Instructions[RECENT_INSTRUCTIONS];

    /** An index of all flows, or of those of other versions; null for none. Written by the control thread. */
    private volatile VectorIndex index;

    /** How many flows were ever added. Written by the control thread. */
    private volatile long additions;

    /** How many flows were unlinked since there is an index. For the control thread. */
    private int endedSinceIndex;

    private final IndexedFields.Limits limits;

    /** How many subtables are left out of some trie. For the control thread. */
    private int leftOutCount;

    private boolean orderIsStale;

    /** Makes an empty one. */
    Classifier() {
        this(IndexedFields.Limits.DEFAULT);
    }

    /** Makes an empty one with other limits, for tests. */
    Classifier(IndexedFields.Limits limits) {
        this.limits = limits;
    }

    /**
     * Finds the flow that a packet matches, or for a packet that meets a conjunction, the flow for that ({@link Conjunctions}).
     *
     * @param version of the tables
     * @param consulted receives, in addition to what it has, the bits of the key that the answer depends on
     * @return the entry, or null if there is none
     */
    FlowEntry lookup(long[] key, long version, long[] consulted) {
        Search search = SEARCH.get();
        VectorIndex vectors = index;
        if (vectors != null && vectors.isFor(version)) {
            return lookup(vectors, search.byVectors(), key, version, consulted);
        }
        SubtableOrder current = order;
        FlowEntry found = search.find(current, key, version, consulted);
        List<FlowEntry> parts = search.parts();
        if (parts == null) {
            return found;
        }
        return Conjunctions.find(parts, found, key, same -> search.find(current, same, version, consulted));
    }

    private static FlowEntry lookup(
            VectorIndex vectors, VectorSearch search, long[] key, long version, long[] consulted) {
        FlowEntry found = search.find(vectors, key, version, consulted);
        List<FlowEntry> parts = search.parts();
        if (parts == null) {
            return found;
        }
        return Conjunctions.find(parts, found, key, same -> search.find(vectors, same, version, consulted));
    }

    /** How many flows were ever added. */
    long additions() {
        return additions;
    }

    /** Whether there is no index for a version, or half of what it has is gone. For the control thread. */
    boolean lacksIndex(long version) {
        VectorIndex current = index;
        return current == null || !current.isFor(version) || endedSinceIndex > current.size() / 2;
    }

    /** Has look-ups go by an index from its first version on. */
    void index(VectorIndex newIndex) {
        endedSinceIndex = 0;
        index = newIndex;
    }

    /** How many masks are in use. */
    int subtableCount() {
        return order.size();
    }

    /** A match equal to the given one that shares the mask of its subtable: a million entries need few masks. */
    Match shared(Match match) {
        Subtable subtable = subtables.get(match.mask());
        return subtable == null ? match : match.sharing(subtable.mask());
    }

    /** Instructions equal to the given ones that other flows may have, too: most flows do what others do. */
    Instructions shared(Instructions instructions) {
        int hash = instructions.hashCode();
        int at = (hash ^ hash >>> 16) & recent.length - 1;
        if (!instructions.equals(recent[at])) {
            recent[at] = instructions;
        }
        return recent[at];
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
        Subtable subtable = subtables.get(entry.match().mask());
        if (subtable == null) {
            int id = ids.nextClearBit(0);
            ids.set(id);
            subtable = new Subtable(entry.match().mask(), id, limits);
            subtables.put(subtable.mask(), subtable);
        }
        additions++;
        if (index != null) {
            index.endBefore(entry.addedAt());
        }
        int before = subtable.maxPriority();
        // Whoever finds the entry must not be told by a dimension that there is none.
        addPrefixes(entry, subtable);
        subtable.link(entry);
        orderIsStale |= subtable.maxPriority() != before;
    }

    /** Takes an entry out that no look-up needs any more. */
    void unlink(FlowEntry entry) {
        endedSinceIndex++;
        Subtable subtable = subtables.get(entry.match().mask());
        int before = subtable.maxPriority();
        subtable.unlink(entry);
        removePrefixes(entry, subtable);
        int after = subtable.maxPriority();
        if (after < 0) {
            subtables.remove(subtable.mask());
            ids.clear(subtable.id());
            leftOutCount -= subtable.indexed().leftOutCount() > 0 ? 1 : 0;
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
            order = new SubtableOrder(subtables.values(), tries);
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

    private void addPrefixes(FlowEntry entry, Subtable subtable) {
        IndexedFields indexed = subtable.indexed();
        entry.leftOutBefore(indexed.leftOutCount());
        for (int i = 0; i < subtable.dimensions().length; i++) {
            if (indexed.isLeftOut(i)) {
                continue;
            }
            Dimension dimension = subtable.dimensions()[i];
            int at = dimension.ordinal();
            if (tries[at] == null) {
                tries[at] = new PrefixTrie(dimension.isWide());
            }
            Match match = entry.match();
            int length = subtable.prefixLength(dimension);
            if (tries[at].add(dimension.high(match), dimension.low(match), length, subtable.id())) {
                indexed.addValue(i);
                if (indexed.isBetterLeftOut(i)) {
                    leaveOut(i, indexed);
                }
            }
        }
    }

    /** From the next entry on; the trie keeps what it has of those before, for look-ups in an older order. */
    private void leaveOut(int index, IndexedFields indexed) {
        boolean isFirst = indexed.leftOutCount() == 0;
        if (isFirst && leftOutCount == MAX_LEFT_OUT) {
            return;
        }
        leftOutCount += isFirst ? 1 : 0;
        indexed.leaveOut(index);
        orderIsStale = true;
    }

    private void removePrefixes(FlowEntry entry, Subtable subtable) {
        IndexedFields indexed = subtable.indexed();
        Match match = entry.match();
        for (int i = 0; i < subtable.dimensions().length; i++) {
            Dimension dimension = subtable.dimensions()[i];
            int length = subtable.prefixLength(dimension);
            if (indexed.isCounted(i, entry.leftOutBefore())
                    && tries[dimension.ordinal()].remove(
                            dimension.high(match), dimension.low(match), length, subtable.id())) {
                indexed.removeValue(i);
            }
        }
    }
}
