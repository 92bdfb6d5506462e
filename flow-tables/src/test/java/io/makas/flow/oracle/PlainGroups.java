// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.action.Action;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The groups of the plain switch. Which bucket a group of type select chooses is a hash's to say; here each possible choice can be
 * tried in turn.
 */
final class PlainGroups {

    /** No packet is tried more often, whatever the groups. */
    private static final int MAX_PASSES = 1_000;

    private final Map<Integer, Group> groups = new HashMap<>();
    private final List<Integer> ports;

    /** Packets and bytes of each group, and then of each of its buckets. */
    private final Map<Integer, long[]> counters = new TreeMap<>();

    /** The choices of a pass, and of how many. */
    private final List<Integer> choices = new ArrayList<>();

    private final List<Integer> outOf = new ArrayList<>();
    private int chosen;
    private int passes;

    /** Groups and buckets met in a pass: the group's number, and the place of its counters. */
    private final List<int[]> met = new ArrayList<>();

    PlainGroups(List<Group> groups, List<Integer> ports) {
        this.ports = ports;
        for (Group group : groups) {
            this.groups.put(group.id(), group);
            counters.put(group.id(), new long[2 + 2 * group.buckets().size()]);
        }
    }

    /** Packets and bytes of each group, and then of each of its buckets, by the group's number. */
    Map<Integer, long[]> counters() {
        return counters;
    }

    void beginPacket() {
        choices.clear();
        outOf.clear();
        passes = 0;
    }

    void beginPass() {
        chosen = 0;
        met.clear();
        passes++;
    }

    /** Makes the next pass choose otherwise than all before; false if all was tried. */
    boolean chooseOtherwise() {
        while (!choices.isEmpty() && choices.getLast() + 1 == outOf.getLast()) {
            choices.removeLast();
            outOf.removeLast();
        }
        if (choices.isEmpty() || passes == MAX_PASSES) {
            return false;
        }
        choices.set(choices.size() - 1, choices.getLast() + 1);
        return true;
    }

    void credit(long bytes) {
        for (int[] place : met) {
            long[] counter = counters.get(place[0]);
            counter[place[1]]++;
            counter[place[1] + 1] += bytes;
        }
    }

    /** Whether a group is one that chooses by a hash. */
    boolean isSelect(int id) {
        Group group = groups.get(id);
        return group != null && group.type() == GroupType.SELECT;
    }

    /** The actions of each bucket that a packet is for. */
    List<List<Action>> buckets(int id, Predicate<Departure> departs) {
        Group group = groups.get(id);
        if (group == null) {
            return List.of();
        }
        List<Integer> live = new ArrayList<>();
        for (int i = 0; i < group.buckets().size(); i++) {
            if (isCandidate(group.type(), group.buckets().get(i))) {
                live.add(i);
            }
        }
        List<Integer> wanted = live.isEmpty()
                ? live
                : switch (group.type()) {
                    case ALL -> live;
                    case INDIRECT, FAST_FAILOVER -> live.subList(0, 1);
                    case SELECT -> {
                        int choice = choose(live.size());
                        yield live.subList(choice, choice + 1);
                    }
                };
        if (!wanted.isEmpty()
                || group.type() == GroupType.ALL
                || !departs.test(Departure.GROUP_WITHOUT_BUCKET_IS_NOT_COUNTED)) {
            met.add(new int[] {id, 0});
        }
        List<List<Action>> actions = new ArrayList<>();
        for (int index : wanted) {
            met.add(new int[] {id, 2 + 2 * index});
            actions.add(group.buckets().get(index).actions());
        }
        return actions;
    }

    private int choose(int count) {
        if (chosen == choices.size()) {
            choices.add(0);
            outOf.add(count);
        }
        return choices.get(chosen++);
    }

    private boolean isCandidate(GroupType type, Bucket bucket) {
        return switch (type) {
            case ALL, INDIRECT -> true;
            case SELECT -> bucket.weight() > 0 && isLive(bucket, 0);
            case FAST_FAILOVER -> isLive(bucket, 0);
        };
    }

    private boolean isLive(Bucket bucket, int depth) {
        boolean portIsUp = bucket.watchPort() != Bucket.NO_PORT && ports.contains(bucket.watchPort());
        Group watched = groups.get(bucket.watchGroup());
        boolean groupIsLive = bucket.watchGroup() != Bucket.NO_GROUP
                && watched != null
                && depth < groups.size()
                && watched.buckets().stream().anyMatch(each -> isLive(each, depth + 1));
        return !bucket.isWatched() || portIsUp || groupIsLive;
    }
}
