// SPDX-License-Identifier: Apache-2.0
/** The makas command; {@link io.makas.cli.Main} is where it starts. */
package io.makas.cli;
