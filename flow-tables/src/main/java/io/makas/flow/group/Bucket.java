// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import io.makas.flow.action.Action;
import java.util.List;

/**
 * Actions of a group, and when they are done. They are an action set: executed in OpenFlow's order, not in that of the list.
 * Immutable, for any thread.
 *
 * @param id what edits and the choice of a bucket know it by, 0 to {@link #MAX_ID} unsigned, or {@link #NO_ID} for any that is
 *     free
 * @param weight how large its share is in a group of type select, 0 to 65535; 0 for none, and in other groups; or
 *     {@link #USUAL_WEIGHT}
 * @param watchPort the bucket is live while this port is up; {@link #NO_PORT} for none
 * @param watchGroup the bucket is live while this group has a live bucket; {@link #NO_GROUP} for none
 * @param actions what is done
 */
public record Bucket(int id, int weight, int watchPort, int watchGroup, List<Action> actions) {

    /** The largest id ({@code OFPG_BUCKET_MAX}, OpenFlow 1.5); unsigned. */
    public static final int MAX_ID = 0xffffff00;

    /** No id of its own yet. */
    public static final int NO_ID = 0xffffffff;

    /** The weight that a bucket has when nothing is said: 1 in a group of type select, else 0. */
    public static final int USUAL_WEIGHT = -1;

    /** No port ({@code OFPP_ANY}, openflow.h). */
    public static final int NO_PORT = 0xffffffff;

    /** No group ({@code OFPG_ANY}, openflow.h). */
    public static final int NO_GROUP = 0xffffffff;

    /** Makes the list immutable. */
    public Bucket {
        actions = List.copyOf(actions);
    }

    /** The same with an id and a weight. */
    public Bucket with(int newId, int newWeight) {
        return new Bucket(newId, newWeight, watchPort, watchGroup, actions);
    }

    /** Whether something decides if it is live; if not, it always is. */
    public boolean isWatched() {
        return watchPort != NO_PORT || watchGroup != NO_GROUP;
    }
}
