// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;
import java.util.Arrays;
import java.util.List;

/** Collects the {@link Credits} of a walk. For one walk. */
final class CreditList {

    private FlowEntry[] entries = new FlowEntry[4];
    private int entryCount;
    private int[] tables = new int[4];
    private int tableCount;

    /** How many tables were looked up. */
    int tableCount() {
        return tableCount;
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

    Credits toCredits(List<Use> uses) {
        return new Credits(Arrays.copyOf(entries, entryCount), Arrays.copyOf(tables, tableCount), List.copyOf(uses));
    }
}
