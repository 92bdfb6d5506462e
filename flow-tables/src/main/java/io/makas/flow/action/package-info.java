// SPDX-License-Identifier: Apache-2.0

/**
 * What a flow does with a packet: {@code Action} records as people and programs write them, and the
 * {@link io.makas.flow.action.ActionProgram} that they become before a packet meets them.
 *
 * <p>Not here: which packets ({@code match}), in which table ({@code table}). Records are immutable; a program is run by
 * {@link io.makas.flow.action.ProgramRunner}, one for each worker. Read {@link io.makas.flow.action.ActionProgram} first.
 */
package io.makas.flow.action;
