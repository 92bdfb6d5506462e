// SPDX-License-Identifier: Apache-2.0

/**
 * The flow tables: the flows in them, the search for the one that a packet matches, and edits while workers look up.
 *
 * <p>Here: edits ({@link io.makas.flow.table.FlowMod}), {@link io.makas.flow.table.FlowTables} that carries them out,
 * {@link io.makas.flow.table.Classifier} that finds flows, counters and timeouts. Not here: what a packet's walk from table to
 * table does ({@code pipeline}). One control thread at a time edits, any number of workers look up, and neither waits for the
 * other. Read {@link io.makas.flow.table.Classifier} first, then {@link io.makas.flow.table.FlowTables}.
 */
package io.makas.flow.table;
