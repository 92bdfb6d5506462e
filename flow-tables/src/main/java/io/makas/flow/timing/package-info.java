// SPDX-License-Identifier: Apache-2.0

/**
 * What carrying a packet costs, measured where it is carried: some bursts are timed stage by stage.
 *
 * <p>Here: {@link io.makas.flow.timing.StageClock}, which the worker, its caches and its slow path share, and histograms of times.
 * Written by one worker, read from anywhere. Read {@link io.makas.flow.timing.StageClock} first.
 */
package io.makas.flow.timing;
