// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.TrafficCounter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Collects the {@link Credits} of a walk. For one walk. */
final class CreditList {

    private static final TrafficCounter[] NO_COUNTERS = {};
    private static final int OPEN = -1;

    private FlowEntry[] entries = new FlowEntry[4];
    private int entryCount;
    private int[] tables = new int[4];
    private int tableCount;
    private TrafficCounter[] counters = NO_COUNTERS;
    private int counterCount;
    private final List<Scope> scopes = new ArrayList<>(0);

    /** What was credited behind a meter, up to where what it drops ends: its first place in each list, and the one behind. */
    static final class Scope {
        final int firstEntry;
        final int firstTable;
        final int firstCounter;
        int endEntry = OPEN;
        int endTable;
        int endCounter;

        private Scope(int firstEntry, int firstTable, int firstCounter) {
            this.firstEntry = firstEntry;
            this.firstTable = firstTable;
            this.firstCounter = firstCounter;
        }
    }

    /** How many tables were looked up, and groups and buckets met. */
    int stepCount() {
        return tableCount + counterCount;
    }

    /** The packet was handed to a group or a bucket. */
    void add(TrafficCounter counter) {
        if (counterCount == counters.length) {
            counters = Arrays.copyOf(counters, Math.max(4, counterCount * 2));
        }
        counters[counterCount++] = counter;
    }

    /** The packet passes a meter: what follows counts for packets that have passed only. */
    void openScope() {
        scopes.add(new Scope(entryCount, tableCount, counterCount));
    }

    /** How many meters there were. */
    int scopeCount() {
        return scopes.size();
    }

    /** What meters drop ends here: those from the {@code first} on, for which it has not ended yet. */
    void closeScopes(int first) {
        for (Scope scope : scopes.subList(first, scopes.size())) {
            if (scope.endEntry == OPEN) {
                scope.endEntry = entryCount;
                scope.endTable = tableCount;
                scope.endCounter = counterCount;
            }
        }
    }

    /** What is behind the {@code index}th meter. */
    Scope scope(int index) {
        return scopes.get(index);
    }

    /**
     * A table was looked up.
     *
     * @param entry what was found, or null
     */
    void add(int table, FlowEntry entry) {
        if (tableCount == tables.length) {
            tables = Arrays.copyOf(tables, tableCount * 2);
        }
        tables[tableCount++] = table;
        if (entry != null) {
            if (entryCount == entries.length) {
                entries = Arrays.copyOf(entries, entryCount * 2);
            }
            entries[entryCount++] = entry;
        }
    }

    /** The credits of a walk that is at its end. */
    Credits toCredits(List<Use> uses) {
        closeScopes(0);
        return new Credits(
                Arrays.copyOf(entries, entryCount),
                Arrays.copyOf(tables, tableCount),
                counterCount == 0 ? NO_COUNTERS : Arrays.copyOf(counters, counterCount),
                List.copyOf(uses));
    }
}
