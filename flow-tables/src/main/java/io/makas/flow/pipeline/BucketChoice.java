// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.HashFields;
import io.makas.flow.group.Bucket;
import io.makas.flow.group.Group;
import io.makas.flow.group.GroupEntry;
import io.makas.flow.group.GroupType;
import io.makas.flow.group.SelectionMethod;
import java.util.List;

/**
 * Chooses the buckets of a group that a packet on its walk is for (OpenFlow 1.3.5 §5.6.1).
 *
 * <p>In a group of type select, each live bucket draws a number for the packet's hash, and the largest wins (highest random
 * weight). It is drawn so that a bucket wins as often as its weight says, and depends on nothing but the hash, the bucket's id
 * and its weight: when a bucket comes, goes or dies, only packets move that it wins or that it had.
 *
 * <p>For one walk, on one thread.
 */
final class BucketChoice {

    private static final double HASHES = 0x1p32;
    private static final int[] NONE = {};

    private final WalkContext walk;

    BucketChoice(WalkContext walk) {
        this.walk = walk;
    }

    /**
     * The places of the buckets, in order.
     *
     * @throws WalkedKey.UnknownBits if that depends on bits that the key does not hold
     */
    int[] of(Group group) {
        return switch (group.type()) {
            case ALL, INDIRECT -> all(group.buckets().size());
            case SELECT -> selected(group);
            case FAST_FAILOVER -> firstLive(group);
        };
    }

    private static int[] all(int count) {
        int[] all = new int[count];
        for (int i = 0; i < count; i++) {
            all[i] = i;
        }
        return all;
    }

    private int[] firstLive(Group group) {
        for (int i = 0; i < group.buckets().size(); i++) {
            if (isLive(group, group.buckets().get(i))) {
                return new int[] {i};
            }
        }
        return NONE;
    }

    private int[] selected(Group group) {
        List<Bucket> buckets = group.buckets();
        int[] live = new int[buckets.size()];
        int count = 0;
        for (int i = 0; i < live.length; i++) {
            if (isLive(group, buckets.get(i))) {
                live[count++] = i;
            }
        }
        if (count == 0) {
            return NONE;
        }
        int best = live[0];
        if (count > 1) {
            // With one bucket, nothing of the packet matters.
            long hash = hash(group.selection());
            double bestDraw = -1;
            for (int i = 0; i < count; i++) {
                Bucket bucket = buckets.get(live[i]);
                double draw = bucket.weight() / -Math.log((PacketHash.of(hash, bucket.id()) + 0.5) / HASHES);
                if (draw > bestDraw) {
                    best = live[i];
                    bestDraw = draw;
                }
            }
        }
        return new int[] {best};
    }

    private long hash(SelectionMethod selection) {
        int basis = Long.hashCode(selection.parameter());
        return selection.fields().isEmpty()
                ? PacketHash.of(walk.key, HashFields.SYMMETRIC_L4, basis)
                : PacketHash.of(walk.key, selection.fields(), basis);
    }

    /** A bucket is live if what it watches is, the port or the group; one of weight 0 is never selected. */
    private boolean isLive(Group group, Bucket bucket) {
        if (group.type() == GroupType.SELECT && bucket.weight() == 0) {
            return false;
        }
        return !bucket.isWatched()
                || bucket.watchPort() != Bucket.NO_PORT && walk.view.ports().isUsable(bucket.watchPort())
                || bucket.watchGroup() != Bucket.NO_GROUP && isLive(bucket.watchGroup());
    }

    /** A group is live if one of its buckets is. */
    private boolean isLive(int groupId) {
        GroupEntry entry = walk.view.snapshot().groups().get(groupId);
        if (entry == null) {
            return false;
        }
        Group group = entry.group();
        for (Bucket bucket : group.buckets()) {
            if (isLive(group, bucket)) {
                return true;
            }
        }
        return false;
    }
}
