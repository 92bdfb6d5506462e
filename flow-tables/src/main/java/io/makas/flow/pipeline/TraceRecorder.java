// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.FlowTables;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** Writes down a walk while it happens. For one walk. */
final class TraceRecorder implements WalkObserver {

    /** An action, or a part of one, that has not ended: what happens meanwhile happened because of it. */
    private static final class Open {

        private final Action action;
        private final String title;
        private final long[] keyBefore;
        private final List<Trace.Event> events = new ArrayList<>();

        /** Where actions are noted: those of the last step, once there is one. */
        private List<Trace.Event> actions = events;

        private int lastStep = -1;

        private Open(Action action, String title, long[] keyBefore) {
            this.action = action;
            this.title = title;
            this.keyBefore = keyBefore;
        }
    }

    private final FlowTables tables;
    private final long version;

    /** The innermost one first; the last one is the walk itself. */
    private final Deque<Open> open = new ArrayDeque<>();

    private final List<Trace.Event> actionSet = new ArrayList<>();
    private final List<Trace.Sent> sent = new ArrayList<>();

    TraceRecorder(FlowTables tables, long version) {
        this.tables = tables;
        this.version = version;
        open.push(new Open(null, "", null));
    }

    @Override
    public void lookedUp(int table, FlowEntry entry, long[] key, long[] consulted) {
        Open now = open.element();
        now.actions = new ArrayList<>();
        now.lastStep = now.events.size();
        List<Trace.NearMiss> nearMisses = NearMisses.find(tables, table, version, entry, key);
        now.events.add(new Trace.Step(table, entry, Match.ofKey(key, consulted), nearMisses, now.actions, false));
    }

    @Override
    public void followed() {
        Open now = open.element();
        if (now.lastStep >= 0 && now.events.get(now.lastStep) instanceof Trace.Step step) {
            now.events.set(now.lastStep, step.followed());
        }
    }

    @Override
    public void executesActionSet() {
        Open now = open.element();
        if (open.size() == 1) {
            now.actions = actionSet;
        } else {
            // A copy of the packet has an action set of its own.
            now.actions = new ArrayList<>();
            now.events.add(new Trace.Part("action set", now.actions));
        }
    }

    @Override
    public void begins(Action action, long[] key) {
        open.push(new Open(action, "", key.clone()));
    }

    @Override
    public void ends(String remark, long[] key) {
        Open ended = open.pop();
        open.element()
                .actions
                .add(new Trace.Executed(ended.action, remark, KeyFields.changes(ended.keyBefore, key), ended.events));
    }

    @Override
    public void beginsPart(String title) {
        open.push(new Open(null, title, null));
    }

    @Override
    public void endsPart() {
        Open ended = open.pop();
        open.element().actions.add(new Trace.Part(ended.title, ended.events));
    }

    @Override
    public void sends(int port, long[] key) {
        sent.add(new Trace.Sent(port, KeyFields.frameText(key)));
    }

    /** The walk as it was. */
    Trace trace(long[] received, Translation translation) {
        long[] all = new long[received.length];
        Arrays.fill(all, -1L);
        return new Trace(
                Match.ofKey(received, all),
                List.copyOf(open.getLast().events),
                actionSet,
                translation.program().dropReason() == null ? sent : List.of(),
                translation.megaflow(received),
                translation);
    }
}
