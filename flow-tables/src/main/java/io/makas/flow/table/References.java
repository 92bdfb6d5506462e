// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who refers to which group and which meter, so that nobody has to look through a million flows when one is deleted.
 *
 * <p>Thread: the control thread that holds the lock of {@link FlowTables}.
 */
final class References {

    private final Map<Integer, Set<FlowEntry>> flowsOfGroup = new HashMap<>();
    private final Map<Integer, Set<FlowEntry>> flowsOfMeter = new HashMap<>();
    private final Map<Integer, Set<Integer>> groupsOfGroup = new HashMap<>();

    /** The groups that instructions hand packets to. */
    static Set<Integer> groupsOf(Instructions instructions) {
        Set<Integer> groups = groupsOf(instructions.apply(), Set.of());
        return groupsOf(instructions.write(), groups);
    }

    /** The groups that a group hands packets to or watches. */
    static Set<Integer> groupsOf(Group group) {
        Set<Integer> groups = Set.of();
        for (Bucket bucket : group.buckets()) {
            groups = groupsOf(bucket.actions(), groups);
            if (bucket.watchGroup() != Bucket.NO_GROUP) {
                groups = plus(groups, bucket.watchGroup());
            }
        }
        return groups;
    }

    /** The groups that actions hand packets to. */
    static Set<Integer> groupsOf(List<Action> actions) {
        return groupsOf(actions, Set.of());
    }

    void add(FlowEntry entry) {
        for (int group : groupsOf(entry.instructions())) {
            add(flowsOfGroup, group, entry);
        }
        if (entry.instructions().meter() != Instructions.NO_METER) {
            add(flowsOfMeter, entry.instructions().meter(), entry);
        }
    }

    void remove(FlowEntry entry) {
        for (int group : groupsOf(entry.instructions())) {
            remove(flowsOfGroup, group, entry);
        }
        if (entry.instructions().meter() != Instructions.NO_METER) {
            remove(flowsOfMeter, entry.instructions().meter(), entry);
        }
    }

    void add(Group group) {
        for (int target : groupsOf(group)) {
            add(groupsOfGroup, target, group.id());
        }
    }

    void remove(Group group) {
        for (int target : groupsOf(group)) {
            remove(groupsOfGroup, target, group.id());
        }
    }

    /** The flows that refer to a group. */
    List<FlowEntry> flowsOfGroup(int id) {
        return List.copyOf(flowsOfGroup.getOrDefault(id, Set.of()));
    }

    /** The flows that refer to a meter. */
    List<FlowEntry> flowsOfMeter(int id) {
        return List.copyOf(flowsOfMeter.getOrDefault(id, Set.of()));
    }

    /** The groups that refer to a group. */
    List<Integer> groupsOfGroup(int id) {
        return new ArrayList<>(groupsOfGroup.getOrDefault(id, Set.of()));
    }

    /** How many flows and groups refer to a group. */
    int countOfGroup(int id) {
        return flowsOfGroup.getOrDefault(id, Set.of()).size()
                + groupsOfGroup.getOrDefault(id, Set.of()).size();
    }

    /** How many flows refer to a meter. */
    int countOfMeter(int id) {
        return flowsOfMeter.getOrDefault(id, Set.of()).size();
    }

    private static Set<Integer> groupsOf(List<Action> actions, Set<Integer> sofar) {
        Set<Integer> groups = sofar;
        for (Action action : actions) {
            if (action instanceof Action.Group(int id)) {
                groups = plus(groups, id);
            } else if (action instanceof Action.Clone(List<Action> cloned)) {
                groups = groupsOf(cloned, groups);
            }
        }
        return groups;
    }

    /** Most flows refer to none, for which no set is made. */
    private static Set<Integer> plus(Set<Integer> groups, int id) {
        Set<Integer> more = groups.isEmpty() ? new HashSet<>() : groups;
        more.add(id);
        return more;
    }

    private static <T> void add(Map<Integer, Set<T>> referrers, int id, T referrer) {
        referrers.computeIfAbsent(id, _ -> new HashSet<>()).add(referrer);
    }

    private static <T> void remove(Map<Integer, Set<T>> referrers, int id, T referrer) {
        Set<T> left = referrers.get(id);
        left.remove(referrer);
        if (left.isEmpty()) {
            referrers.remove(id);
        }
    }
}
