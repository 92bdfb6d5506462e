// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import java.util.Comparator;
import java.util.List;

/** The order in which an action set is executed, whatever the order in which it was written (OpenFlow 1.3.5 §5.10). Stateless. */
final class ActionSetOrder {

    private ActionSetOrder() {}

    /** The actions in the order in which the set executes them. */
    static List<Action> sorted(List<Action> actions) {
        return actions.stream()
                .sorted(Comparator.comparingInt(ActionSetOrder::rank))
                .toList();
    }

    private static int rank(Action action) {
        return switch (action) {
            case Action.CopyTtlIn _ -> 0;
            case Action.PopVlan _, Action.PopMpls _ -> 1;
            case Action.PushMpls _ -> 2;
            case Action.PushVlan _ -> 3;
            case Action.CopyTtlOut _ -> 4;
            case Action.DecTtl _, Action.DecMplsTtl _ -> 5;
            case Action.SetField _, Action.Move _ -> 6;
            default -> 7;
        };
    }
}
