// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.List;

/**
 * The actions that wait for the end of a walk (OpenFlow 1.3.5 §5.10): at most one of a type, set-field one for each field; a
 * later one takes an earlier one's place, but for bits of a field that it leaves alone. For one walk.
 */
final class ActionSet {

    private Action copyTtlIn;
    private Action popVlan;
    private Action popMpls;
    private Action pushMpls;
    private Action pushVlan;
    private Action copyTtlOut;
    private Action decTtl;
    private Action decMplsTtl;
    private final List<Action> sets = new ArrayList<>();
    private Action setQueue;
    private Action group;
    private Action output;

    /** In buckets only. */
    private Action resubmit;

    void clear() {
        copyTtlIn = null;
        popVlan = null;
        popMpls = null;
        pushMpls = null;
        pushVlan = null;
        copyTtlOut = null;
        decTtl = null;
        decMplsTtl = null;
        sets.clear();
        setQueue = null;
        group = null;
        output = null;
        resubmit = null;
    }

    void write(List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.CopyTtlIn _ -> copyTtlIn = action;
                case Action.PopVlan _ -> popVlan = action;
                case Action.PopMpls _ -> popMpls = action;
                case Action.PushMpls _ -> pushMpls = action;
                case Action.PushVlan _ -> pushVlan = action;
                case Action.CopyTtlOut _ -> copyTtlOut = action;
                case Action.DecTtl _ -> decTtl = action;
                case Action.DecMplsTtl _ -> decMplsTtl = action;
                case Action.SetField set -> setField(set);
                case Action.Move _ -> sets.add(action);
                case Action.SetQueue _ -> setQueue = action;
                case Action.Group _ -> group = action;
                case Action.Resubmit _ -> resubmit = action;
                case Action.Output _, Action.OutputReserved _, Action.Controller _ -> output = action;
                case Action.OutputField _, Action.OutputTruncated _ -> throw refused(action);
                case Action.Push _, Action.Pop _, Action.PopQueue _, Action.Clone _ -> throw refused(action);
                case Action.Learn _, Action.FinTimeout _, Action.Note _ -> throw refused(action);
                case Action.Exit _, Action.Sample _ -> throw refused(action);
                case Action.CheckPacketLarger _, Action.Conjunction _ -> throw refused(action);
                case Action.Multipath _, Action.Bundle _ -> throw refused(action);
            }
        }
    }

    /**
     * The actions in the order in which OpenFlow has them executed: the output only if there is no group, in buckets a resubmit
     * only if there is no output either (Open vSwitch), and none at all if the set sends the packet nowhere.
     */
    List<Action> inOrder() {
        Action end = group != null ? group : output != null ? output : resubmit;
        return end == null ? List.of() : ordered(end);
    }

    /** All actions, for a set that is to go on as this one. */
    List<Action> actions() {
        List<Action> all = ordered(group);
        addIfPresent(all, output);
        return all;
    }

    private List<Action> ordered(Action end) {
        List<Action> actions = new ArrayList<>(sets.size() + 4);
        addIfPresent(actions, copyTtlIn);
        addIfPresent(actions, popVlan);
        addIfPresent(actions, popMpls);
        addIfPresent(actions, pushMpls);
        addIfPresent(actions, pushVlan);
        addIfPresent(actions, copyTtlOut);
        addIfPresent(actions, decTtl);
        addIfPresent(actions, decMplsTtl);
        actions.addAll(sets);
        addIfPresent(actions, setQueue);
        addIfPresent(actions, end);
        return actions;
    }

    /** The later one comes last, since two fields may share bits, as a register and a pair of registers do. */
    private void setField(Action.SetField set) {
        MaskedValue value = set.value();
        if (sets.stream().allMatch(Action.SetField.class::isInstance)) {
            for (int i = sets.size() - 1; i >= 0; i--) {
                if (sets.get(i) instanceof Action.SetField earlier && earlier.field() == set.field()) {
                    value = earlier.value().overlaidBy(value);
                    sets.remove(i);
                }
            }
        }
        sets.add(new Action.SetField(set.field(), value));
    }

    private static IllegalStateException refused(Action action) {
        return new IllegalStateException("a flow with " + action + " in its action set was let in");
    }

    private static void addIfPresent(List<Action> actions, Action action) {
        if (action != null) {
            actions.add(action);
        }
    }
}
