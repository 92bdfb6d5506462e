// SPDX-License-Identifier: Apache-2.0

/**
 * Counters that a worker writes and others read: every drop has a named reason, and each reason a counter.
 *
 * <p>Not here: the counters of a port ({@code port}) and of a flow ({@code io.makas.flow.table}). One writer each; readers
 * see whole values, slightly late. Read {@link io.makas.dataplane.counter.DropCounters} first.
 */
package io.makas.dataplane.counter;
