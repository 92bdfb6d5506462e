// SPDX-License-Identifier: Apache-2.0

/**
 * A whole switch in memory, without ports and threads: frames go in at a time of the caller's choice, and what leaves comes
 * back. It runs the same key extraction, caches, walk and action programs as a worker; only sending is its own.
 *
 * <p>For {@code makas trace --offline}, for tests and for whoever wants to know what a set of flows does. Not here: explanations
 * of a walk ({@link io.makas.flow.pipeline.Trace}), text ({@code text}). One thread. Read {@link io.makas.flow.replay.Replay}
 * first.
 */
package io.makas.flow.replay;
