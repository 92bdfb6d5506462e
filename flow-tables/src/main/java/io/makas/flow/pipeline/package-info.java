// SPDX-License-Identifier: Apache-2.0

/**
 * The slow path: walks a packet's key through the flow tables and answers what to do with it and with every packet like it.
 *
 * <p>Here: {@link io.makas.flow.pipeline.Pipeline} (the tables, edits, counters, timeouts), its answer
 * {@link io.makas.flow.pipeline.Translation}, trace. Not here: caches of answers ({@code cache}). Edits come from control
 * threads, walks from any number of workers at once, and neither waits for the other. Read
 * {@link io.makas.flow.pipeline.Pipeline} first.
 */
package io.makas.flow.pipeline;
