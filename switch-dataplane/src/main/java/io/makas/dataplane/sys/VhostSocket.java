// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * A vhost-user socket that librte_vhost serves: it speaks the protocol on a thread of its own, maps the guest's memory, and
 * says when rings may be used.
 *
 * <p>Offloads are not offered to guests: no partial checksums and no segments longer than the MTU, so whatever a guest sends
 * can leave by any other port as it is.
 *
 * <p>Thread: control threads; what it tells its {@link VhostGuest} comes on others. Owner: the one who opened it.
 */
public final class VhostSocket implements AutoCloseable {

    /** {@code RTE_VHOST_USER_CLIENT} of rte_vhost.h; reconnects unless told otherwise. */
    private static final long CLIENT = 1;
    /** {@code RTE_VHOST_USER_NET_COMPLIANT_OL_FLAGS}: a received frame carries no requests of its sender. */
    private static final long COMPLIANT_OFFLOAD_FLAGS = 1 << 8;

    /** Feature bits of linux/virtio_net.h that are not offered. */
    private static final long OFFLOADS = 1 << 0 // VIRTIO_NET_F_CSUM
            | 1 << 1 // VIRTIO_NET_F_GUEST_CSUM
            | 1 << 7 // VIRTIO_NET_F_GUEST_TSO4
            | 1 << 8 // VIRTIO_NET_F_GUEST_TSO6
            | 1 << 9 // VIRTIO_NET_F_GUEST_ECN
            | 1 << 10 // VIRTIO_NET_F_GUEST_UFO
            | 1 << 11 // VIRTIO_NET_F_HOST_TSO4
            | 1 << 12 // VIRTIO_NET_F_HOST_TSO6
            | 1 << 13 // VIRTIO_NET_F_HOST_ECN
            | 1 << 14; // VIRTIO_NET_F_HOST_UFO

    private static final MethodHandle REGISTER = Dpdk.link(
            "vhost", "rte_vhost_driver_register", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG), Errno.CAPTURE);
    private static final MethodHandle DISABLE_FEATURES = Dpdk.link(
            "vhost",
            "rte_vhost_driver_disable_features",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG),
            Errno.CAPTURE);
    private static final MethodHandle CALLBACK_REGISTER = Dpdk.link(
            "vhost",
            "rte_vhost_driver_callback_register",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS),
            Errno.CAPTURE);
    private static final MethodHandle START =
            Dpdk.link("vhost", "rte_vhost_driver_start", FunctionDescriptor.of(JAVA_INT, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle UNREGISTER =
            Dpdk.link("vhost", "rte_vhost_driver_unregister", FunctionDescriptor.of(JAVA_INT, ADDRESS), Errno.CAPTURE);

    private final String path;

    private VhostSocket(String path) {
        this.path = path;
    }

    /**
     * Starts to serve a socket.
     *
     * @param path absolute path of the socket
     * @param client whether to connect, again and again until somebody listens, and anew when the guest has gone; otherwise
     *     to create the socket and listen
     * @param guest whom to tell
     * @throws SysException when the socket is served already, or cannot be created
     */
    public static VhostSocket open(Path path, boolean client, VhostGuest guest) {
        VhostSocket socket = new VhostSocket(path.toString());
        if (!client) {
            UnixSocketFile.makeWayFor(path);
        }
        VhostCallbacks.add(socket.path, guest);
        try (Arena arena = Arena.ofConfined()) {
            socket.register(Native.string(arena, socket.path), (client ? CLIENT : 0) | COMPLIANT_OFFLOAD_FLAGS);
        } catch (SysException e) {
            VhostCallbacks.remove(socket.path);
            throw e;
        }
        return socket;
    }

    /** Rings of a guest that may be used: bit n for ring n, of the first 64. */
    public static long enabledRings(int vid) {
        return VhostCallbacks.enabledRings(vid);
    }

    /** Cuts the guest off, after telling that it left, and removes the socket if the switch made it. */
    @Override
    public void close() {
        try (Arena arena = Arena.ofConfined()) {
            call(UNREGISTER, Native.string(arena, path));
        }
        VhostCallbacks.remove(path);
    }

    @Override
    public String toString() {
        return path;
    }

    private void register(MemorySegment name, long flags) {
        check("rte_vhost_driver_register", call(REGISTER, name, flags), "at most 1024 sockets can be served");
        try {
            check("rte_vhost_driver_disable_features", call(DISABLE_FEATURES, name, OFFLOADS), "");
            check("rte_vhost_driver_callback_register", call(CALLBACK_REGISTER, name, VhostCallbacks.TABLE), "");
            check("rte_vhost_driver_start", call(START, name), "see that its directory exists and may be written to");
        } catch (SysException e) {
            call(UNREGISTER, name);
            throw e;
        }
    }

    private void check(String call, int answer, String advice) {
        if (answer < 0) {
            throw new SysException(call + " of socket '" + path + "'", -answer, advice);
        }
    }

    private static int call(MethodHandle function, MemorySegment path) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) function.invokeExact(errno, path), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int call(MethodHandle function, MemorySegment path, long bits) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) function.invokeExact(errno, path, bits), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int call(MethodHandle function, MemorySegment path, MemorySegment table) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) function.invokeExact(errno, path, table), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
