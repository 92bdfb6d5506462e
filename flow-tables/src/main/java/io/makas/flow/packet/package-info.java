// SPDX-License-Identifier: Apache-2.0

/**
 * Packets as bytes: one class for each protocol header, with static accessors over a place in memory.
 *
 * <p>Here: header views, where the headers of a frame lie ({@link io.makas.flow.packet.Layers}), checksums, and
 * {@link io.makas.flow.packet.FrameBuilder} to make frames. Not here: which fields flows can match ({@code key}) and what
 * flows do to packets ({@code action}). Stateless and allocation-free, for any thread, except the builder and
 * {@link io.makas.flow.packet.MacAddress}. Views do not check lengths: their callers have. Read
 * {@link io.makas.flow.packet.Layers} first.
 */
package io.makas.flow.packet;
