// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * A table's counters at a moment.
 *
 * @param table its number
 * @param flows flows in it
 * @param lookups packets looked up in it
 * @param matched packets that some flow of it matched, the table-miss flow included
 */
public record TableStatistics(int table, int flows, long lookups, long matched) {}
