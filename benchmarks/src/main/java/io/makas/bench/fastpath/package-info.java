// SPDX-License-Identifier: Apache-2.0

/**
 * {@code makas bench fastpath}: what the worker's fast path costs a packet between two queues that do nothing, for rules and
 * flows of several kinds. Here: the replayed traffic, the queues, the measurement. Not here: real ports ({@code vhost}). Read
 * {@link io.makas.bench.fastpath.FastPathCommand} first.
 */
package io.makas.bench.fastpath;
