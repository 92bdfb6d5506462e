// SPDX-License-Identifier: Apache-2.0

/**
 * {@code makas bench vhost}: forwarding between two vhost-user ports, beside {@code dpdk-testpmd} in the switch's own place.
 *
 * <p>Both sides of every measurement are started here, and both are measured by the same guest. Read
 * {@link io.makas.bench.vhost.VhostBenchmark} first.
 */
package io.makas.bench.vhost;
