// SPDX-License-Identifier: Apache-2.0

/**
 * The places where packets enter and leave the switch: one {@link io.makas.dataplane.port.Port} contract, a closed family
 * of implementations, and {@link io.makas.dataplane.port.PortConfig} that says how to open each.
 *
 * <p>Not here: what happens to a packet between two ports ({@code worker}, {@code fastpath}). Ports are opened and closed
 * by a control thread and polled by exactly one worker in between. Read {@link io.makas.dataplane.port.Port} first.
 */
package io.makas.dataplane.port;
