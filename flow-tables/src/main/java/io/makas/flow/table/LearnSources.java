// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How many {@code learn} actions with {@code delete_learned} there are for each table and cookie that they learn into: when
 * the last one goes, what was learned goes (ovs-actions(7), "The learn action").
 *
 * <p>Thread: the control thread that holds the tables' lock.
 */
final class LearnSources {

    /** Where flows are learned: a table, and the cookie of what is learned. */
    record Target(int table, long cookie) {

        FlowFilter filter() {
            return FlowFilter.inTable(table).withCookie(cookie, -1L);
        }
    }

    private final Map<Target, Integer> counts = new HashMap<>();

    /** How many actions learn into a target. */
    int count(Target target) {
        return counts.getOrDefault(target, 0);
    }

    /** Adds to how many actions learn into targets. */
    void addAll(Map<Target, Integer> more) {
        more.forEach((target, count) -> counts.merge(target, count, (a, b) -> a + b == 0 ? null : a + b));
    }

    /** Calls with the target of each action that wants what it learned to be deleted. */
    static void forEachTarget(Instructions instructions, Consumer<Target> visitor) {
        // Open vSwitch allows learn in apply-actions only, and so does InstructionCheck.
        forEachTarget(instructions.apply(), visitor);
    }

    private static void forEachTarget(List<Action> actions, Consumer<Target> visitor) {
        for (Action action : actions) {
            if (action instanceof Action.Learn(LearnSpec spec) && spec.deleteLearned()) {
                visitor.accept(new Target(spec.table(), spec.cookie()));
            } else if (action instanceof Action.Clone(List<Action> within)) {
                forEachTarget(within, visitor);
            }
        }
    }
}
