// SPDX-License-Identifier: Apache-2.0

/**
 * What the switch is told before it starts: a YAML file and command line options that override it, read into the records of
 * {@link io.makas.agent.config.SwitchConfig}.
 *
 * <p>Every value is checked here, so that whoever holds a {@code SwitchConfig} need not. A key that nobody knows, or a value of
 * the wrong type, is refused with its line, its name and what was expected. Not here: opening anything. Runs once, on the main
 * thread. Read {@link io.makas.agent.config.SwitchConfig} first, then {@link io.makas.agent.config.ConfigFile}.
 */
package io.makas.agent.config;
