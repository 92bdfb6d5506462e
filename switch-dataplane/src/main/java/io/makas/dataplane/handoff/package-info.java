// SPDX-License-Identifier: Apache-2.0

/**
 * How a frame crosses from the worker that received it to the worker that owns the queue it leaves by: a bounded ring for each
 * pair of workers, one writer and one reader, no locks.
 *
 * <p>Not here: who owns which queue ({@code worker}), and the sending itself ({@code fastpath}). Read
 * {@link io.makas.dataplane.handoff.HandOff} first.
 */
package io.makas.dataplane.handoff;
