// SPDX-License-Identifier: Apache-2.0
/**
 * What is sent through a switch under test, and by which rules: flows, the order in which their packets come, the bytes of a
 * frame, built-in rule sets as text that every switch reads.
 *
 * <p>Nothing here sends; everything is made before a measurement, from a seed, so that the same options give the same packets.
 * Read {@link io.makas.bench.traffic.FlowSet} first. One thread.
 */
package io.makas.bench.traffic;
