// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The action set of the plain switch: actions by the names of their types. */
final class PlainActionSet {

    /** The order of execution, OpenFlow 1.3.5 §5.10. */
    private static final List<String> ORDER = List.of(
            "1 copy ttl inwards",
            "2 pop vlan",
            "2 pop mpls",
            "3 push mpls",
            "5 push vlan",
            "6 copy ttl outwards",
            "7 decrement ttl",
            "7 decrement mpls ttl",
            "8 set",
            "9 qos",
            "10 group",
            "11 output");

    private final Map<String, Action> actions = new LinkedHashMap<>();

    void clear() {
        actions.clear();
    }

    /** Puts actions in. What a later set-field leaves alone of its field, an earlier one may have set. */
    void write(List<Action> written) {
        for (Action action : written) {
            String type = type(action);
            Action earlier = actions.remove(type);
            if (earlier instanceof Action.SetField(Field field, MaskedValue old)
                    && action instanceof Action.SetField(Field _, MaskedValue now)) {
                actions.put(type, new Action.SetField(field, old.overlaidBy(now)));
            } else {
                actions.put(type, action);
            }
        }
    }

    /** All actions, earlier ones first. */
    List<Action> actions() {
        return List.copyOf(actions.values());
    }

    /** The actions in order; none if they send the packet nowhere. */
    List<Action> inOrder() {
        boolean hasGroup = actions.containsKey("10 group");
        List<Action> inOrder = new ArrayList<>();
        if (hasGroup || actions.containsKey("11 output")) {
            for (String type : ORDER) {
                actions.forEach((name, action) -> {
                    boolean counts = !(hasGroup && type.equals("11 output"));
                    if (counts && (name.equals(type) || name.startsWith(type + " "))) {
                        inOrder.add(action);
                    }
                });
            }
        }
        return inOrder;
    }

    private String type(Action action) {
        return switch (action) {
            case Action.CopyTtlIn _ -> "1 copy ttl inwards";
            case Action.PopVlan _ -> "2 pop vlan";
            case Action.PopMpls _ -> "2 pop mpls";
            case Action.PushMpls _ -> "3 push mpls";
            case Action.PushVlan _ -> "5 push vlan";
            case Action.CopyTtlOut _ -> "6 copy ttl outwards";
            case Action.DecTtl _ -> "7 decrement ttl";
            case Action.DecMplsTtl _ -> "7 decrement mpls ttl";
            case Action.SetField set -> "8 set " + set.field();
            case Action.Move _ -> "8 set by move number " + actions.size();
            case Action.SetQueue _ -> "9 qos";
            case Action.Group _ -> "10 group";
            case Action.Output _, Action.OutputReserved _, Action.Controller _ -> "11 output";
            default -> throw new IllegalArgumentException(action + " in an action set");
        };
    }
}
