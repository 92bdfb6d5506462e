// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;
import io.makas.flow.table.TrafficCounter;
import java.util.List;

/**
 * Whom a translation's packets are counted for, each of them once for every time that it is here.
 *
 * @param entries the flow entries that the packet matched, in the order of the walk; not to be changed
 * @param tables ids of the tables that were looked up, in order; tells lookups from matches; not to be changed
 * @param counters those of the groups and buckets that the packet was handed to, in order; not to be changed
 * @param uses what each packet shows or does besides; immutable
 */
public record Credits(FlowEntry[] entries, int[] tables, TrafficCounter[] counters, List<Use> uses) {

    /** Nobody. */
    public static final Credits NONE = new Credits(new FlowEntry[0], new int[0], new TrafficCounter[0], List.of());
}
