// SPDX-License-Identifier: Apache-2.0

/**
 * The makas command: a client of the control API, in the habits of those who know {@code ovs-ofctl}.
 *
 * <p>{@link io.makas.cli.SwitchClient} talks to the switch and is all that other code in this module needs; the commands turn
 * arguments into its calls and answers into text. Flow text is sent as it is: the switch understands it, and says which character
 * is wrong. Not here: anything that knows a packet. One thread, main's. Read {@link io.makas.cli.Main} first.
 */
package io.makas.cli;
