// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import java.util.Set;

/**
 * A flow in a table: what a {@link FlowMod.Add} asked for, when it was there, and what it has seen.
 *
 * <p>An entry never changes but for its end and its timeouts: it is visible to walks at versions from {@code addedAt} to before
 * {@code removedAt}. Modifying a flow ends one entry and begins another with the same counters, in the same version.
 *
 * <p>Threads: the control thread that holds the tables' lock makes and removes entries; workers read and credit them at any
 * time, also after they were removed.
 */
public final class FlowEntry {

    /** {@link #removedAt} of an entry that is still there. */
    static final long NEVER = Long.MAX_VALUE;

    private final int table;
    private final int priority;
    private final int importance;
    private final Match match;
    private final Instructions instructions;
    private final Set<FlowFlag> flags;
    private final FlowCounters counters;

    /** Null for a flow that stays for ever, whatever packets it sees. */
    private final Ageing ageing;

    private final boolean isConjunctive;
    private final long cookie;
    private final long createdNs;
    private final long addedAt;

    /** Written by the control thread. */
    private volatile long removedAt = NEVER;

    /** The next entry with the same match: of a lower priority, or an older one. Written by the control thread. */
    private volatile FlowEntry next;

    FlowEntry(FlowMod.Add spec, Match match, FlowCounters counters, Ageing ageing, long createdNs, long addedAt) {
        this.table = spec.table();
        this.priority = spec.priority();
        this.importance = spec.importance();
        this.match = match;
        this.instructions = spec.instructions();
        this.flags = spec.flags();
        this.counters = counters;
        this.ageing = ageing;
        this.isConjunctive = spec.instructions().apply().stream().anyMatch(Action.Conjunction.class::isInstance);
        this.cookie = spec.cookie();
        this.createdNs = createdNs;
        this.addedAt = addedAt;
    }

    /** The table that it is in. */
    public int table() {
        return table;
    }

    /** 0 to 65535. */
    public int priority() {
        return priority;
    }

    /** Which packets. */
    public Match match() {
        return match;
    }

    /** What is done with them. */
    public Instructions instructions() {
        return instructions;
    }

    /** The controller's number. */
    public long cookie() {
        return cookie;
    }

    /** Seconds without a packet after which the flow goes; 0 for never. A {@code fin_timeout} may shorten it. */
    public int idleTimeoutS() {
        return ageing == null ? 0 : ageing.idleTimeoutS();
    }

    /** Seconds after which the flow goes in any case; 0 for never. A {@code fin_timeout} may shorten it. */
    public int hardTimeoutS() {
        return ageing == null ? 0 : ageing.hardTimeoutS();
    }

    /** Where the table is full, less important flows go first; 0 to 65535. */
    public int importance() {
        return importance;
    }

    /** Whether it goes some day without anybody's doing. */
    boolean canExpire() {
        return ageing != null && (ageing.idleTimeoutS() != 0 || ageing.hardTimeoutS() != 0);
    }

    /** When it times out; null for a flow that stays for ever. */
    Ageing ageing() {
        return ageing;
    }

    /** What else was asked for. */
    public Set<FlowFlag> flags() {
        return flags;
    }

    /** When it was added (not modified), on the pipeline's clock. */
    public long createdNs() {
        return createdNs;
    }

    /** When the last packet matched; when it was added, if none has. */
    public long lastUsedNs() {
        // Counters taken over from a replaced flow may be older than this one.
        return createdNs - counters.lastUsedNs() > 0 ? createdNs : counters.lastUsedNs();
    }

    /** When its hard timeout began to run. */
    long hardSinceNs() {
        return ageing == null ? createdNs : ageing.hardSinceNs();
    }

    /** Notes that a packet would have had the flow added if it were not there: its hard timeout begins anew. */
    public void refresh(long nowNs) {
        if (ageing != null) {
            ageing.restart(nowNs);
        }
    }

    /** Whether this is a table-miss flow: priority 0 and every packet. */
    public boolean isTableMiss() {
        return priority == 0 && match.isAny();
    }

    /**
     * Counts packets that matched; callable from any thread at any time.
     *
     * @param bytes their bytes as received
     * @param lastUsedNs when the last of them came, on the pipeline's clock
     */
    public void credit(long packets, long bytes, long lastUsedNs) {
        counters.credit(
                flags.contains(FlowFlag.NO_PKT_COUNTS) ? 0 : packets,
                flags.contains(FlowFlag.NO_BYT_COUNTS) ? 0 : bytes,
                lastUsedNs);
    }

    /** The flow and its counters as they are now. */
    public FlowStatistics statistics(long nowNs) {
        return new FlowStatistics(
                table,
                priority,
                match,
                instructions,
                cookie,
                idleTimeoutS(),
                hardTimeoutS(),
                flags,
                importance,
                counters.packets(),
                counters.bytes(),
                nowNs - createdNs,
                nowNs - lastUsedNs(),
                nowNs - hardSinceNs());
    }

    @Override
    public String toString() {
        return "table " + table + " priority " + priority + " " + match + " " + instructions;
    }

    /** Whether an edit asks for a flow like this one; timeouts that were shortened meanwhile do not count. */
    boolean isAskedForBy(FlowMod.Add add) {
        return cookie == add.cookie()
                && importance == add.importance()
                && flags.equals(add.flags())
                && (ageing == null
                        ? add.idleTimeoutS() == 0 && add.hardTimeoutS() == 0
                        : ageing.wasAskedFor(add.idleTimeoutS(), add.hardTimeoutS()))
                && instructions.equals(add.instructions());
    }

    /** What was asked for, with other instructions: for the entry that takes this one's place. */
    FlowMod.Add specWith(Instructions newInstructions) {
        return new FlowMod.Add(
                table, priority, match, newInstructions, cookie, idleTimeoutS(), hardTimeoutS(), flags, importance);
    }

    FlowCounters counters() {
        return counters;
    }

    long addedAt() {
        return addedAt;
    }

    long removedAt() {
        return removedAt;
    }

    void removedAt(long version) {
        removedAt = version;
    }

    boolean isVisibleAt(long version) {
        return addedAt <= version && version < removedAt;
    }

    /** Whether this is no flow of its own but an alternative of a clause of conjunctions ({@link Action.Conjunction}). */
    boolean isConjunctive() {
        return isConjunctive;
    }

    /** The next entry with the same match that is visible at a version, or null. */
    FlowEntry nextVisibleAt(long version) {
        FlowEntry entry = next;
        while (entry != null && !entry.isVisibleAt(version)) {
            entry = entry.next;
        }
        return entry;
    }

    FlowEntry next() {
        return next;
    }

    void next(FlowEntry entry) {
        next = entry;
    }
}
