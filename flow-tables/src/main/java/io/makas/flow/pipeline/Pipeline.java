// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.group.GroupStatistics;
import io.makas.flow.meter.MeterStatistics;
import io.makas.flow.table.ChangeLog;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowMonitor;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.FlowTables;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.table.Snapshot;
import io.makas.flow.table.TableConfig;
import io.makas.flow.table.TableFeatures;
import io.makas.flow.table.TableStatistics;
import io.makas.flow.table.TrafficCounter;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The flow tables and the ports that they send to: a control side edits them, workers ask what to do with a packet.
 *
 * <pre>
 *   apply, expire, setPorts ──► version n+1 ┐
 *                                           ├─ FlowTables, Ports ──► translate(key) at version n or n+1 ──► Translation
 *   flows, tables, trace    ◄── version n   ┘
 * </pre>
 *
 * <p>An edit is in force when {@link #apply} returns: every {@link #translate} that begins afterwards sees it, and
 * {@link #generation()} tells caches that older answers may be wrong, and {@link #changes} which of them are right still. A
 * translation sees all of an edit or nothing of it.
 *
 * <p>Threads: any. Edits lock each other out; {@link #translate} takes no lock and waits for nobody.
 */
public final class Pipeline {

    private final LongSupplier clockNs;
    private final FlowTables tables;
    private final MacTable macs;
    private final FrozenStates frozen;
    private final ShortWalk shortWalk = new ShortWalk();

    /** Written before the version that has them. */
    private volatile Ports ports = Ports.NONE;

    /**
     * Makes a pipeline without flows and ports.
     *
     * @param clockNs the time in nanoseconds, of any beginning, such as {@link System#nanoTime()}
     * @param maxFlows how many flows there can be in all tables together
     */
    public Pipeline(LongSupplier clockNs, int maxFlows) {
        this.clockNs = clockNs;
        this.tables = new FlowTables(maxFlows);
        this.macs = new MacTable(tables.changeLog());
        // From then on packets may come back: older answers, which do not tell them from new ones, are wrong.
        this.frozen = new FrozenStates(tables::advance);
    }

    /**
     * Grows with every change that may alter an answer: a translation of another generation is not to be trusted, unless
     * {@link #changes} says so.
     */
    public long generation() {
        return tables.changeLog().generation();
    }

    /** What has changed lately: tells which answers of older generations are right still. */
    public ChangeLog changes() {
        return tables.changeLog();
    }

    /**
     * Answers what to do with a packet, and with every packet like it. A packet that comes back with a
     * {@link io.makas.flow.key.Field#RECIRC_ID} in its key goes on with the walk that was interrupted with this number.
     *
     * @param key the packet's key, {@link io.makas.flow.key.KeyLayout#WORDS} long; not changed, not kept
     */
    public Translation translate(long[] key) {
        while (true) {
            View view = view();
            boolean wereInterrupted = frozen.isUsed();
            Translation translation = wereInterrupted ? null : shortWalk.translate(view, key);
            if (translation == null) {
                translation = new Walk(view, key, null).translate();
            }
            if (frozen.isUsed() == wereInterrupted && tables.isIntact(view.version())) {
                return translation;
            }
        }
    }

    /** Tells what would be done with a packet, and why; counts and learns nothing. The key is not changed and not kept. */
    public Trace trace(long[] key) {
        while (true) {
            View view = view();
            TraceRecorder recorder = new TraceRecorder(tables, view.version());
            Translation translation = new Walk(view, key, recorder).translate();
            if (tables.isIntact(view.version())) {
                return recorder.trace(key, translation);
            }
        }
    }

    /**
     * Counts packets for everything that a translation says they met: the flows, tables, groups and
     * buckets, once for each time that one was met.
     *
     * @param bytes their bytes as received
     * @param lastUsedNs when the last of them came, on the pipeline's clock
     */
    public void credit(Translation translation, long packets, long bytes, long lastUsedNs) {
        for (int table : translation.credits().tables()) {
            tables.table(table).creditLookups(packets);
        }
        for (FlowEntry entry : translation.credits().entries()) {
            entry.credit(packets, bytes, lastUsedNs);
            tables.table(entry.table()).creditMatches(packets);
        }
        for (TrafficCounter counter : translation.credits().counters()) {
            counter.add(packets, bytes);
        }
        List<Use> uses = translation.credits().uses();
        for (int i = 0; i < uses.size(); i++) {
            switch (uses.get(i)) {
                case LearnedAddress source -> source.see(lastUsedNs);
                case Use.Learned(FlowEntry entry) -> entry.refresh(lastUsedNs);
                case Use.TcpEnd(FlowEntry entry, int idleS, int hardS) -> tables.shortenTimeouts(entry, idleS, hardS);
            }
        }
    }

    /**
     * Carries out edits of flows, groups and meters in order, all of them or none.
     *
     * @return the flows that were deleted, those with their group or meter, too
     * @throws FlowModException if one of the edits cannot be; then nothing has changed
     */
    public List<FlowRemoved> apply(List<? extends PipelineMod> mods) throws FlowModException {
        return tables.apply(mods, clockNs.getAsLong());
    }

    /**
     * Removes the flows whose time is over, and forgets addresses that were not seen for long. To be called about once a
     * second, after the flows were credited with what the workers have counted.
     *
     * @return the flows removed
     */
    public List<FlowRemoved> expire(long nowNs) {
        macs.expire(nowNs);
        List<FlowRemoved> removed = tables.expire(nowNs);
        tables.index();
        return removed;
    }

    /** Says which ports there are and what may be sent by them. Flows that name other ports are fine, and drop there. */
    public void setPorts(Collection<PortState> states) {
        Ports newPorts = Ports.of(states);
        if (!newPorts.equals(ports)) {
            ports = newPorts;
            tables.advance();
            macs.forgetPortsOtherThan(newPorts);
        }
    }

    /**
     * Sets what can be set of a table; it counts for flows that are added from now on.
     *
     * @param table 0 to 254
     * @throws IndexOutOfBoundsException if there is no such table
     */
    public void configureTable(int table, TableConfig config) {
        tables.configure(table, config);
    }

    /**
     * What was set of a table.
     *
     * @param table 0 to 254
     * @throws IndexOutOfBoundsException if there is no such table
     */
    public TableConfig tableConfig(int table) {
        return tables.table(table).config();
    }

    /**
     * What flows of a table can say.
     *
     * @param table 0 to 254
     * @throws IndexOutOfBoundsException if there is no such table
     */
    public TableFeatures tableFeatures(int table) {
        return tables.features(table);
    }

    /** The flows that a filter accepts, by table, then falling priority, then age. */
    public List<FlowStatistics> flows(FlowFilter filter) {
        long nowNs = clockNs.getAsLong();
        return tables.flows(filter).stream()
                .map(entry -> entry.statistics(nowNs))
                .toList();
    }

    /** The groups and their counters, by id. */
    public List<GroupStatistics> groups() {
        return tables.groups(clockNs.getAsLong());
    }

    /** The meters and their counters, by id. */
    public List<MeterStatistics> meters() {
        return tables.meters(clockNs.getAsLong());
    }

    /**
     * Follows what becomes of flows from now on: those that there are, then what is added, modified and removed.
     *
     * @param filter which flows
     * @param capacity events that may wait to be read, at least 1; of more, it is told that they were lost
     */
    public FlowMonitor monitor(FlowFilter filter, int capacity) {
        return tables.monitor(filter, capacity);
    }

    /** The counters of every table that has flows or was looked up in. */
    public List<TableStatistics> tables() {
        return tables.statistics();
    }

    /** Has look-ups go by indexes in all tables that may have one, for tests and measurements; there {@link #expire} is called. */
    public void index() {
        // In the first turn it may be that much has been added since the one before.
        tables.index();
        tables.index();
    }

    /** Does something while nothing is edited, for tests. */
    void whileLocked(Runnable task) {
        tables.withLock(task);
    }

    /** What a walk goes by, each part at least as new as the version. */
    private View view() {
        long generation = generation();
        Snapshot snapshot = tables.snapshot();
        // What is read is published before its generation: it is at least as new as either of these.
        long newer = Math.max(generation, snapshot.generation());
        return new View(tables, snapshot, newer, ports, macs, frozen, clockNs);
    }
}
