// SPDX-License-Identifier: Apache-2.0

/**
 * Which packets a flow is for: {@link io.makas.flow.match.Match}, canonical and immutable, and the errors of making one.
 *
 * <p>Not here: text ({@code text}), the search for the matches that a packet has ({@code table}). For any thread.
 */
package io.makas.flow.match;
