// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowTables;
import io.makas.flow.table.Snapshot;
import java.util.function.LongSupplier;

/**
 * What a walk goes by: the tables, groups and meters at a version, and the ports and addresses, which are at least as new. For one walk.
 *
 * @param generation the pipeline's generation when the version was read: if anything is newer than that, the generation is
 *     over already, and the answer is not cached
 */
record View(
        FlowTables tables,
        Snapshot snapshot,
        long generation,
        Ports ports,
        MacTable macs,
        FrozenStates frozen,
        LongSupplier clockNs) {

    /** The version of the tables. */
    long version() {
        return snapshot.version();
    }
}
