// SPDX-License-Identifier: Apache-2.0

/**
 * The only place that calls native code or touches memory by address: libc, netlink, libbpf and DPDK through the foreign
 * function and memory interface.
 *
 * <ul>
 *   <li>The ground: {@code Native} links functions, {@code LibcFiles}, {@code LibcSockets} and {@code LibcProcess} hold those of
 *       the C library, {@link io.makas.dataplane.sys.Errno} and {@link io.makas.dataplane.sys.SysException} say what went wrong.
 *   <li>Interfaces: {@link io.makas.dataplane.sys.NetNamespace}, {@link io.makas.dataplane.sys.Netlink},
 *       {@link io.makas.dataplane.sys.LinkMonitor}, {@link io.makas.dataplane.sys.Ethtool},
 *       {@link io.makas.dataplane.sys.PacketSocket}.
 *   <li>Threads that wait: {@link io.makas.dataplane.sys.CpuAffinity}, {@link io.makas.dataplane.sys.Poll},
 *       {@link io.makas.dataplane.sys.EventFd}.
 *   <li>Memory and descriptors shared with other processes: {@link io.makas.dataplane.sys.UnixStream},
 *       {@link io.makas.dataplane.sys.SharedMemory}, {@link io.makas.dataplane.sys.Mapping}.
 *   <li>AF_XDP and eBPF: {@link io.makas.dataplane.sys.XdpSocket}, {@link io.makas.dataplane.sys.BpfObject},
 *       {@link io.makas.dataplane.sys.BpfMap}, {@link io.makas.dataplane.sys.BpfLink}.
 *   <li>DPDK: {@link io.makas.dataplane.sys.Eal}, {@link io.makas.dataplane.sys.EthDev} and those that they name.
 * </ul>
 *
 * <p>Not here: what the calls are for. Nothing in this package knows a port, a flow or a worker. Each library is linked when
 * it is first used, so that a machine without DPDK runs everything else; {@link io.makas.dataplane.sys.SystemProbe} tells what
 * is missing. Read {@link io.makas.dataplane.sys.Memory} first.
 */
package io.makas.dataplane.sys;
