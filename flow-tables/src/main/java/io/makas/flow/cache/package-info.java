// SPDX-License-Identifier: Apache-2.0

/**
 * What a worker remembers of the pipeline's answers: an exact-match cache in front of a megaflow cache.
 *
 * <p>Here: {@link io.makas.flow.cache.FlowCache}, which a worker asks for every packet, and the two caches in it. Not here: how
 * an answer comes about ({@code pipeline}). Everything belongs to one worker thread; nothing is shared or locked, and nothing
 * is allocated for a packet that hits. Read {@link io.makas.flow.cache.FlowCache} first.
 */
package io.makas.flow.cache;
