// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds flows of a table that has no more than {@value #MAX_FLOWS} of them and that nobody has added to for a while, in a time that
 * hardly depends on their masks: for each field one look-up tells the flows that the packet's value does not exclude, as a row of
 * bits in the order of their priorities. What is in all the rows matches, and the first of it is the answer. (T. V. Lakshman,
 * D. Stiliadis: "High-speed policy-based packet forwarding using efficient multi-dimensional range matching", SIGCOMM 1998.)
 *
 * <h2>Correctness property</h2>
 *
 * That of {@link Classifier}. The bits consulted are those of the mask of the flow that was found, and for each flow before it some
 * that show that the packet does not match: first bits of a field that tell the packet's value from all prefixes there that it does
 * not have, or from the flow's; or, where fields are no reason, the bits of a word of its mask in which the packet differs.
 *
 * <h2>Edits</h2>
 *
 * It never changes. A flow that ends is passed over, as a look-up's version says. With the first flow that is added it
 * is over, for that version and later ones; look-ups then go by tuple space search, which is always up to date, until there is a
 * new index.
 *
 * <p>Threads: made by a control thread; any thread looks up.
 */
final class VectorIndex {

    /** More flows would make rows long, and take too much memory. */
    static final int MAX_FLOWS = 2_048;

    /** So few masks are asked as quickly one by one. */
    static final int MIN_MASKS = 6;

    private final FlowEntry[] flows;
    private final VectorField[] fields;
    private final int words;
    /** The first version that it is for. Written by the control thread before the index is published. */
    private long since;

    /** The first version that it is not for. Written by the control thread before that is published. */
    private volatile long before = Long.MAX_VALUE;

    /**
     * Makes an index.
     *
     * @param all flows of the table, in any order, no more than may be
     */
    VectorIndex(List<FlowEntry> all) {
        List<FlowEntry> ranked = new ArrayList<>(all);
        ranked.sort(Comparator.comparingInt(FlowEntry::priority).reversed());
        flows = ranked.toArray(new FlowEntry[0]);
        words = ranked.size() + 63 >> 6;
        List<VectorField> used = new ArrayList<>();
        for (Dimension dimension : Dimension.values()) {
            VectorField field = VectorField.of(dimension, ranked, words);
            if (field != null) {
                used.add(field);
            }
        }
        fields = used.toArray(new VectorField[0]);
    }

    /** Whether it has all flows of a version. */
    boolean isFor(long version) {
        return since <= version && version < before;
    }

    /** It is for versions from the given one on. */
    void beginAt(long version) {
        since = version;
    }

    /** It is not for a version and later ones. */
    void endBefore(long version) {
        before = Math.min(before, version);
    }

    /** How many flows it has. */
    int size() {
        return flows.length;
    }

    /** How many words a row has. */
    int words() {
        return words;
    }

    /** A flow, by falling priority. */
    FlowEntry flow(int rank) {
        return flows[rank];
    }

    VectorField[] fields() {
        return fields;
    }
}
