// SPDX-License-Identifier: Apache-2.0

/**
 * Flows as text, in the syntax of {@code ovs-ofctl}: reads what people, scripts and files say, writes what {@code dump-flows}
 * shows.
 *
 * <p>Here: matches, actions, edits, filters, files of flows, and errors that point to the column. Not here: what flows mean
 * ({@code match}, {@code action}, {@code table}). Stateless, for any thread. Read {@link io.makas.flow.text.FlowText} first.
 */
package io.makas.flow.text;
