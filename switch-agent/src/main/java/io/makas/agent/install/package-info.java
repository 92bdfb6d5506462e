// SPDX-License-Identifier: Apache-2.0

/**
 * Puts on a node what its container runtime needs to find the switch: the plugins' executables, and the network configuration
 * once the switch can serve it. Run by the Helm chart's containers, where there is no shell that could copy a file.
 *
 * <p>Not here: anything of the switch itself. A short program of its own, one thread. Read
 * {@link io.makas.agent.install.InstallCni} first.
 */
package io.makas.agent.install;
