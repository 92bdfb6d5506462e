// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupEntry;
import io.makas.flow.table.FlowModException.Kind;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks what a group refers to: every group is there, none is in a circle, no chain is too long. The groups so far are in no
 * circle, so a circle is found where one of them refers to the new group. For one check.
 */
final class GroupChains {

    /** Groups that may hand a packet on from one to the next, the first and the last included. */
    static final int MAX_LENGTH = 16;

    private final int index;
    private final IdMap<GroupEntry> groups;
    private final References references;
    private final Map<Integer, Integer> lengths = new HashMap<>();

    GroupChains(int index, IdMap<GroupEntry> groups, References references) {
        this.index = index;
        this.groups = groups;
        this.references = references;
    }

    /** Refuses a group that cannot refer to what it refers to. */
    void check(Group group) throws FlowModException {
        int id = group.id();
        for (Bucket bucket : group.buckets()) {
            requireTargets(id, bucket);
        }
        int behind = 0;
        for (int target : References.groupsOf(group)) {
            behind = Math.max(behind, lengthFrom(target, id));
        }
        lengths.clear();
        int before = lengthTo(id);
        if (before + behind > MAX_LENGTH) {
            throw GroupEdit.refused(
                    index,
                    Kind.CHAIN_TOO_LONG,
                    id,
                    "would be in a chain of " + (before + behind) + " groups; " + MAX_LENGTH + " can be");
        }
    }

    private void requireTargets(int id, Bucket bucket) throws FlowModException {
        for (int target : References.groupsOf(bucket.actions())) {
            if (target != id && groups.get(target) == null) {
                throw GroupEdit.refused(
                        index,
                        Kind.BAD_OUT_GROUP,
                        id,
                        "hands packets to group " + Integer.toUnsignedString(target)
                                + ", which is not there; add that first");
            }
        }
        int watched = bucket.watchGroup();
        if (watched != Bucket.NO_GROUP && watched != id && groups.get(watched) == null) {
            throw GroupEdit.refused(
                    index,
                    Kind.BAD_WATCH,
                    id,
                    "watches group " + Integer.toUnsignedString(watched) + ", which is not there; add that first");
        }
    }

    /** How many groups the longest chain has that begins with a group. */
    private int lengthFrom(int id, int changed) throws FlowModException {
        if (id == changed) {
            throw GroupEdit.refused(index, Kind.GROUP_LOOP, id, "would hand packets to itself, or watch itself");
        }
        Integer known = lengths.get(id);
        if (known != null) {
            return known;
        }
        int behind = 0;
        for (int target : References.groupsOf(groups.get(id).group())) {
            behind = Math.max(behind, lengthFrom(target, changed));
        }
        lengths.put(id, behind + 1);
        return behind + 1;
    }

    /** How many groups the longest chain has that ends with a group. */
    private int lengthTo(int id) {
        Integer known = lengths.get(id);
        if (known != null) {
            return known;
        }
        int before = 0;
        for (int referrer : references.groupsOfGroup(id)) {
            before = Math.max(before, lengthTo(referrer));
        }
        lengths.put(id, before + 1);
        return before + 1;
    }
}
