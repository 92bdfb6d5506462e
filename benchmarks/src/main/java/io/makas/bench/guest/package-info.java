// SPDX-License-Identifier: Apache-2.0
/**
 * A guest for measurements: the driver's side of vhost-user network devices, and one thread that sends through a switch by one
 * device and receives by another, faster than a switch forwards.
 *
 * <p>Read {@link io.makas.bench.guest.GuestDevice} first, then {@link io.makas.bench.guest.Generator}. Devices are made by the
 * thread that measures; afterwards only the generating thread, which may be another one, touches their rings.
 */
package io.makas.bench.guest;
