// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Instructions;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowFlag;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException.Kind;
import io.makas.flow.table.FlowRemoved.Reason;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.TableConfig;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The flow tables again, as plainly as OpenFlow says them: one list of flows, everything tried one by one, no versions. Edits
 * that fail are undone by going back to a copy of the list. Knows outputs and goto only.
 */
final class PlainTables {

    /** Tables that there are. */
    static final int TABLES = 3;

    /** Why an edit cannot be. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final Kind kind;
        private final int index;

        Refused(int index, Kind kind) {
            this.kind = kind;
            this.index = index;
        }

        @Override
        public String getMessage() {
            return "edit " + index + " " + kind;
        }
    }

    /** Counters outlive a flow that is replaced. */
    private static final class Counters {
        private long packets;
        private long bytes;
        private long lastUsedNs;

        Counters(long nowNs) {
            lastUsedNs = nowNs;
        }
    }

    private record Flow(FlowMod.Add spec, Counters counters, long createdNs, long editedAt) {

        boolean isAcceptedBy(FlowFilter filter) {
            boolean isTable = filter.table() == FlowFilter.ALL_TABLES || filter.table() == spec.table();
            boolean isMatch = filter.isStrict()
                    ? spec.priority() == filter.strictPriority() && spec.match().equals(filter.match())
                    : spec.match().isWithin(filter.match());
            return isTable && isMatch && (spec.cookie() & filter.cookieMask()) == filter.cookie();
        }

        long lastUsedNs() {
            return Math.max(createdNs, counters.lastUsedNs);
        }

        boolean stays() {
            return spec.idleTimeoutS() == 0 && spec.hardTimeoutS() == 0;
        }

        long idleDueNs() {
            return spec.idleTimeoutS() == 0 ? Long.MAX_VALUE : lastUsedNs() + spec.idleTimeoutS() * 1_000_000_000L;
        }

        long hardDueNs() {
            return spec.hardTimeoutS() == 0 ? Long.MAX_VALUE : createdNs + spec.hardTimeoutS() * 1_000_000_000L;
        }

        long dueNs() {
            return Math.min(idleDueNs(), hardDueNs());
        }

        FlowStatistics statistics(long nowNs) {
            return new FlowStatistics(
                    spec.table(),
                    spec.priority(),
                    spec.match(),
                    spec.instructions(),
                    spec.cookie(),
                    spec.idleTimeoutS(),
                    spec.hardTimeoutS(),
                    spec.flags(),
                    spec.importance(),
                    counters.packets,
                    counters.bytes,
                    nowNs - createdNs,
                    nowNs - lastUsedNs(),
                    nowNs - createdNs);
        }
    }

    /** A flow that went; its counters may still grow. */
    record Gone(Reason reason, Flow flow, long atNs) {
        String text() {
            return reason + " " + flow.statistics(atNs);
        }
    }

    private final int maxFlows;
    private final List<TableConfig> configs = new ArrayList<>();
    private final long[] lookups = new long[TABLES];
    private final long[] matched = new long[TABLES];
    private List<Flow> flows = new ArrayList<>();
    private long edits;

    PlainTables(int maxFlows) {
        this.maxFlows = maxFlows;
        for (int table = 0; table < TABLES; table++) {
            configs.add(new TableConfig("", Integer.MAX_VALUE, false));
        }
    }

    void configure(int table, TableConfig config) {
        configs.set(table, config);
    }

    List<Gone> apply(List<FlowMod> mods, long nowNs) throws Refused {
        List<Flow> before = new ArrayList<>(flows);
        List<Gone> gone = new ArrayList<>();
        edits++;
        try {
            for (int index = 0; index < mods.size(); index++) {
                switch (mods.get(index)) {
                    case FlowMod.Add add -> add(index, add, nowNs, gone);
                    case FlowMod.Modify modify -> modify(index, modify, nowNs);
                    case FlowMod.Delete delete -> remove(accepted(delete.which()), Reason.DELETE, nowNs, gone);
                }
            }
        } catch (Refused e) {
            flows = before;
            throw e;
        }
        return gone;
    }

    List<Gone> expire(long nowNs) {
        List<Gone> gone = new ArrayList<>();
        for (Flow flow : List.copyOf(flows)) {
            if (flow.dueNs() <= nowNs) {
                Reason reason = flow.hardDueNs() <= flow.idleDueNs() ? Reason.HARD_TIMEOUT : Reason.IDLE_TIMEOUT;
                remove(List.of(flow), reason, nowNs, gone);
            }
        }
        return gone;
    }

    /** Carries a packet through the tables; false, and nothing is counted, if two flows of one priority match it. */
    boolean send(long[] key, long bytes, long nowNs) {
        List<Flow> met = new ArrayList<>();
        List<Integer> seen = new ArrayList<>();
        int table = 0;
        while (table != Instructions.NO_TABLE) {
            seen.add(table);
            int here = table;
            List<Flow> all = flows.stream()
                    .filter(flow ->
                            flow.spec.table() == here && flow.spec.match().matches(key))
                    .sorted(Comparator.comparingInt(flow -> -flow.spec.priority()))
                    .toList();
            if (all.size() > 1 && all.get(0).spec.priority() == all.get(1).spec.priority()) {
                return false;
            }
            if (all.isEmpty()) {
                break;
            }
            met.add(all.getFirst());
            table = all.getFirst().spec.instructions().gotoTable();
        }
        seen.forEach(each -> lookups[each]++);
        for (Flow flow : met) {
            matched[flow.spec.table()]++;
            flow.counters.packets += flow.spec.flags().contains(FlowFlag.NO_PKT_COUNTS) ? 0 : 1;
            flow.counters.bytes += flow.spec.flags().contains(FlowFlag.NO_BYT_COUNTS) ? 0 : bytes;
            flow.counters.lastUsedNs = Math.max(flow.counters.lastUsedNs, nowNs);
        }
        return true;
    }

    List<FlowStatistics> dump(long nowNs) {
        return flows.stream().map(flow -> flow.statistics(nowNs)).toList();
    }

    String statistics(int table) {
        return count(table) + " " + lookups[table] + " " + matched[table];
    }

    private void add(int index, FlowMod.Add add, long nowNs, List<Gone> gone) throws Refused {
        if (add.instructions().gotoTable() != Instructions.NO_TABLE
                && add.instructions().gotoTable() <= add.table()) {
            throw new Refused(index, Kind.BAD_GOTO_TABLE);
        }
        if (add.flags().contains(FlowFlag.CHECK_OVERLAP)
                && flows.stream()
                        .anyMatch(flow -> flow.spec.table() == add.table()
                                && flow.spec.priority() == add.priority()
                                && flow.spec.match().overlaps(add.match()))) {
            throw new Refused(index, Kind.OVERLAP);
        }
        List<Flow> same = accepted(FlowFilter.strictly(add.table(), add.priority(), add.match()));
        if (same.isEmpty()) {
            makeRoom(index, add, nowNs, gone);
        }
        boolean keepsCounters = !same.isEmpty() && !add.flags().contains(FlowFlag.RESET_COUNTS);
        flows.removeAll(same);
        flows.add(new Flow(add, keepsCounters ? same.getFirst().counters : new Counters(nowNs), nowNs, edits));
    }

    private void makeRoom(int index, FlowMod.Add add, long nowNs, List<Gone> gone) throws Refused {
        TableConfig config = configs.get(add.table());
        while (count(add.table()) >= config.maxFlows() || flows.size() >= maxFlows) {
            List<Flow> candidates = flows.stream()
                    .filter(flow -> flow.spec.table() == add.table())
                    .sorted(Comparator.comparingInt((Flow flow) -> flow.spec.importance())
                            .thenComparing(Flow::stays)
                            .thenComparingLong(Flow::dueNs)
                            .thenComparingLong(Flow::editedAt)
                            .thenComparingInt(flow -> flow.spec.priority())
                            .thenComparingInt(flow -> flow.spec.match().hashCode()))
                    .toList();
            if (!config.evicts() || candidates.isEmpty()) {
                throw new Refused(index, Kind.TABLE_FULL);
            }
            Flow first = candidates.getFirst();
            int least = first.spec.importance();
            if (least > add.importance() || least == add.importance() && first.stays()) {
                throw new Refused(index, Kind.TABLE_FULL);
            }
            remove(List.of(first), Reason.EVICTION, nowNs, gone);
        }
    }

    private void modify(int index, FlowMod.Modify modify, long nowNs) throws Refused {
        int table = modify.which().table();
        if (modify.instructions().gotoTable() != Instructions.NO_TABLE
                && modify.instructions().gotoTable() <= table) {
            throw new Refused(index, Kind.BAD_GOTO_TABLE);
        }
        for (Flow old : accepted(modify.which())) {
            FlowMod.Add spec = old.spec;
            boolean isReset = modify.flags().contains(FlowFlag.RESET_COUNTS);
            Counters counters = isReset ? new Counters(old.lastUsedNs()) : old.counters;
            flows.remove(old);
            flows.add(new Flow(
                    new FlowMod.Add(
                            table,
                            spec.priority(),
                            spec.match(),
                            modify.instructions(),
                            spec.cookie(),
                            spec.idleTimeoutS(),
                            spec.hardTimeoutS(),
                            spec.flags(),
                            spec.importance()),
                    counters,
                    old.createdNs,
                    edits));
        }
    }

    private void remove(List<Flow> removed, Reason reason, long nowNs, List<Gone> gone) {
        for (Flow flow : removed) {
            flows.remove(flow);
            gone.add(new Gone(reason, flow, nowNs));
        }
    }

    private List<Flow> accepted(FlowFilter filter) {
        return flows.stream().filter(flow -> flow.isAcceptedBy(filter)).toList();
    }

    private long count(int table) {
        return flows.stream().filter(flow -> flow.spec.table() == table).count();
    }
}
