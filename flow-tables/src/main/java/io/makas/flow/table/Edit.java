// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.group.GroupMod;
import io.makas.flow.match.Match;
import io.makas.flow.meter.MeterMod;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The next version in the making: carries out flow-mods as entries that begin and entries that end with it. No look-up sees
 * them before the version is published, and until then all of it can be undone. Flow-mods of one edit see each other.
 *
 * <p>Thread: the control thread that holds the lock of {@link FlowTables}.
 */
final class Edit {

    private static final int MAX_PRIORITY = 0xffff;
    private static final int MAX_TIMEOUT_S = 0xffff;
    private static final int MAX_IMPORTANCE = 0xffff;

    private final FlowTable[] tables;
    private final long version;
    private final long nowNs;
    private final int maxMore;
    private final References references;
    private final GroupEdit groups;
    private final MeterEdit meters;
    private final List<FlowEntry> begun = new ArrayList<>();
    private final List<FlowEntry> ended = new ArrayList<>();
    private final List<FlowRemoved> removed = new ArrayList<>();

    /** What there is to tell of the edit; null if nobody listens. */
    private List<FlowMonitors.Change> changes;

    /** Starts an edit of a version; there may be {@code maxMore} flows more after it than before. */
    Edit(FlowTable[] tables, Snapshot before, References references, long nowNs, int maxMore) {
        this.tables = tables;
        this.version = before.version() + 1;
        this.references = references;
        this.groups = new GroupEdit(before.groups(), references, nowNs);
        this.meters = new MeterEdit(before.meters(), nowNs);
        this.nowNs = nowNs;
        this.maxMore = maxMore;
    }

    /** Has the edit take down what there is to tell of it. */
    void takeDownChanges() {
        changes = new ArrayList<>();
    }

    /** Carries out an edit, the {@code index}th of its list. */
    void carryOut(int index, PipelineMod mod) throws FlowModException {
        switch (mod) {
            case GroupMod group -> {
                for (int id : groups.carryOut(index, group)) {
                    references.flowsOfGroup(id).forEach(entry -> remove(entry, Reason.GROUP_DELETE));
                }
            }
            case MeterMod meter -> {
                for (int id : meters.carryOut(index, meter)) {
                    references.flowsOfMeter(id).forEach(entry -> remove(entry, Reason.METER_DELETE));
                }
            }
            case FlowMod.Add add -> add(index, add);
            case FlowMod.Modify modify -> modify(index, modify);
            case FlowMod.Delete delete -> delete(index, delete.which());
        }
    }

    /** Ends an entry, and remembers why. */
    void remove(FlowEntry entry, Reason reason) {
        end(entry);
        FlowRemoved event = new FlowRemoved(entry, reason, nowNs);
        removed.add(event);
        if (changes != null) {
            changes.add(new FlowMonitors.Change(new FlowEvent.Removed(event), entry, null));
        }
    }

    /** Takes everything back. */
    void undo() {
        for (FlowEntry entry : ended) {
            entry.removedAt(FlowEntry.NEVER);
            references.add(entry);
            tables[entry.table()].noteUndone(1);
        }
        for (FlowEntry entry : begun) {
            FlowTable table = tables[entry.table()];
            entry.removedAt(entry.addedAt());
            references.remove(entry);
            table.noteUndone(-1);
            table.classifier().unlink(entry);
            table.classifier().publish();
        }
        groups.undo();
    }

    /** Prepares the tables that changed for look-ups at the version. */
    void publishTables() {
        for (FlowEntry entry : begun) {
            tables[entry.table()].classifier().publish();
        }
    }

    /** Whether nothing changed. */
    boolean isEmpty() {
        return begun.isEmpty() && ended.isEmpty() && groups.isEmpty() && meters.isEmpty();
    }

    /** What is to be published, of a generation that is still to be told. */
    Snapshot after() {
        return new Snapshot(version, -1, groups.groups(), meters.meters());
    }

    /** What has changed for answers. */
    List<Change> alterations() {
        if (!groups.isEmpty() || !meters.isEmpty()) {
            return List.of(Change.ofAnything());
        }
        return Change.of(ended, begun);
    }

    /** How many flows more there are than before. */
    int more() {
        return begun.size() - ended.size();
    }

    /** Entries that begin with the version, even if they end with it, too. */
    List<FlowEntry> begun() {
        return begun;
    }

    /** Entries that end with the version. */
    List<FlowEntry> ended() {
        return ended;
    }

    /** What there is to tell of it, in order. */
    List<FlowMonitors.Change> changes() {
        return changes == null ? List.of() : changes;
    }

    /** Those of them that were not replaced. */
    List<FlowRemoved> removed() {
        return removed;
    }

    private void add(int index, FlowMod.Add add) throws FlowModException {
        checkAdd(index, add);
        Classifier classifier = tables[add.table()].classifier();
        if (add.flags().contains(FlowFlag.CHECK_OVERLAP)) {
            checkOverlap(index, add, classifier);
        }
        FlowEntry old = classifier.find(add.match(), add.priority(), version);
        if (old == null) {
            makeRoom(index, add);
        }
        FlowCounters counters =
                old == null || add.flags().contains(FlowFlag.RESET_COUNTS) ? new FlowCounters(nowNs) : old.counters();
        if (old != null) {
            end(old);
        }
        begin(entry(add, counters, ageingOf(add, nowNs), nowNs), null);
    }

    /** Adds a flow that was learned from a packet; an old one with its match and priority gives way, and its age goes on. */
    FlowEntry learn(FlowMod.Add add) throws FlowModException {
        checkAdd(0, add);
        Classifier classifier = tables[add.table()].classifier();
        FlowEntry old = classifier.find(add.match(), add.priority(), version);
        if (old == null) {
            makeRoom(0, add);
        } else {
            end(old);
        }
        FlowEntry learned = entry(
                add,
                old == null ? new FlowCounters(nowNs) : old.counters(),
                ageingOf(add, nowNs),
                old == null ? nowNs : old.createdNs());
        begin(learned, null);
        return learned;
    }

    /**
     * Ends what was learned by actions that go with this edit, if they wanted that and no other action learns the same.
     *
     * @return what the edit adds to the sources
     */
    Map<LearnSources.Target, Integer> removeOrphans(LearnSources sources) {
        Map<LearnSources.Target, Integer> more = new HashMap<>();
        for (FlowEntry entry : begun) {
            LearnSources.forEachTarget(entry.instructions(), target -> more.merge(target, 1, Integer::sum));
        }
        // What is removed may have learned, too.
        Set<LearnSources.Target> touched = new LinkedHashSet<>();
        for (int seen = 0; seen < ended.size(); ) {
            for (; seen < ended.size(); seen++) {
                LearnSources.forEachTarget(ended.get(seen).instructions(), target -> {
                    more.merge(target, -1, Integer::sum);
                    touched.add(target);
                });
            }
            for (LearnSources.Target target : touched) {
                if (sources.count(target) + more.get(target) == 0) {
                    accepted(target.filter()).forEach(entry -> remove(entry, Reason.DELETE));
                }
            }
            touched.clear();
        }
        return more;
    }

    private void modify(int index, FlowMod.Modify modify) throws FlowModException {
        FlowFilter which = modify.which();
        checkTable(index, which.table());
        InstructionCheck.checkForm(index, which.table(), modify.instructions());
        checkReferences(index, modify.instructions());
        for (FlowEntry old : accepted(which)) {
            InstructionCheck.checkFit(index, old.match(), modify.instructions());
            FlowCounters counters = modify.flags().contains(FlowFlag.RESET_COUNTS)
                    ? new FlowCounters(old.lastUsedNs())
                    : old.counters();
            end(old);
            FlowMod.Add spec = old.specWith(modify.instructions());
            Ageing ageing = old.ageing() == null ? ageingOf(spec, old.createdNs()) : old.ageing();
            begin(entry(spec, counters, ageing, old.createdNs()), old);
        }
    }

    private void delete(int index, FlowFilter which) throws FlowModException {
        if (which.table() != FlowFilter.ALL_TABLES) {
            checkTable(index, which.table());
            accepted(which).forEach(entry -> remove(entry, Reason.DELETE));
            return;
        }
        for (FlowTable table : tables) {
            List<FlowEntry> found = new ArrayList<>();
            table.forEach(which, version, found::add);
            found.forEach(entry -> remove(entry, Reason.DELETE));
        }
    }

    private List<FlowEntry> accepted(FlowFilter which) {
        List<FlowEntry> found = new ArrayList<>();
        tables[which.table()].forEach(which, version, found::add);
        return found;
    }

    /** An entry that shares with others what it has in common with them. */
    private FlowEntry entry(FlowMod.Add spec, FlowCounters counters, Ageing ageing, long createdNs) {
        Classifier classifier = tables[spec.table()].classifier();
        Match match = classifier.shared(spec.match());
        return new FlowEntry(spec, match, classifier.shared(spec.instructions()), counters, ageing, createdNs, version);
    }

    /** Begins an entry; {@code modified} is what it was before, or null for a new flow. */
    private void begin(FlowEntry entry, FlowEntry modified) {
        FlowTable table = tables[entry.table()];
        table.classifier().link(entry);
        table.noteBegun(entry);
        references.add(entry);
        begun.add(entry);
        if (changes != null) {
            FlowEvent event = modified == null ? new FlowEvent.Added(entry) : new FlowEvent.Modified(entry);
            changes.add(new FlowMonitors.Change(event, entry, modified));
        }
    }

    private void end(FlowEntry entry) {
        entry.removedAt(version);
        tables[entry.table()].noteEnded(entry);
        references.remove(entry);
        ended.add(entry);
    }

    private void checkAdd(int index, FlowMod.Add add) throws FlowModException {
        checkTable(index, add.table());
        check(index, Kind.BAD_PRIORITY, "priority", add.priority(), MAX_PRIORITY);
        check(index, Kind.BAD_TIMEOUT, "idle_timeout", add.idleTimeoutS(), MAX_TIMEOUT_S);
        check(index, Kind.BAD_TIMEOUT, "hard_timeout", add.hardTimeoutS(), MAX_TIMEOUT_S);
        check(index, Kind.BAD_IMPORTANCE, "importance", add.importance(), MAX_IMPORTANCE);
        InstructionCheck.checkForm(index, add.table(), add.instructions());
        InstructionCheck.checkFit(index, add.match(), add.instructions());
        checkReferences(index, add.instructions());
    }

    private static Ageing ageingOf(FlowMod.Add add, long sinceNs) {
        boolean stays = add.idleTimeoutS() == 0
                && add.hardTimeoutS() == 0
                && !hasFinTimeout(add.instructions().apply());
        return stays ? null : new Ageing(add.idleTimeoutS(), add.hardTimeoutS(), sinceNs);
    }

    private static boolean hasFinTimeout(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.FinTimeout
                    || action instanceof Action.Clone(List<Action> within) && hasFinTimeout(within)) {
                return true;
            }
        }
        return false;
    }

    private void makeRoom(int index, FlowMod.Add add) throws FlowModException {
        FlowTable table = tables[add.table()];
        while (table.isFull() || more() >= maxMore) {
            FlowEntry evicted = table.pollEvicted(add.importance(), version);
            if (evicted == null) {
                throw new FlowModException(
                        index,
                        Kind.TABLE_FULL,
                        (table.isFull()
                                        ? "table " + add.table() + " is full with "
                                                + table.statistics().flows() + " flows"
                                        : "the tables are full")
                                + (table.config().evicts() ? ", and none of them is less important" : "")
                                + "; delete flows, or raise the limit of flows");
            }
            remove(evicted, Reason.EVICTION);
        }
    }

    private void checkOverlap(int index, FlowMod.Add add, Classifier classifier) throws FlowModException {
        List<FlowEntry> overlapping = new ArrayList<>();
        classifier.forEachCandidate(Match.ANY, entry -> {
            if (entry.isVisibleAt(version)
                    && entry.priority() == add.priority()
                    && entry.match().overlaps(add.match())) {
                overlapping.add(entry);
            }
        });
        if (!overlapping.isEmpty()) {
            throw new FlowModException(
                    index,
                    Kind.OVERLAP,
                    "overlaps with " + overlapping.size() + " flow(s) of priority " + add.priority() + " in table "
                            + add.table() + ", and check_overlap is set");
        }
    }

    private void checkReferences(int index, Instructions instructions) throws FlowModException {
        for (int id : References.groupsOf(instructions)) {
            if (groups.groups().get(id) == null) {
                throw new FlowModException(
                        index,
                        Kind.BAD_OUT_GROUP,
                        "group " + Integer.toUnsignedString(id) + " is not there; add it before the flow");
            }
        }
        int meter = instructions.meter();
        if (meter != Instructions.NO_METER && meters.meters().get(meter) == null) {
            throw new FlowModException(
                    index,
                    Kind.UNKNOWN_METER,
                    "meter " + Integer.toUnsignedString(meter) + " is not there; add it before the flow");
        }
    }

    private static void checkTable(int index, int table) throws FlowModException {
        if (table < 0 || table >= FlowTables.COUNT) {
            throw new FlowModException(
                    index,
                    Kind.BAD_TABLE_ID,
                    "table " + table + ": tables are 0 to " + (FlowTables.COUNT - 1)
                            + (table == FlowFilter.ALL_TABLES ? "; only a delete may mean all of them" : ""));
        }
    }

    private static void check(int index, Kind kind, String what, int value, int max) throws FlowModException {
        if (value < 0 || value > max) {
            throw new FlowModException(index, kind, what + " " + value + " is out of range: 0 to " + max);
        }
    }
}
