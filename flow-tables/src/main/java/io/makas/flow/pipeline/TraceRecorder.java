// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down a walk while it happens. For one walk. */
final class TraceRecorder implements WalkObserver {

    /** For each depth of resubmits, where steps are noted; the first list is the walk itself. */
    private final List<List<Trace.Step>> steps = new ArrayList<>();

    /** For each depth, where the actions of the last step are noted. */
    private final List<List<Trace.Executed>> executed = new ArrayList<>();

    private final List<Trace.Executed> actionSet = new ArrayList<>();

    TraceRecorder() {
        steps.add(new ArrayList<>());
        executed.add(actionSet);
    }

    @Override
    public void lookedUp(int table, FlowEntry entry, int depth, long[] key, long[] consulted) {
        List<Trace.Executed> actions = new ArrayList<>();
        executed.set(depth, actions);
        steps.get(depth).add(new Trace.Step(table, entry, Match.ofKey(key, consulted), actions));
    }

    @Override
    public void executesActionSet() {
        executed.set(0, actionSet);
    }

    @Override
    public void executed(Action action, String remark, int depth) {
        List<Trace.Step> within = new ArrayList<>();
        executed.get(depth).add(new Trace.Executed(action, remark, within));
        if (depth + 1 == steps.size()) {
            steps.add(within);
            executed.add(actionSet);
        } else {
            steps.set(depth + 1, within);
        }
    }

    /** The walk as it was. */
    Trace trace(long[] received, Translation translation) {
        long[] all = new long[received.length];
        Arrays.fill(all, -1L);
        return new Trace(
                Match.ofKey(received, all),
                steps.getFirst(),
                actionSet,
                Match.ofKey(received, translation.mask()),
                translation);
    }
}
