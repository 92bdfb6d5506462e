// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.group.GroupEntry;
import io.makas.flow.meter.MeterEntry;

/**
 * What is published at once: a version of the tables, and the groups and meters that flows of that version refer to. Immutable,
 * for any thread.
 *
 * @param version the version
 * @param generation the newest generation of the {@link ChangeLog} that it has everything of
 * @param groups the groups, by id
 * @param meters the meters, by id
 */
public record Snapshot(long version, long generation, IdMap<GroupEntry> groups, IdMap<MeterEntry> meters) {

    /** The first version: nothing is there. */
    static final Snapshot FIRST = new Snapshot(0, 0, IdMap.empty(), IdMap.empty());

    /** The next version, with the same groups and meters. */
    Snapshot next() {
        return new Snapshot(version + 1, generation, groups, meters);
    }

    /** The same as what a generation publishes. */
    Snapshot of(long newGeneration) {
        return new Snapshot(version, newGeneration, groups, meters);
    }
}
