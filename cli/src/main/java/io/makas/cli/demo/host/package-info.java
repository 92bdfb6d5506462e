// SPDX-License-Identifier: Apache-2.0
/**
 * What the demonstration needs of the machine: commands, containers (network namespaces), a private directory, and the
 * stack that takes everything away again. Nothing here knows the switch. Everything runs on the demonstration's own
 * thread, except {@link io.makas.cli.demo.host.Cleanup}, which a shutdown hook may run as well; read that class first.
 */
package io.makas.cli.demo.host;
