// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import io.makas.flow.table.PipelineMod;
import java.util.List;

/** One edit of the groups ({@code ofp_group_mod}, OpenFlow 1.3.5 §6.5; buckets: OpenFlow 1.5.1 §7.3.4.3). Immutable. */
public sealed interface GroupMod extends PipelineMod {

    /** Adds a group; there must be none with its id. */
    record Add(Group group) implements GroupMod {}

    /** Gives a group another type and other buckets. Its counters go on, those of its buckets begin anew. */
    record Modify(Group group) implements GroupMod {}

    /** Modifies the group with this id if there is one, else adds it (an Open vSwitch extension). */
    record AddOrModify(Group group) implements GroupMod {}

    /** Deletes a group, and the flows that refer to it. No group is no error; a group that another one refers to stays. */
    record Delete(int id) implements GroupMod {}

    /** Deletes all groups, and the flows that refer to one. */
    record DeleteAll() implements GroupMod {}

    /**
     * Puts buckets into a group; the others and their counters stay.
     *
     * @param id the group
     * @param after the id of the bucket behind which they are put, or {@link #FIRST} or {@link #LAST}
     */
    record InsertBuckets(int id, int after, List<Bucket> buckets) implements GroupMod {

        /** Makes the list immutable. */
        public InsertBuckets {
            buckets = List.copyOf(buckets);
        }
    }

    /**
     * Takes buckets out of a group; the others and their counters stay.
     *
     * @param id the group
     * @param bucket the id of the bucket, or {@link #FIRST}, {@link #LAST} or {@link #ALL}
     */
    record RemoveBuckets(int id, int bucket) implements GroupMod {}

    /** Before all buckets; the first bucket ({@code OFPG_BUCKET_FIRST}, OpenFlow 1.5). */
    int FIRST = 0xfffffffd;

    /** Behind all buckets; the last bucket ({@code OFPG_BUCKET_LAST}, OpenFlow 1.5). */
    int LAST = 0xfffffffe;

    /** Every bucket ({@code OFPG_BUCKET_ALL}, OpenFlow 1.5). */
    int ALL = 0xffffffff;
}
