// SPDX-License-Identifier: Apache-2.0
/**
 * Wires pods into the switch: the agent's end of the CNI plugin. A pod gets a veth pair, one end in its namespace with
 * addresses and routes, the other as an {@code afxdp} port of the switch.
 *
 * <p>Not here: the protocol ({@code io.makas.cni}) and what flows do with a pod's traffic. Nothing is stored: names are
 * functions of the container's identifier, and the rest is asked of the kernel and of the switch. Requests come on virtual
 * threads, several at once. Read {@link io.makas.agent.cni.PodWiring} first.
 */
package io.makas.agent.cni;
