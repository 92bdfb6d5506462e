// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the C library on sockets. Each answers what the function answers, or −errno.
 *
 * <p>Thread: any.
 */
final class LibcSockets {

    /** {@code AF_INET} of {@code bits/socket.h}. */
    static final int AF_INET = 2;
    /** {@code AF_INET6}. */
    static final int AF_INET6 = 10;
    /** {@code AF_NETLINK}. */
    static final int AF_NETLINK = 16;
    /** {@code AF_PACKET}. */
    static final int AF_PACKET = 17;
    /** {@code AF_XDP}. */
    static final int AF_XDP = 44;
    /** {@code SOCK_DGRAM} of {@code bits/socket_type.h}. */
    static final int SOCK_DGRAM = 2;
    /** {@code SOCK_RAW}. */
    static final int SOCK_RAW = 3;
    /** {@code SOCK_CLOEXEC}. */
    static final int SOCK_CLOEXEC = 0x80000;
    /** {@code MSG_DONTWAIT} of {@code bits/socket.h}. */
    static final int MSG_DONTWAIT = 0x40;
    /** {@code MSG_TRUNC}: answer the real length of a datagram that is longer than the buffer. */
    static final int MSG_TRUNC = 0x20;
    /** {@code SOL_SOCKET} of {@code asm-generic/socket.h}. */
    static final int SOL_SOCKET = 1;
    /** {@code SO_RCVBUF}. */
    static final int SO_RCVBUF = 8;
    /** {@code SO_SNDBUFFORCE}: beyond {@code net.core.wmem_max}, with CAP_NET_ADMIN. */
    static final int SO_SNDBUFFORCE = 32;
    /** {@code SO_RCVTIMEO_OLD}. */
    static final int SO_RCVTIMEO = 20;

    private static final MethodHandle SOCKET =
            Native.libc("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle BIND =
            Native.libc("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle GETSOCKOPT = Native.libc(
            "getsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS),
            Errno.CAPTURE);
    private static final MethodHandle SETSOCKOPT = Native.libc(
            "setsockopt",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT),
            Errno.CAPTURE);
    private static final MethodHandle SENDTO = Native.libc(
            "sendto",
            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT),
            Errno.CAPTURE);
    private static final MethodHandle SENDTO_WITHOUT_ERRNO = Native.libc(
            "sendto", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV_WITHOUT_ERRNO =
            Native.libc("recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle RECV = Native.libc(
            "recv", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), Errno.CAPTURE);

    private LibcSockets() {}

    static int socket(int family, int type, int protocol) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SOCKET.invokeExact(errno, family, type | SOCK_CLOEXEC, protocol), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int bind(int fd, MemorySegment address) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) BIND.invokeExact(errno, fd, address, (int) address.byteSize()), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int getsockopt(int fd, int level, int option, MemorySegment value, MemorySegment lengthBytes) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) GETSOCKOPT.invokeExact(errno, fd, level, option, value, lengthBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int setsockopt(int fd, int level, int option, MemorySegment value) {
        MemorySegment errno = Errno.segment();
        int sizeBytes = (int) value.byteSize();
        try {
            return Errno.result((int) SETSOCKOPT.invokeExact(errno, fd, level, option, value, sizeBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code sendto} without an address, which is {@code send}. */
    static long send(int fd, long address, long sizeBytes, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) SENDTO.invokeExact(errno, fd, address, sizeBytes, flags, 0L, 0), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static long receive(int fd, long address, long sizeBytes, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) RECV.invokeExact(errno, fd, address, sizeBytes, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /**
     * {@code sendto} of nothing, which makes an AF_XDP socket send. It answers no errno, because keeping one allocates until
     * the caller is compiled well, and this is called for every burst.
     */
    static boolean wakeTransmit(int fd) {
        try {
            return (long) SENDTO_WITHOUT_ERRNO.invokeExact(fd, 0L, 0L, MSG_DONTWAIT, 0L, 0) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** {@code recv} of nothing, which makes an AF_XDP socket look into its fill ring. See {@link #wakeTransmit}. */
    static boolean wakeReceive(int fd) {
        try {
            return (long) RECV_WITHOUT_ERRNO.invokeExact(fd, 0L, 0L, MSG_DONTWAIT) == 0;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
