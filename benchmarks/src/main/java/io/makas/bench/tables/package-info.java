// SPDX-License-Identifier: Apache-2.0

/**
 * {@code makas bench tables}: look-ups, edits and memory of flow tables of up to a million flows, each row of the table in
 * {@code benchmarks/README.md} by one command. Single methods are measured by JMH ({@code io.makas.bench.jmh}), the rest here.
 * Read {@link io.makas.bench.tables.TablesCommand} first.
 */
package io.makas.bench.tables;
