// SPDX-License-Identifier: Apache-2.0
/**
 * The CNI protocol (specification 1.1.0, and back to 0.3.0) on the agent's side: what a request says, what an answer must
 * look like in each version, the Unix socket on which {@code makas-cni}, the file that a container runtime executes, hands
 * requests over, and the execution of an IPAM plugin.
 *
 * <p>Not here: what the switch does for a pod; that is behind {@link io.makas.cni.CniPlugin}. Nor the runtime's side, which
 * is {@link io.makas.cni.runtime}. Requests are served by virtual threads, one each, and share nothing. Read
 * {@link io.makas.cni.CniDispatcher} first.
 */
package io.makas.cni;
