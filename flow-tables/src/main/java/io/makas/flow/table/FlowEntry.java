// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
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

    /** By table, then falling priority, then age. */
    static final Comparator<FlowEntry> LISTING_ORDER = Comparator.comparingInt(FlowEntry::table)
            .thenComparing(Comparator.comparingInt(FlowEntry::priority).reversed())
            .thenComparingLong(FlowEntry::createdNs)
            .thenComparingLong(FlowEntry::addedAt)
            // Flows of one edit have no order of their own, but should not change places from listing to listing.
            .thenComparingInt(entry -> entry.match().hashCode());

    /** Sets of flags by their bits, so that an entry need not keep one. */
    private static final List<Set<FlowFlag>> FLAG_SETS = flagSets();

    // As narrow as their ranges: there are millions of entries.
    private final byte table;
    private final byte flagBits;
    private final boolean isConjunctive;
    private final char priority;
    private final char importance;

    /** For the control thread. */
    private byte leftOutBefore;

    private final Match match;
    private final Instructions instructions;
    private final FlowCounters counters;

    /** Null for a flow that stays for ever, whatever packets it sees. */
    private final Ageing ageing;

    private final long cookie;
    private final long createdNs;
    private final long addedAt;

    /** Written by the control thread. */
    private volatile long removedAt = NEVER;

    /** The next entry with the same match: of a lower priority, or an older one. Written by the control thread. */
    private volatile FlowEntry next;

    /**
     * Makes an entry of what was asked for.
     *
     * @param match the match that was asked for, perhaps shared with others
     * @param instructions the instructions that were asked for, perhaps shared with others
     */
    FlowEntry(
            FlowMod.Add spec,
            Match match,
            Instructions instructions,
            FlowCounters counters,
            Ageing ageing,
            long createdNs,
            long addedAt) {
        this.table = (byte) spec.table();
        this.flagBits = bits(spec.flags());
        this.isConjunctive = isConjunctive(instructions);
        this.priority = (char) spec.priority();
        this.importance = (char) spec.importance();
        this.match = match;
        this.instructions = instructions;
        this.counters = counters;
        this.ageing = ageing;
        this.cookie = spec.cookie();
        this.createdNs = createdNs;
        this.addedAt = addedAt;
    }

    /** The table that it is in. */
    public int table() {
        return table & 0xff;
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
        return FLAG_SETS.get(flagBits & 0xff);
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
        counters.credit(has(FlowFlag.NO_PKT_COUNTS) ? 0 : packets, has(FlowFlag.NO_BYT_COUNTS) ? 0 : bytes, lastUsedNs);
    }

    /** The flow and its counters as they are now. */
    public FlowStatistics statistics(long nowNs) {
        return new FlowStatistics(
                table(),
                priority,
                match,
                instructions,
                cookie,
                idleTimeoutS(),
                hardTimeoutS(),
                flags(),
                importance,
                counters.packets(),
                counters.bytes(),
                nowNs - createdNs,
                nowNs - lastUsedNs(),
                nowNs - hardSinceNs());
    }

    @Override
    public String toString() {
        return "table " + table() + " priority " + priority + " " + match + " " + instructions;
    }

    /** Whether an edit asks for a flow like this one; timeouts that were shortened meanwhile do not count. */
    boolean isAskedForBy(FlowMod.Add add) {
        return cookie == add.cookie()
                && importance == add.importance()
                && flags().equals(add.flags())
                && (ageing == null
                        ? add.idleTimeoutS() == 0 && add.hardTimeoutS() == 0
                        : ageing.wasAskedFor(add.idleTimeoutS(), add.hardTimeoutS()))
                && instructions.equals(add.instructions());
    }

    /** What was asked for, with other instructions: for the entry that takes this one's place. */
    FlowMod.Add specWith(Instructions newInstructions) {
        return new FlowMod.Add(
                table(), priority, match, newInstructions, cookie, idleTimeoutS(), hardTimeoutS(), flags(), importance);
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

    /** How many fields of its mask had been left out of tries when it was linked ({@link IndexedFields}). */
    int leftOutBefore() {
        return leftOutBefore;
    }

    void leftOutBefore(int count) {
        leftOutBefore = (byte) count;
    }

    FlowEntry next() {
        return next;
    }

    void next(FlowEntry entry) {
        next = entry;
    }

    private boolean has(FlowFlag flag) {
        return (flagBits & 1 << flag.ordinal()) != 0;
    }

    private static boolean isConjunctive(Instructions instructions) {
        for (Action action : instructions.apply()) {
            if (action instanceof Action.Conjunction) {
                return true;
            }
        }
        return false;
    }

    private static byte bits(Set<FlowFlag> flags) {
        int bits = 0;
        for (FlowFlag flag : flags) {
            bits |= 1 << flag.ordinal();
        }
        return (byte) bits;
    }

    private static List<Set<FlowFlag>> flagSets() {
        List<Set<FlowFlag>> sets = new ArrayList<>();
        for (int bits = 0; bits < 1 << FlowFlag.values().length; bits++) {
            Set<FlowFlag> set = EnumSet.noneOf(FlowFlag.class);
            for (FlowFlag flag : FlowFlag.values()) {
                if ((bits & 1 << flag.ordinal()) != 0) {
                    set.add(flag);
                }
            }
            sets.add(Set.copyOf(set));
        }
        return sets;
    }
}
