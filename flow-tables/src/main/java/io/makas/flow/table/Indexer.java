// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.List;

/**
 * Has look-ups go by a {@link VectorIndex} in tables that are small enough and that are seldom added to. Making one takes
 * some milliseconds, in which the tables are not locked.
 *
 * <p>For one control thread at a time.
 */
final class Indexer {

    /** Tables that are indexed in one turn. */
    private static final int MAX_TABLES = 8;

    /** More flows than that were added since the last turn: more will be. */
    private static final int FEW_ADDITIONS = 16;

    private final FlowTables tables;
    private final long[] additionsBefore = new long[FlowTables.COUNT];

    Indexer(FlowTables tables) {
        this.tables = tables;
    }

    /** Makes indexes where there should be some. To be called about once a second. */
    void takeTurn() {
        int done = 0;
        for (int id = 0; id < FlowTables.COUNT && done < MAX_TABLES; id++) {
            Classifier classifier = tables.table(id).classifier();
            long additions = classifier.additions();
            boolean isQuiet = additions - additionsBefore[id] <= FEW_ADDITIONS;
            additionsBefore[id] = additions;
            if (additions != 0 && isQuiet && classifier.lacksIndex(tables.version()) && index(id)) {
                done++;
            }
        }
    }

    /** Makes an index of a table, if it is one for that; answers whether it has one now. */
    boolean index(int id) {
        FlowTable table = tables.table(id);
        Classifier classifier = table.classifier();
        List<FlowEntry> flows = new ArrayList<>();
        long[] additions = new long[1];
        tables.withLock(() -> {
            if (table.flows() <= VectorIndex.MAX_FLOWS && classifier.subtableCount() >= VectorIndex.MIN_MASKS) {
                table.forEach(FlowFilter.inTable(id), tables.version(), flows::add);
            }
            additions[0] = classifier.additions();
        });
        if (flows.isEmpty()) {
            return false;
        }
        VectorIndex index = new VectorIndex(flows);
        boolean[] isDone = new boolean[1];
        tables.withLock(() -> {
            isDone[0] = classifier.additions() == additions[0];
            if (isDone[0]) {
                // Of flows of one priority it may find another one: it begins with a version of its own.
                index.beginAt(tables.version() + 1);
                classifier.index(index);
                tables.advanceUnchanged();
            }
        });
        return isDone[0];
    }
}
