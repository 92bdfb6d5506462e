// SPDX-License-Identifier: Apache-2.0

/**
 * The only place that calls native code or touches memory by address: libc, netlink, libbpf and DPDK through the foreign
 * function and memory interface.
 *
 * <p>Not here: what the calls are for. Nothing in this package knows a port, a flow or a worker. Each library is linked when
 * it is first used, so that a machine without DPDK runs everything else. Read {@link io.makas.dataplane.sys.Memory} first.
 */
package io.makas.dataplane.sys;
