// SPDX-License-Identifier: Apache-2.0
/**
 * {@code makas bench vhost-ping}: round trips and throughput between two vhost-user ports of a running switch, seen from their
 * guests, which one polling thread is both of. The switch is another process and knows nothing of it.
 *
 * <p>Read {@link io.makas.bench.ping.PingPong} first. It runs on one thread, pinned where the user says.
 */
package io.makas.bench.ping;
