// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import io.makas.flow.table.TrafficCounter;
import java.util.List;

/**
 * A group and its counters at a moment ({@code ofp_group_stats}, OpenFlow 1.3.5 §7.3.5.9).
 *
 * @param group the group; its buckets have ids
 * @param references how many flows and groups refer to it
 * @param handled the packets that were handed to it, their bytes as received
 * @param buckets those that were handed to each bucket
 * @param durationNs time since the group was added
 */
public record GroupStatistics(
        Group group,
        int references,
        TrafficCounter.Count handled,
        List<TrafficCounter.Count> buckets,
        long durationNs) {

    /** Makes the list immutable. */
    public GroupStatistics {
        buckets = List.copyOf(buckets);
    }
}
