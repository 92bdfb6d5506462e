// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupEntry;
import io.makas.flow.group.GroupMod;
import io.makas.flow.group.GroupType;
import io.makas.flow.table.FlowModException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The groups of the next version in the making. They always refer to groups that are there, and never in a circle.
 *
 * <p>Thread: the control thread that holds the lock of {@link FlowTables}.
 */
final class GroupEdit {

    /** Groups that there can be. */
    static final int MAX_GROUPS = 65_536;

    /** Buckets that a group can have. */
    static final int MAX_BUCKETS = 4_096;

    private static final int MAX_WEIGHT = 0xffff;

    private final References references;
    private final long nowNs;

    /** What took the place of what; null for nothing. */
    private record Change(GroupEntry before, GroupEntry after) {}

    private final Deque<Change> changes = new ArrayDeque<>();
    private IdMap<GroupEntry> groups;

    GroupEdit(IdMap<GroupEntry> groups, References references, long nowNs) {
        this.groups = groups;
        this.references = references;
        this.nowNs = nowNs;
    }

    /** The groups as edited so far. */
    IdMap<GroupEntry> groups() {
        return groups;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Carries out an edit; answers the groups that are no more. */
    List<Integer> carryOut(int index, GroupMod mod) throws FlowModException {
        switch (mod) {
            case GroupMod.Add(Group group) -> {
                if (groups.get(group.id()) != null) {
                    throw refused(
                            index, Kind.GROUP_EXISTS, group.id(), "is there already; modify it, or delete it first");
                }
                add(index, group);
            }
            case GroupMod.Modify(Group group) -> modify(index, group);
            case GroupMod.AddOrModify(Group group) -> {
                if (groups.get(group.id()) == null) {
                    add(index, group);
                } else {
                    modify(index, group);
                }
            }
            case GroupMod.InsertBuckets insert -> insert(index, insert);
            case GroupMod.RemoveBuckets remove -> remove(index, remove);
            case GroupMod.Delete(int id) -> {
                return delete(index, id);
            }
            case GroupMod.DeleteAll _ -> {
                List<Integer> all = new ArrayList<>();
                groups.forEach(entry -> all.add(entry.group().id()));
                all.forEach(id -> change(groups.get(id), null));
                return all;
            }
        }
        return List.of();
    }

    /** Puts back who referred to whom. */
    void undo() {
        while (!changes.isEmpty()) {
            Change last = changes.removeLast();
            if (last.after != null) {
                references.remove(last.after.group());
            }
            if (last.before != null) {
                references.add(last.before.group());
            }
        }
    }

    private void add(int index, Group group) throws FlowModException {
        if (groups.size() >= MAX_GROUPS) {
            throw refused(index, Kind.OUT_OF_GROUPS, group.id(), "is one more than the " + MAX_GROUPS + " that can be");
        }
        Group whole = complete(index, group);
        check(index, whole);
        change(null, GroupEntry.added(whole, nowNs));
    }

    private void modify(int index, Group group) throws FlowModException {
        GroupEntry old = existing(index, group.id());
        Group whole = complete(index, group);
        check(index, whole);
        change(old, old.modified(whole));
    }

    private void insert(int index, GroupMod.InsertBuckets insert) throws FlowModException {
        GroupEntry old = existing(index, insert.id());
        List<Bucket> buckets = new ArrayList<>(old.group().buckets());
        int at = switch (insert.after()) {
            case GroupMod.FIRST -> 0;
            case GroupMod.LAST -> buckets.size();
            default -> place(index, old.group(), insert.after()) + 1;
        };
        buckets.addAll(at, insert.buckets());
        Group whole = complete(index, old.group().with(buckets));
        check(index, whole);
        change(old, old.withBuckets(whole));
    }

    private void remove(int index, GroupMod.RemoveBuckets remove) throws FlowModException {
        GroupEntry old = existing(index, remove.id());
        List<Bucket> buckets = new ArrayList<>(old.group().buckets());
        switch (remove.bucket()) {
            case GroupMod.ALL -> buckets.clear();
            case GroupMod.FIRST, GroupMod.LAST -> {
                if (!buckets.isEmpty()) {
                    buckets.remove(remove.bucket() == GroupMod.FIRST ? 0 : buckets.size() - 1);
                }
            }
            default -> buckets.remove(place(index, old.group(), remove.bucket()));
        }
        Group whole = old.group().with(buckets);
        check(index, whole);
        change(old, old.withBuckets(whole));
    }

    private List<Integer> delete(int index, int id) throws FlowModException {
        GroupEntry old = groups.get(id);
        if (old == null) {
            return List.of();
        }
        List<Integer> referrers = references.groupsOfGroup(id);
        if (!referrers.isEmpty()) {
            throw refused(
                    index,
                    Kind.CHAINED_GROUP,
                    id,
                    "is referred to by group " + Integer.toUnsignedString(referrers.getFirst())
                            + "; delete that first");
        }
        change(old, null);
        return List.of(id);
    }

    private void change(GroupEntry before, GroupEntry after) {
        if (before != null) {
            references.remove(before.group());
        }
        if (after != null) {
            references.add(after.group());
            groups = groups.with(after.group().id(), after);
        } else {
            groups = groups.without(before.group().id());
        }
        changes.add(new Change(before, after));
    }

    private GroupEntry existing(int index, int id) throws FlowModException {
        GroupEntry entry = groups.get(id);
        if (entry == null) {
            throw refused(index, Kind.UNKNOWN_GROUP, id, "is not there; add it first");
        }
        return entry;
    }

    private static int place(int index, Group group, int bucketId) throws FlowModException {
        for (int i = 0; i < group.buckets().size(); i++) {
            if (group.buckets().get(i).id() == bucketId) {
                return i;
            }
        }
        throw refused(index, Kind.BAD_BUCKET, group.id(), "has no bucket " + Integer.toUnsignedString(bucketId));
    }

    /** Gives each bucket without an id the lowest that is free, and each without a weight the usual one. */
    private static Group complete(int index, Group group) throws FlowModException {
        Set<Integer> taken = new HashSet<>();
        for (Bucket bucket : group.buckets()) {
            if (bucket.id() == Bucket.NO_ID) {
                continue;
            }
            String text = "bucket " + Integer.toUnsignedString(bucket.id());
            if (Integer.compareUnsigned(bucket.id(), Bucket.MAX_ID) > 0) {
                throw refused(
                        index,
                        Kind.BAD_BUCKET,
                        group.id(),
                        text + ": ids are 0 to " + Integer.toUnsignedString(Bucket.MAX_ID));
            }
            if (!taken.add(bucket.id())) {
                throw refused(index, Kind.BAD_BUCKET, group.id(), text + " would be there twice");
            }
        }
        List<Bucket> buckets = new ArrayList<>();
        int free = 0;
        for (Bucket bucket : group.buckets()) {
            int usual = group.type() == GroupType.SELECT ? 1 : 0;
            int weight = bucket.weight() == Bucket.USUAL_WEIGHT ? usual : bucket.weight();
            if (bucket.id() != Bucket.NO_ID) {
                buckets.add(bucket.with(bucket.id(), weight));
                continue;
            }
            while (taken.contains(free)) {
                free++;
            }
            buckets.add(bucket.with(free++, weight));
        }
        return group.with(buckets);
    }

    private void check(int index, Group group) throws FlowModException {
        int id = group.id();
        if (Integer.compareUnsigned(id, Action.Group.MAX_ID) > 0) {
            throw refused(
                    index,
                    Kind.INVALID_GROUP,
                    id,
                    "cannot be: ids are 0 to " + Integer.toUnsignedString(Action.Group.MAX_ID));
        }
        int count = group.buckets().size();
        if (count > MAX_BUCKETS) {
            throw refused(index, Kind.OUT_OF_BUCKETS, id, "has " + count + " buckets; " + MAX_BUCKETS + " can be");
        }
        switch (group.type()) {
            case INDIRECT -> require(count == 1, index, id, "is indirect, so it has one bucket, not " + count);
            case ALL, SELECT, FAST_FAILOVER -> {
                // Any number of buckets, none too.
            }
        }
        for (Bucket bucket : group.buckets()) {
            check(index, group, bucket);
        }
        new GroupChains(index, groups, references).check(group);
    }

    private static void check(int index, Group group, Bucket bucket) throws FlowModException {
        int id = group.id();
        String text = "bucket " + Integer.toUnsignedString(bucket.id());
        switch (group.type()) {
            case ALL, INDIRECT -> {
                if (bucket.isWatched()) {
                    throw refused(
                            index,
                            Kind.WATCH_UNSUPPORTED,
                            id,
                            text + " watches, which means something in groups of type select and ff only");
                }
            }
            case FAST_FAILOVER ->
                require(
                        bucket.isWatched(),
                        index,
                        id,
                        text + " of a group of type ff needs a watch_port or watch_group");
            case SELECT ->
                require(
                        bucket.weight() >= 0 && bucket.weight() <= MAX_WEIGHT,
                        index,
                        id,
                        text + " has weight " + bucket.weight() + "; weights are 0 to " + MAX_WEIGHT);
        }
        require(
                group.type() == GroupType.SELECT || bucket.weight() == 0,
                index,
                id,
                text + " has weight " + bucket.weight() + "; only in groups of type select buckets have weights");
        if (bucket.watchPort() != Bucket.NO_PORT && !isPort(bucket.watchPort())) {
            throw refused(
                    index,
                    Kind.BAD_WATCH,
                    id,
                    text + " watches port " + Integer.toUnsignedString(bucket.watchPort()) + ", which can be none");
        }
        InstructionCheck.checkBucket(index, bucket.actions());
    }

    private static boolean isPort(int port) {
        return port == ReservedPort.LOCAL.number() || port != 0 && Integer.compareUnsigned(port, Action.MAX_PORT) <= 0;
    }

    private static void require(boolean isRight, int index, int id, String message) throws FlowModException {
        if (!isRight) {
            throw refused(index, Kind.INVALID_GROUP, id, message);
        }
    }

    static FlowModException refused(int index, Kind kind, int id, String message) {
        return new FlowModException(index, kind, "group " + Integer.toUnsignedString(id) + " " + message);
    }
}
