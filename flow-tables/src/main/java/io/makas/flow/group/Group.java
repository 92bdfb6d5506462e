// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import java.util.List;

/**
 * A group as it was asked for ({@code ofp_group_mod}, OpenFlow 1.3.5 §6.5). Whether there may be such a group is checked when
 * it is added. Immutable, for any thread.
 *
 * @param id 0 to {@link io.makas.flow.action.Action.Group#MAX_ID}, unsigned
 * @param type which buckets a packet is for
 * @param selection how one is chosen, for groups of type select
 * @param buckets the buckets, in order
 */
public record Group(int id, GroupType type, SelectionMethod selection, List<Bucket> buckets) {

    /** Makes the list immutable. */
    public Group {
        buckets = List.copyOf(buckets);
    }

    /** A group that chooses by the default method, if it does. */
    public Group(int id, GroupType type, List<Bucket> buckets) {
        this(id, type, SelectionMethod.DEFAULT, buckets);
    }

    /** The same with other buckets. */
    public Group with(List<Bucket> newBuckets) {
        return new Group(id, type, selection, newBuckets);
    }
}
