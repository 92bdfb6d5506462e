// SPDX-License-Identifier: Apache-2.0

/**
 * Groups (OpenFlow 1.3.5 §5.6): lists of buckets of actions that flows hand packets to, such as copies for several ports, one
 * of several servers, or the first link that is up.
 *
 * <p>Here: what a group is, what edits of groups say, what a group has seen. Not here: how edits are carried out
 * ({@code table}), what becomes of packets ({@code pipeline}), text. Immutable but for counters, for any thread. Read
 * {@link io.makas.flow.group.Group} first.
 */
package io.makas.flow.group;
