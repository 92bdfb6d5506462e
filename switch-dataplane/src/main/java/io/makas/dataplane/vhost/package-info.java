// SPDX-License-Identifier: Apache-2.0

/**
 * vhost-user without a library: the messages of the protocol, the memory that a guest shares, and its rings.
 *
 * <p>{@link io.makas.dataplane.vhost.VhostMessage} and {@link io.makas.dataplane.vhost.VhostConnection} serve both ends of the
 * protocol, as do the layouts {@link io.makas.dataplane.vhost.SplitRing} and {@link io.makas.dataplane.vhost.PackedRing} and the
 * bits of {@link io.makas.dataplane.vhost.VirtioFeatures}. Sources: "Vhost-user Protocol" of QEMU (docs/interop/vhost-user.rst)
 * and "Virtual I/O Device (VIRTIO) 1.2".
 *
 * <p>Not here: what happens to a frame afterwards, and who owns a port ({@code port}).
 */
package io.makas.dataplane.vhost;
