// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/** One flow of a table, with its counters. */
public final class FlowEntry {

    /** Adds packets that matched this flow, last at {@code lastUsedNs}. */
    public void credit(long packets, long bytes, long lastUsedNs) {}
}
