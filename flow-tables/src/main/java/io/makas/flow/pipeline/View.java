// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowTables;
import io.makas.flow.table.Snapshot;
import java.util.function.LongSupplier;

/**
 * What a walk goes by: the tables, groups and meters at a version, and the ports and addresses, which are at least as new. For one walk.
 *
 * @param generation a generation of the pipeline of which, and of all before it, the walk sees everything; of newer ones it may
 *     see some. An answer that they may alter is then one that {@link io.makas.flow.table.ChangeLog} says so of
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
