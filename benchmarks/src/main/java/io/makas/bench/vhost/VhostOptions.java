// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.vhost;

/**
 * What to measure.
 *
 * @param seconds length of each measurement, after the warm-up
 * @param warmUpSeconds what is left out before it
 * @param rounds how often each side is measured, in turn
 * @param flows flows a direction, 1 or {@link TestPmd#BURST_PACKETS}
 * @param switchCore processor of the switch's worker, and of the peer in its place
 * @param guestCore processor of the guest
 */
record VhostOptions(int seconds, int warmUpSeconds, int rounds, int flows, int switchCore, int guestCore) {}
