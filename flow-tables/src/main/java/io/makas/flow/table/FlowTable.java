// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.match.Match;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * One table of flows: a number, a {@link Classifier}, counters.
 *
 * <p>Threads: {@link FlowTables} edits, under its lock; any thread looks up and counts.
 */
public final class FlowTable {

    private final int id;
    private final Classifier classifier = new Classifier();
    private final LongAdder lookups = new LongAdder();
    private final LongAdder matched = new LongAdder();

    /** Written under the lock of {@link FlowTables}. */
    private volatile int flows;

    FlowTable(int id) {
        this.id = id;
    }

    /** The table's number, 0 to 254. */
    public int id() {
        return id;
    }

    /**
     * Finds the flow of the highest priority that a packet matches.
     *
     * @param version of the tables that the walk goes by
     * @param consulted receives the bits of the key that the answer depends on
     * @return the entry, or null if there is none
     */
    public FlowEntry lookup(long[] key, long version, long[] consulted) {
        return classifier.lookup(key, version, consulted);
    }

    /** Counts packets that were looked up here. */
    public void creditLookups(long packets) {
        lookups.add(packets);
    }

    /** Counts packets that some flow matched here. */
    public void creditMatches(long packets) {
        matched.add(packets);
    }

    /** The counters as they are now. */
    public TableStatistics statistics() {
        return new TableStatistics(id, flows, lookups.sum(), matched.sum());
    }

    Classifier classifier() {
        return classifier;
    }

    void countFlows(int more) {
        flows += more;
    }

    /** Calls with each flow visible at a version that a filter accepts. */
    void forEach(FlowFilter filter, long version, Consumer<FlowEntry> visitor) {
        if (filter.isStrict()) {
            FlowEntry entry = classifier.find(filter.match(), filter.strictPriority(), version);
            if (entry != null && filter.accepts(entry)) {
                visitor.accept(entry);
            }
            return;
        }
        Match within = filter.match();
        classifier.forEachCandidate(within, entry -> {
            if (entry.isVisibleAt(version) && filter.accepts(entry)) {
                visitor.accept(entry);
            }
        });
    }
}
