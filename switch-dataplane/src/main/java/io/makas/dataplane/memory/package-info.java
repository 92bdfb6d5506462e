// SPDX-License-Identifier: Apache-2.0

/**
 * Where frames live: {@link io.makas.dataplane.memory.FramePool pools} lend fixed-size buffers, and a
 * {@link io.makas.dataplane.memory.FrameBatch batch} carries up to a burst of them between a port and a worker.
 *
 * <p>Not here: what the bytes mean (module {@code io.makas.flow}) and how a kernel or a guest is told about a buffer
 * (the ports). A pool and its batches belong to one worker thread. Read {@link io.makas.dataplane.memory.FrameBatch}
 * first.
 */
package io.makas.dataplane.memory;
