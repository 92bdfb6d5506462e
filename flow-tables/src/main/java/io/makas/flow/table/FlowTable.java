// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.match.Match;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * One table of flows: a number, a {@link Classifier}, counters.
 *
 * <p>Threads: {@link FlowTables} edits, under its lock; any thread looks up and counts.
 */
public final class FlowTable {

    /** Ended flows that may be in the eviction order besides as many as there are flows. */
    private static final int EVICTION_SLACK = 1_000;

    private static final int MAX_COUNTED_COOKIES = 1_024;

    private final int id;
    private final Classifier classifier = new Classifier();
    private final LongAdder lookups = new LongAdder();
    private final LongAdder matched = new LongAdder();

    /** Written under the lock of {@link FlowTables}. */
    private volatile int flows;

    /** Written under the lock of {@link FlowTables}. */
    private volatile TableConfig config;

    /** Null until a flow was to be evicted, and after an edit that was undone. Under the lock of {@link FlowTables}. */
    private EvictionOrder evictionOrder;

    /** How many flows have each of the cookies that were asked for. Under the lock of {@link FlowTables}. */
    private final Map<Long, Integer> cookieCounts = new HashMap<>();

    FlowTable(int id) {
        this.id = id;
        this.config = TableConfig.initial(id);
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

    /** How many flows there are. */
    int flows() {
        return flows;
    }

    /** What was set of it. */
    public TableConfig config() {
        return config;
    }

    void config(TableConfig newConfig) {
        config = newConfig;
        evictionOrder = null;
    }

    /** Whether there is no room for one more flow. */
    boolean isFull() {
        return flows >= config.maxFlows();
    }

    /** The flow that gives way to a new one in a table that evicts; null if none does. */
    FlowEntry pollEvicted(int newImportance, long version) {
        if (!config.evicts()) {
            return null;
        }
        if (evictionOrder == null || evictionOrder.size() > 2 * flows + EVICTION_SLACK) {
            evictionOrder = new EvictionOrder();
            forEach(FlowFilter.ALL, version, evictionOrder::add);
        }
        return evictionOrder.poll(newImportance);
    }

    /** How many flows have a cookie. Counted once, and kept up to date from then on. */
    int flowsWithCookie(long cookie, long version) {
        Integer known = cookieCounts.get(cookie);
        if (known != null) {
            return known;
        }
        if (cookieCounts.size() == MAX_COUNTED_COOKIES) {
            cookieCounts.clear();
        }
        int[] count = new int[1];
        forEach(FlowFilter.inTable(id).withCookie(cookie, -1L), version, entry -> count[0]++);
        cookieCounts.put(cookie, count[0]);
        return count[0];
    }

    /** Notes that there is one more flow. */
    void noteBegun(FlowEntry entry) {
        flows++;
        countCookie(entry, 1);
        if (evictionOrder != null) {
            evictionOrder.add(entry);
        }
    }

    /** Notes that a flow has ended. */
    void noteEnded(FlowEntry entry) {
        flows--;
        countCookie(entry, -1);
    }

    /** Notes that a flow times out sooner than was said. */
    void noteSooner(FlowEntry entry) {
        if (evictionOrder != null) {
            evictionOrder.add(entry);
        }
    }

    /** Notes that there are so many flows more than was said, and that some that had ended may not have. */
    void noteUndone(int more) {
        flows += more;
        evictionOrder = null;
        cookieCounts.clear();
    }

    Classifier classifier() {
        return classifier;
    }

    private void countCookie(FlowEntry entry, int more) {
        if (!cookieCounts.isEmpty()) {
            cookieCounts.computeIfPresent(entry.cookie(), (cookie, count) -> count + more);
        }
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
