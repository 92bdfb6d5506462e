// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The actions that wait for the end of a walk (OpenFlow 1.3.5 §5.10): at most one of a type, set-field one for each field; a
 * later one takes an earlier one's place, but for bits of a field that it leaves alone. For one walk.
 */
final class ActionSet {

    private Action popVlan;
    private Action pushVlan;
    private Action decTtl;
    private final Map<Field, Action.SetField> setFields = new LinkedHashMap<>();
    private Action output;

    void clear() {
        popVlan = null;
        pushVlan = null;
        decTtl = null;
        setFields.clear();
        output = null;
    }

    void write(List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.PopVlan pop -> popVlan = pop;
                case Action.PushVlan push -> pushVlan = push;
                case Action.DecTtl dec -> decTtl = dec;
                case Action.SetField set -> setField(set);
                case Action.Output port -> output = port;
                case Action.OutputReserved port -> output = port;
                case Action.Controller controller -> output = controller;
                case Action.OutputField _ -> throw notYet(action);
                case Action.OutputTruncated _ -> throw notYet(action);
                case Action.Move _ -> throw notYet(action);
                case Action.Push _ -> throw notYet(action);
                case Action.Pop _ -> throw notYet(action);
                case Action.PushMpls _ -> throw notYet(action);
                case Action.PopMpls _ -> throw notYet(action);
                case Action.DecMplsTtl _ -> throw notYet(action);
                case Action.CopyTtlOut _ -> throw notYet(action);
                case Action.CopyTtlIn _ -> throw notYet(action);
                case Action.SetQueue _ -> throw notYet(action);
                case Action.PopQueue _ -> throw notYet(action);
                case Action.Group _ -> throw notYet(action);
                case Action.Clone _ -> throw notYet(action);
                case Action.Learn _ -> throw notYet(action);
                case Action.FinTimeout _ -> throw notYet(action);
                case Action.Note _ -> throw notYet(action);
                case Action.Exit _ -> throw notYet(action);
                case Action.Sample _ -> throw notYet(action);
                case Action.CheckPacketLarger _ -> throw notYet(action);
                case Action.Conjunction _ -> throw notYet(action);
                case Action.Multipath _ -> throw notYet(action);
                case Action.Bundle _ -> throw notYet(action);
                case Action.Resubmit resubmit ->
                    throw new IllegalStateException("a flow with resubmit in its action set was let in");
            }
        }
    }

    /** The actions in the order in which OpenFlow has them executed; none if the set sends the packet nowhere. */
    List<Action> inOrder() {
        if (output == null) {
            return List.of();
        }
        List<Action> actions = new ArrayList<>(setFields.size() + 4);
        addIfPresent(actions, popVlan);
        addIfPresent(actions, pushVlan);
        addIfPresent(actions, decTtl);
        actions.addAll(setFields.values());
        actions.add(output);
        return actions;
    }

    private static IllegalStateException notYet(Action action) {
        return new IllegalStateException("a flow with " + action + " in its action set was let in");
    }

    /** The later one comes last, since two fields may share bits, as a register and a pair of registers do. */
    private void setField(Action.SetField set) {
        Action.SetField earlier = setFields.remove(set.field());
        MaskedValue value = earlier == null ? set.value() : earlier.value().overlaidBy(set.value());
        setFields.put(set.field(), new Action.SetField(set.field(), value));
    }

    private static void addIfPresent(List<Action> actions, Action action) {
        if (action != null) {
            actions.add(action);
        }
    }
}
