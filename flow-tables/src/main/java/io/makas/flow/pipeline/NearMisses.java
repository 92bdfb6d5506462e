// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTables;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for the flows of a table that a packet nearly matched: those that would have won, had the packet been another in the
 * fewest fields. It looks at every flow of the table, so only traces do.
 */
final class NearMisses {

    /** How many are told. */
    static final int MAX_FOUND = 3;

    /** A flow that wants more fields to be others is not near. */
    static final int MAX_DIFFERENCES = 3;

    /** Flows of a table that are looked at; with more, some that are near may not be found. */
    static final int MAX_EXAMINED = 1 << 20;

    private record Found(FlowEntry entry, int differences) {}

    private final FlowEntry winner;
    private final int lowestPriority;
    private final long[] key;
    private final List<Found> found = new ArrayList<>(MAX_FOUND + 1);

    private NearMisses(FlowEntry winner, long[] key) {
        this.winner = winner;
        this.lowestPriority = winner == null ? 0 : winner.priority();
        this.key = key;
    }

    /**
     * Finds them, the nearest first.
     *
     * @param winner the flow that matched, or null
     * @param key the packet as it was looked up
     */
    static List<Trace.NearMiss> find(FlowTables tables, int table, long version, FlowEntry winner, long[] key) {
        NearMisses search = new NearMisses(winner, key);
        tables.entries(table, version).stream().limit(MAX_EXAMINED).forEach(search::examine);
        List<Trace.NearMiss> nearMisses = new ArrayList<>(search.found.size());
        for (Found each : search.found) {
            nearMisses.add(new Trace.NearMiss(each.entry, KeyFields.differences(each.entry.match(), key)));
        }
        return nearMisses;
    }

    private void examine(FlowEntry entry) {
        if (entry == winner || entry.priority() < lowestPriority) {
            return;
        }
        int limit = (found.size() == MAX_FOUND ? found.getLast().differences : MAX_DIFFERENCES) + 1;
        int differences = KeyFields.countDifferences(entry.match(), key, limit);
        // One that differs in nothing lost to another flow of the same priority.
        if (differences < limit && differences > 0) {
            insert(new Found(entry, differences));
        }
    }

    private void insert(Found added) {
        int at = found.size();
        while (at > 0 && isNearer(added, found.get(at - 1))) {
            at--;
        }
        found.add(at, added);
        if (found.size() > MAX_FOUND) {
            found.removeLast();
        }
    }

    /** Of those that differ in as many fields, the one that wants more of the packet is nearer, then the one of higher priority. */
    private static boolean isNearer(Found left, Found right) {
        if (left.differences != right.differences) {
            return left.differences < right.differences;
        }
        int leftBits = bits(left.entry);
        int rightBits = bits(right.entry);
        return leftBits != rightBits ? leftBits > rightBits : left.entry.priority() > right.entry.priority();
    }

    private static int bits(FlowEntry entry) {
        int bits = 0;
        for (int i = 0; i < entry.match().mask().count(); i++) {
            bits += Long.bitCount(entry.match().mask().bits(i));
        }
        return bits;
    }
}
