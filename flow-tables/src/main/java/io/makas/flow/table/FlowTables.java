// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.group.GroupStatistics;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.table.Learning.Outcome;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * All the tables, and the one way to change them: in versions.
 *
 * <p>{@link #apply} makes a list of edits into the next version, all of them or none, and publishes it by one write of
 * {@code newest}. A walk reads the version once and sees the tables as they were at it, from its first table to its last, without
 * a lock; so no packet ever meets half an edit.
 *
 * <p><b>What becomes of removed entries.</b> They end with a version and stay linked for walks at earlier versions. Later the
 * control thread unlinks them, oldest first, having said in {@code reclaimed} up to which version it does so. A walk that was
 * overtaken by that, because its thread slept while many edits went by, finds out at its end ({@link #isIntact}) and starts
 * again at the newest version. So readers announce nothing, writers wait for nobody, and the garbage collector does the rest.
 *
 * <p>Threads: edits, timeouts and listings from any control thread, one at a time (they lock each other out); versions and
 * look-ups from any thread.
 */
public final class FlowTables {

    /** How many tables there are, numbered from 0; 255 means all of them. */
    public static final int COUNT = 255;

    /** Ended entries that stay linked without need, at most, before an edit unlinks some: room for walks to finish. */
    private static final int UNRECLAIMED_ENTRIES = 4_096;

    private final int maxFlows;
    private final FlowTable[] tables = new FlowTable[COUNT];
    private final ReentrantLock lock = new ReentrantLock();
    private final ChangeLog changeLog = new ChangeLog();
    private final Indexer indexer = new Indexer(this);

    /** Written under the lock, after everything that a version has. */
    private volatile Snapshot newest = Snapshot.FIRST;

    /** Entries that ended at this version or before may be unlinked. Written under the lock. */
    private volatile long reclaimed;

    // Under the lock:
    private final TimeoutQueue timeouts = new TimeoutQueue();
    private final References references = new References();
    private final ArrayDeque<FlowEntry> ended = new ArrayDeque<>();
    private long versionAtLastExpiry;
    private final FlowMonitors monitors = new FlowMonitors(this);
    private final LearnSources learnSources = new LearnSources();
    private final LearnGate learnGate = new LearnGate(tables);
    private final List<FlowRemoved> removedByLearning = new ArrayList<>();
    private int flows;

    /** Entries whose timeouts packets made shorter, for the next {@link #expire}. Any thread adds. */
    private final Queue<FlowEntry> shortened = new ConcurrentLinkedQueue<>();

    /**
     * Makes empty tables.
     *
     * @param maxFlows how many flows there can be in all tables together
     */
    public FlowTables(int maxFlows) {
        this.maxFlows = maxFlows;
        for (int id = 0; id < COUNT; id++) {
            tables[id] = new FlowTable(id);
        }
    }

    /** The newest version. */
    public long version() {
        return newest.version();
    }

    /** The newest version, and the groups and meters that there are in it. */
    public Snapshot snapshot() {
        return newest;
    }

    /** What has changed lately, in the tables and in what else walks go by. */
    public ChangeLog changeLog() {
        return changeLog;
    }

    /** A table, 0 to 254. */
    public FlowTable table(int id) {
        return tables[id];
    }

    /** Whether all look-ups so far at a version saw all that the version has; if not, they must be done again. */
    public boolean isIntact(long readVersion) {
        VarHandle.acquireFence();
        return readVersion >= reclaimed;
    }

    /**
     * Sets what can be set of a table; it counts for flows that are added from now on.
     *
     * @param id 0 to 254
     */
    public void configure(int id, TableConfig config) {
        withLock(() -> tables[id].config(config));
    }

    /** What flows of a table, 0 to 254, can say. */
    public TableFeatures features(int id) {
        return TableFeatures.of(tables[id], maxFlows);
    }

    /**
     * Publishes a new version in which the tables are the same but something else is not that look-ups depend on. What is
     * changed before this call is seen by all who read the new version.
     */
    public void advance() {
        withLock(() -> publish(newest.next(), List.of(Change.ofAnything())));
    }

    /**
     * Carries out edits in order, all of them or none; every look-up that begins afterwards sees them.
     *
     * @param mods the edits; later ones see earlier ones
     * @param nowNs the time, on the clock of {@link #expire}
     * @return the flows that were deleted
     * @throws FlowModException if one of the edits cannot be; then nothing has changed
     */
    public List<FlowRemoved> apply(List<? extends PipelineMod> mods, long nowNs) throws FlowModException {
        lock.lock();
        try {
            Edit edit = nextVersion(nowNs);
            boolean isDone = false;
            try {
                for (int index = 0; index < mods.size(); index++) {
                    edit.carryOut(index, mods.get(index));
                }
                isDone = true;
            } finally {
                if (!isDone) {
                    edit.undo();
                }
            }
            publish(edit);
            reclaimSome(edit);
            return edit.removed();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Adds a flow that a packet asks for by {@code learn}, for walks that begin afterwards, or refreshes it if it is there already.
     * Waits for nobody, as it is the packet's thread that asks.
     *
     * @param limit how many flows of the table may have the flow's cookie, 0 for no limit
     * @param nowNs the time, on the clock of {@link #expire}
     */
    public Learning learn(FlowMod.Add flow, int limit, long nowNs) {
        if (!lock.tryLock()) {
            return Learning.LATER;
        }
        try {
            Learning answer = learnGate.answer(flow, limit, version(), nowNs);
            if (answer != null) {
                return answer;
            }
            Edit edit = nextVersion(nowNs);
            FlowEntry learned;
            try {
                learned = edit.learn(flow);
            } catch (FlowModException e) {
                edit.undo();
                return Learning.REFUSED;
            }
            publish(edit);
            reclaimSome(edit);
            removedByLearning.addAll(edit.removed());
            return new Learning(Outcome.LEARNED, learned);
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #learn} would find the flow there or be allowed one more by the limit; for who only wants to know. */
    public boolean isLearnable(FlowMod.Add flow, int limit) {
        lock.lock();
        try {
            return learnGate.isWithinLimit(flow, limit, version());
        } finally {
            lock.unlock();
        }
    }

    /** Shortens a flow's timeouts, or gives it such; 0 changes nothing. For any thread. */
    public void shortenTimeouts(FlowEntry entry, int idleTimeoutS, int hardTimeoutS) {
        if (entry.ageing() != null && entry.ageing().shorten(idleTimeoutS, hardTimeoutS)) {
            shortened.add(entry);
        }
    }

    /**
     * Removes the flows whose time is over. To be called about once a second, with the flows' counters up to date.
     *
     * @return the flows removed, and those that gave way to what packets had learned since the last call
     */
    public List<FlowRemoved> expire(long nowNs) {
        lock.lock();
        try {
            // What ended before the last call has been left alone for a second: no walk takes that long.
            int old = 0;
            for (FlowEntry entry : ended) {
                if (entry.removedAt() > versionAtLastExpiry) {
                    break;
                }
                old++;
            }
            reclaim(old);
            for (FlowEntry entry = shortened.poll(); entry != null; entry = shortened.poll()) {
                timeouts.noteSooner(entry);
                tables[entry.table()].noteSooner(entry);
            }
            Edit edit = nextVersion(nowNs);
            for (FlowEntry entry = timeouts.poll(nowNs); entry != null; entry = timeouts.poll(nowNs)) {
                edit.remove(entry, TimeoutQueue.reason(entry));
            }
            publish(edit);
            versionAtLastExpiry = newest.version();
            List<FlowRemoved> removed = new ArrayList<>(removedByLearning);
            removed.addAll(edit.removed());
            removedByLearning.clear();
            return removed;
        } finally {
            lock.unlock();
        }
    }

    /** Has look-ups in tables that are seldom added to go by indexes. To be called about once a second, by one thread. */
    public void index() {
        indexer.takeTurn();
    }

    /** Publishes a new version that differs in nothing but which of two flows of one priority is found. Under the lock. */
    void advanceUnchanged() {
        publish(newest.next(), List.of());
    }

    /** The flows that a filter accepts, by table, then falling priority, then age. */
    public List<FlowEntry> flows(FlowFilter filter) {
        List<FlowEntry> found = new ArrayList<>();
        withLock(() -> found.addAll(collect(filter)));
        found.sort(FlowEntry.LISTING_ORDER);
        return found;
    }

    /** The flows that a table has at a version, in no order: for questions of people, not for walks of packets. */
    public List<FlowEntry> entries(int table, long atVersion) {
        List<FlowEntry> entries = new ArrayList<>();
        withLock(() -> tables[table].forEach(FlowFilter.inTable(table), atVersion, entries::add));
        return entries;
    }

    /** The groups and their counters, by id. */
    public List<GroupStatistics> groups(long nowNs) {
        List<GroupStatistics> all = new ArrayList<>();
        withLock(() -> newest.groups()
                .forEach(entry -> all.add(
                        entry.statistics(references.countOfGroup(entry.group().id()), nowNs))));
        all.sort((left, right) ->
                Integer.compareUnsigned(left.group().id(), right.group().id()));
        return all;
    }

    /** The meters and their counters, by id. */
    public List<MeterStatistics> meters(long nowNs) {
        List<MeterStatistics> all = new ArrayList<>();
        withLock(() -> newest.meters()
                .forEach(entry -> all.add(
                        entry.statistics(references.countOfMeter(entry.meter().id()), nowNs))));
        all.sort((left, right) ->
                Integer.compareUnsigned(left.meter().id(), right.meter().id()));
        return all;
    }

    /** The counters of every table that has flows or was looked up in. */
    public List<TableStatistics> statistics() {
        List<TableStatistics> all = new ArrayList<>();
        for (FlowTable table : tables) {
            TableStatistics statistics = table.statistics();
            if (statistics.flows() != 0 || statistics.lookups() != 0) {
                all.add(statistics);
            }
        }
        return all;
    }

    /**
     * Follows what becomes of flows from now on.
     *
     * @param filter which flows
     * @param capacity events that may wait to be read, at least 1
     */
    public FlowMonitor monitor(FlowFilter filter, int capacity) {
        return monitors.open(filter, capacity);
    }

    /** Does something with the flows that a filter accepts, in no order, that there are as long as it takes. */
    void withFlows(FlowFilter filter, Consumer<List<FlowEntry>> task) {
        withLock(() -> task.accept(collect(filter)));
    }

    /** Does something while nothing is edited. */
    public void withLock(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }

    private List<FlowEntry> collect(FlowFilter filter) {
        List<FlowEntry> found = new ArrayList<>();
        for (FlowTable table : tables) {
            if (filter.table() == FlowFilter.ALL_TABLES || filter.table() == table.id()) {
                table.forEach(filter, newest.version(), found::add);
            }
        }
        return found;
    }

    private Edit nextVersion(long nowNs) {
        Edit edit = new Edit(tables, newest, references, nowNs, maxFlows - flows);
        if (!monitors.isEmpty()) {
            edit.takeDownChanges();
        }
        return edit;
    }

    private void publish(Snapshot snapshot, List<Change> changes) {
        changeLog.append(changes, generation -> newest = snapshot.of(generation));
    }

    private void publish(Edit edit) {
        if (edit.isEmpty()) {
            return;
        }
        learnSources.addAll(edit.removeOrphans(learnSources));
        edit.publishTables();
        publish(edit.after(), edit.alterations());
        flows += edit.more();
        for (FlowEntry entry : edit.begun()) {
            timeouts.add(entry);
        }
        for (FlowEntry entry : edit.ended()) {
            timeouts.noteRemoved(entry);
        }
        ended.addAll(edit.ended());
        monitors.tell(edit.changes());
    }

    /** Unlinks some ended entries, if there are many: at most twice as many as the edit ended, so that none pays for all. */
    private void reclaimSome(Edit edit) {
        reclaim(Math.clamp(
                ended.size() - UNRECLAIMED_ENTRIES, 0, 2 * edit.ended().size()));
    }

    /** Unlinks the entries that ended first. */
    private void reclaim(int count) {
        if (count == 0) {
            return;
        }
        List<FlowEntry> oldest = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            oldest.add(ended.poll());
        }
        reclaimed = oldest.getLast().removedAt();
        // Whoever sees one of the next writes must see the one before, or it would trust an answer that lacks an entry.
        VarHandle.releaseFence();
        for (FlowEntry entry : oldest) {
            tables[entry.table()].classifier().unlink(entry);
        }
        boolean isReordered = false;
        for (FlowEntry entry : oldest) {
            isReordered |= tables[entry.table()].classifier().publish();
        }
        if (isReordered) {
            // Of flows of the same priority, another one may be found from now on: no two answers of one version may
            // differ.
            advanceUnchanged();
        }
    }
}
