// SPDX-License-Identifier: Apache-2.0

/**
 * What happens to a burst of packets between being received and being sent: key, cache, pipeline, program, output batches.
 *
 * <p>Not here: when bursts are received, and by which thread ({@code worker}). All of it belongs to one worker. Read
 * {@link io.makas.dataplane.fastpath.FastPath} first.
 */
package io.makas.dataplane.fastpath;
