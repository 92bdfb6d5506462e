// SPDX-License-Identifier: Apache-2.0

/**
 * The four rings that an AF_XDP socket shares with the kernel: plain memory, two indices each, no system calls.
 *
 * <pre>
 *             fill ring                          receive ring
 *   worker ──── empty buffers ───►  kernel  ──── frames ────►  worker
 *             transmit ring                      completion ring
 *   worker ──── frames ──────────►  kernel  ──── sent buffers ►  worker
 * </pre>
 *
 * <p>Not here: set-up and wake-ups ({@code sys.XdpSocket}), and who owns the buffers ({@code memory.Umem}). A ring belongs to
 * one worker thread. Read {@link io.makas.dataplane.ring.ProducerRing} first, {@link io.makas.dataplane.ring.ConsumerRing}
 * is its mirror image.
 */
package io.makas.dataplane.ring;
