// SPDX-License-Identifier: Apache-2.0
/**
 * {@code makas bench vhost}: forwarding between two vhost-user ports, round by round beside other switches in the same place.
 *
 * <p>The switches are started by {@code peer}, packets come from {@code guest} as {@code traffic} says. Read
 * {@link io.makas.bench.vhost.Throughput} first. One control thread, and the generating one.
 */
package io.makas.bench.vhost;
