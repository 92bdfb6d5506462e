// SPDX-License-Identifier: Apache-2.0

/**
 * What the whole of {@code flow-tables} is compared with, on random cases: a plain second switch of our own, and Open vSwitch. What
 * is known to differ is told from what is a mistake ({@link io.makas.flow.oracle.Departure}). Read
 * {@link io.makas.flow.oracle.PlainSwitch} and {@link io.makas.flow.oracle.OpenvSwitchTest} first.
 */
package io.makas.flow.oracle;
