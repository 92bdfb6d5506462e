// SPDX-License-Identifier: Apache-2.0
/** The switch's process: {@link io.makas.agent.Main} puts the parts together and takes them apart in reverse. */
package io.makas.agent;
