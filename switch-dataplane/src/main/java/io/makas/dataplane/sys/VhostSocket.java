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
 * <p>Guests are offered to send frames with partial checksums and TCP segments of up to 64 KiB, and to receive them, each if its
 * driver wants it; {@link #negotiatedFeatures} tells what it agreed to. A frame comes in one piece: one that is too long for a buffer
 * of the pool in memory that the library makes for it.
 *
 * <p>Thread: control threads; what it tells its {@link VhostGuest} comes on others. Owner: the one who opened it.
 */
public final class VhostSocket implements AutoCloseable {

    /** {@code RTE_VHOST_USER_CLIENT} of rte_vhost.h; reconnects unless told otherwise. */
    private static final long CLIENT = 1;
    /** {@code RTE_VHOST_USER_NET_COMPLIANT_OL_FLAGS}: a received frame carries no requests of its sender. */
    private static final long COMPLIANT_OFFLOAD_FLAGS = 1 << 8;

    /** {@code RTE_VHOST_USER_EXTBUF_SUPPORT}: what does not fit into a buffer of the pool gets one of its own. */
    private static final long EXTERNAL_BUFFERS = 1 << 5;
    /** {@code RTE_VHOST_USER_LINEARBUF_SUPPORT}: a frame lies in one buffer. */
    private static final long LINEAR_BUFFERS = 1 << 6;

    /** Feature bit {@code VIRTIO_NET_F_GUEST_CSUM} of linux/virtio_net.h: the guest takes partial checksums. */
    public static final long GUEST_CHECKSUM = 1 << 1;
    /** {@code VIRTIO_NET_F_GUEST_TSO4}: the guest takes large segments. */
    public static final long GUEST_TSO4 = 1 << 7;
    /** {@code VIRTIO_NET_F_GUEST_TSO6}. */
    public static final long GUEST_TSO6 = 1 << 8;

    /** Feature bits that are not offered: a checksum header cannot say ECN to DPDK, and datagrams would have to be fragmented. */
    private static final long NOT_OFFERED = 1 << 9 // VIRTIO_NET_F_GUEST_ECN
            | 1 << 10 // VIRTIO_NET_F_GUEST_UFO
            | 1 << 13 // VIRTIO_NET_F_HOST_ECN
            | 1 << 14; // VIRTIO_NET_F_HOST_UFO

    private static final long FLAGS = COMPLIANT_OFFLOAD_FLAGS | EXTERNAL_BUFFERS | LINEAR_BUFFERS;

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

    private static final MethodHandle NEGOTIATED_FEATURES =
            Dpdk.link("vhost", "rte_vhost_get_negotiated_features", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));

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
            socket.register(Native.string(arena, socket.path), (client ? CLIENT : 0) | FLAGS);
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

    /** Feature bits that a guest and the library agreed to; from {@link VhostGuest#arrived} on. 0 if they are not known. */
    public static long negotiatedFeatures(int vid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment features = arena.allocate(JAVA_LONG);
            int answer = (int) NEGOTIATED_FEATURES.invokeExact(vid, features);
            return answer == 0 ? features.get(JAVA_LONG, 0) : 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
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
            check("rte_vhost_driver_disable_features", call(DISABLE_FEATURES, name, NOT_OFFERED), "");
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
