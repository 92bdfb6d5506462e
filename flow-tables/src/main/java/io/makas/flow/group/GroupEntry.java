// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import io.makas.flow.table.TrafficCounter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A group as walks meet it, with what it has seen. An edit of the group makes another entry, which takes over counters.
 *
 * <p>Threads: any may read; counters are credited by any thread at any time.
 */
public final class GroupEntry {

    private final Group group;
    private final long createdNs;
    private final TrafficCounter counter;
    private final TrafficCounter[] bucketCounters;

    private GroupEntry(Group group, long createdNs, TrafficCounter counter, TrafficCounter[] bucketCounters) {
        this.group = group;
        this.createdNs = createdNs;
        this.counter = counter;
        this.bucketCounters = bucketCounters;
    }

    /** A new group, whose buckets have ids. */
    public static GroupEntry added(Group group, long nowNs) {
        return new GroupEntry(group, nowNs, new TrafficCounter(), newCounters(group));
    }

    /** This group with another type and other buckets: counts on, its buckets from 0. */
    public GroupEntry modified(Group newGroup) {
        return new GroupEntry(newGroup, createdNs, counter, newCounters(newGroup));
    }

    /** This group with buckets more or less: all count on that have the id that they had. */
    public GroupEntry withBuckets(Group newGroup) {
        Map<Integer, TrafficCounter> kept = new HashMap<>();
        for (int i = 0; i < bucketCounters.length; i++) {
            kept.put(group.buckets().get(i).id(), bucketCounters[i]);
        }
        TrafficCounter[] counters = newCounters(newGroup);
        for (int i = 0; i < counters.length; i++) {
            counters[i] = kept.getOrDefault(newGroup.buckets().get(i).id(), counters[i]);
        }
        return new GroupEntry(newGroup, createdNs, counter, counters);
    }

    /** The group; its buckets have ids. */
    public Group group() {
        return group;
    }

    /** Counts the packets that were handed to the group. */
    public TrafficCounter counter() {
        return counter;
    }

    /** Counts the packets that were handed to the {@code index}th bucket. */
    public TrafficCounter bucketCounter(int index) {
        return bucketCounters[index];
    }

    /**
     * The group and its counters as they are now.
     *
     * @param references how many flows and groups refer to it
     */
    public GroupStatistics statistics(int references, long nowNs) {
        TrafficCounter.Count[] buckets = new TrafficCounter.Count[bucketCounters.length];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = bucketCounters[i].count();
        }
        return new GroupStatistics(group, references, counter.count(), List.of(buckets), nowNs - createdNs);
    }

    private static TrafficCounter[] newCounters(Group group) {
        TrafficCounter[] counters = new TrafficCounter[group.buckets().size()];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new TrafficCounter();
        }
        return counters;
    }
}
