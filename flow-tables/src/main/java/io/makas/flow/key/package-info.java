// SPDX-License-Identifier: Apache-2.0

/**
 * The flow key: everything of a packet that flows can match, as a flat row of {@code long} words, and the fields in it.
 *
 * <p>Here: {@link io.makas.flow.key.Field fields} with their place in the key, the
 * {@code KeyExtractor} from frame bytes to key, key and mask objects for the slow path. Not here:
 * what a flow matches ({@code match}). Stateless, for any thread. Read {@link io.makas.flow.key.KeyLayout} first.
 */
package io.makas.flow.key;
