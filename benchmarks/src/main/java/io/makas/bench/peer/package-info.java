// SPDX-License-Identifier: Apache-2.0
/**
 * The switches that are measured side by side, each a process of its own with two vhost-user ports: Makas, Open vSwitch with
 * DPDK, {@code dpdk-testpmd}.
 *
 * <p>Read {@link io.makas.bench.peer.Peer} first. Everything that is started here is stopped here, by its own process, and lives in
 * a folder of its own; nothing of the machine's is touched. One control thread.
 */
package io.makas.bench.peer;
