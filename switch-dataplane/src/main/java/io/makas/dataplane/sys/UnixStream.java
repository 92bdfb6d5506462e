// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A Unix stream socket that carries file descriptors beside bytes ({@code SCM_RIGHTS}), or listens for such sockets.
 *
 * <p>Calls block. Another thread ends a call under way, and all later ones, by {@link #shutdown}; only then, when nobody calls
 * any more, is the socket closed.
 *
 * <p>Thread: one that sends and one that receives; {@link #shutdown} from any. Owner: the one who made it.
 */
public final class UnixStream implements AutoCloseable {

    /** Most file descriptors that one call sends or receives. */
    public static final int MAX_FILE_DESCRIPTORS = 16;

    /** {@code AF_UNIX} of {@code bits/socket.h}. */
    private static final int AF_UNIX = 1;
    /** {@code SOCK_STREAM} of {@code bits/socket_type.h}. */
    private static final int SOCK_STREAM = 1;
    /** {@code SCM_RIGHTS} of {@code bits/socket.h}. */
    private static final int SCM_RIGHTS = 1;
    /** {@code MSG_NOSIGNAL}: an error instead of a signal when nobody reads. */
    private static final int MSG_NOSIGNAL = 0x4000;
    /** {@code MSG_CMSG_CLOEXEC}. */
    private static final int MSG_CMSG_CLOEXEC = 0x4000_0000;
    /** {@code SHUT_RDWR} of {@code sys/socket.h}. */
    private static final int SHUT_RDWR = 2;
    /** Connections that wait to be accepted at most. */
    private static final int BACKLOG = 4;

    /** {@code sun_path} of {@code struct sockaddr_un} (sys/un.h). */
    private static final int SUN_PATH = 2;
    /** Size of it, end mark included. */
    private static final int SUN_PATH_BYTES = 108;

    // struct msghdr of bits/socket.h on 64 bits.
    private static final int MSG_IOV = 16;
    private static final int MSG_IOVLEN = 24;
    private static final int MSG_CONTROL = 32;
    private static final int MSG_CONTROLLEN = 40;
    private static final int MSGHDR_BYTES = 56;
    private static final int IOVEC_BYTES = 16;
    // struct cmsghdr.
    private static final int CMSG_LEVEL = 8;
    private static final int CMSG_TYPE = 12;
    private static final int CMSG_DATA = 16;
    private static final int CONTROL_BYTES = CMSG_DATA + MAX_FILE_DESCRIPTORS * Integer.BYTES;

    private static final MethodHandle LISTEN =
            Native.libc("listen", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle ACCEPT4 = Native.libc(
            "accept4", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle CONNECT =
            Native.libc("connect", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle SOCKETPAIR = Native.libc(
            "socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle SHUTDOWN =
            Native.libc("shutdown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle SENDMSG =
            Native.libc("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle RECVMSG =
            Native.libc("recvmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);

    private final Descriptor descriptor;
    /** The file of a socket that listens, or null. */
    private final Path file;

    private final Arena arena = Arena.ofShared();
    private final Ancillary sending = new Ancillary(arena);
    private final Ancillary receiving = new Ancillary(arena);

    private UnixStream(Descriptor descriptor, Path file) {
        this.descriptor = descriptor;
        this.file = file;
    }

    /**
     * Makes a socket at a path and listens. What a killed process left there is removed.
     *
     * @throws SysException when the path is in use or cannot be made
     */
    public static UnixStream listen(Path path) {
        UnixSocketFile.makeWayFor(path);
        UnixStream socket = open(path);
        try (Arena local = Arena.ofConfined()) {
            int answer = LibcSockets.bind(socket.fileDescriptor(), address(local, path));
            if (answer == 0) {
                answer = call(LISTEN, socket.fileDescriptor(), BACKLOG);
            }
            if (answer < 0) {
                socket.close();
                throw new SysException(
                        "listening on socket '" + path + "'",
                        -answer,
                        "see that its directory exists and may be written to");
            }
        }
        return socket;
    }

    /**
     * Connects to a socket that somebody listens on.
     *
     * @throws SysException when nobody listens there; {@link SysException#errno} says why
     */
    public static UnixStream connect(Path path) {
        UnixStream socket = open(null);
        MemorySegment errno = Errno.segment();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment address = address(local, path);
            int answer = Errno.result(
                    (int) CONNECT.invokeExact(errno, socket.fileDescriptor(), address, (int) address.byteSize()),
                    errno);
            if (answer < 0) {
                socket.close();
                throw new SysException("connecting to socket '" + path + "'", -answer, "see that somebody listens");
            }
        } catch (SysException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        return socket;
    }

    /** Makes two sockets that are connected with each other. */
    public static UnixStream[] pair() {
        MemorySegment errno = Errno.segment();
        try (Arena local = Arena.ofConfined()) {
            MemorySegment numbers = local.allocate(JAVA_INT, 2);
            int answer = Errno.result(
                    (int) SOCKETPAIR.invokeExact(errno, AF_UNIX, SOCK_STREAM | LibcSockets.SOCK_CLOEXEC, 0, numbers),
                    errno);
            if (answer < 0) {
                throw new SysException("socketpair", -answer, "");
            }
            return new UnixStream[] {
                new UnixStream(new Descriptor(numbers.getAtIndex(JAVA_INT, 0), "socketpair", ""), null),
                new UnixStream(new Descriptor(numbers.getAtIndex(JAVA_INT, 1), "socketpair", ""), null)
            };
        } catch (SysException e) {
            throw e;
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Waits for somebody who connects. Returns null when this socket was shut down. */
    public UnixStream accept() {
        MemorySegment errno = Errno.segment();
        try {
            int answer;
            do {
                answer = Errno.result(
                        (int) ACCEPT4.invokeExact(errno, fileDescriptor(), 0L, 0L, LibcSockets.SOCK_CLOEXEC), errno);
            } while (answer == -Errno.EINTR);
            return answer < 0 ? null : new UnixStream(new Descriptor(answer, "accept", ""), null);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The socket's descriptor, e.g. to wait on. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /**
     * Sends bytes, with file descriptors beside the first of them. The descriptors stay the caller's.
     *
     * @param count number of descriptors, 0 to {@link #MAX_FILE_DESCRIPTORS}
     * @return bytes sent, maybe fewer than asked for, or −errno
     */
    public long send(long address, long sizeBytes, int[] fileDescriptors, int count) {
        return sending.send(fileDescriptor(), address, sizeBytes, fileDescriptors, count);
    }

    /**
     * Waits for bytes and takes them, and the file descriptors that came beside them: they are the caller's to close. What
     * exceeds {@link #MAX_FILE_DESCRIPTORS} the kernel has closed already.
     *
     * @param fileDescriptors room for {@link #MAX_FILE_DESCRIPTORS}
     * @return bytes received, 0 when the other end was closed, or −errno
     */
    public long receive(long address, long sizeBytes, int[] fileDescriptors) {
        return receiving.receive(fileDescriptor(), address, sizeBytes, fileDescriptors);
    }

    /** How many file descriptors the last {@link #receive} took. */
    public int receivedFileDescriptors() {
        return receiving.count;
    }

    /** Ends calls under way and all later ones: they answer as if the other end was closed. */
    public void shutdown() {
        call(SHUTDOWN, fileDescriptor(), SHUT_RDWR);
    }

    /** Closes a file descriptor that was received. */
    public static void closeFileDescriptor(int fd) {
        LibcFiles.close(fd);
    }

    /** Closes the socket, which nobody uses any more, and removes the file of one that listened. */
    @Override
    public void close() {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException _) {
                // Whoever listens there next finds a socket without a listener, and removes it.
            }
        }
        descriptor.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static UnixStream open(Path file) {
        int fd = LibcSockets.socket(AF_UNIX, SOCK_STREAM, 0);
        return new UnixStream(new Descriptor(fd, "socket(AF_UNIX)", "raise the limit of open files (ulimit -n)"), file);
    }

    private static MemorySegment address(Arena arena, Path path) {
        byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= SUN_PATH_BYTES) {
            throw new SysException(
                    "socket path '" + path + "' has " + bytes.length + " bytes; at most 107 are possible");
        }
        MemorySegment address = arena.allocate(SUN_PATH + SUN_PATH_BYTES, Short.BYTES);
        address.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, address, JAVA_BYTE, SUN_PATH, bytes.length);
        return address;
    }

    private static int call(MethodHandle function, int fd, int argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) function.invokeExact(errno, fd, argument), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** The {@code struct msghdr} of one direction, with room for its descriptors. */
    private static final class Ancillary {

        private final MemorySegment header;
        private final MemorySegment vector;
        private final MemorySegment control;
        private int count;

        Ancillary(Arena arena) {
            header = arena.allocate(MSGHDR_BYTES, Long.BYTES);
            vector = arena.allocate(IOVEC_BYTES, Long.BYTES);
            control = arena.allocate(CONTROL_BYTES, Long.BYTES);
            header.set(JAVA_LONG, MSG_IOV, vector.address());
            header.set(JAVA_LONG, MSG_IOVLEN, 1);
        }

        long send(int fd, long address, long sizeBytes, int[] fileDescriptors, int fileDescriptorCount) {
            long controlBytes = 0;
            if (fileDescriptorCount > 0) {
                controlBytes = CMSG_DATA + (long) fileDescriptorCount * Integer.BYTES;
                control.set(JAVA_LONG, 0, controlBytes);
                control.set(JAVA_INT, CMSG_LEVEL, LibcSockets.SOL_SOCKET);
                control.set(JAVA_INT, CMSG_TYPE, SCM_RIGHTS);
                MemorySegment.copy(fileDescriptors, 0, control, JAVA_INT, CMSG_DATA, fileDescriptorCount);
            }
            return call(SENDMSG, fd, address, sizeBytes, controlBytes + 7 & ~7, MSG_NOSIGNAL);
        }

        long receive(int fd, long address, long sizeBytes, int[] fileDescriptors) {
            long answer = call(RECVMSG, fd, address, sizeBytes, CONTROL_BYTES, MSG_CMSG_CLOEXEC);
            count = 0;
            if (answer >= 0
                    && header.get(JAVA_LONG, MSG_CONTROLLEN) >= CMSG_DATA
                    && control.get(JAVA_INT, CMSG_LEVEL) == LibcSockets.SOL_SOCKET
                    && control.get(JAVA_INT, CMSG_TYPE) == SCM_RIGHTS) {
                count = (int) (control.get(JAVA_LONG, 0) - CMSG_DATA) / Integer.BYTES;
                MemorySegment.copy(control, JAVA_INT, CMSG_DATA, fileDescriptors, 0, count);
            }
            return answer;
        }

        private long call(MethodHandle function, int fd, long address, long sizeBytes, long controlBytes, int flags) {
            vector.set(JAVA_LONG, 0, address);
            vector.set(JAVA_LONG, Long.BYTES, sizeBytes);
            header.set(JAVA_LONG, MSG_CONTROL, controlBytes == 0 ? 0 : control.address());
            MemorySegment errno = Errno.segment();
            long answer;
            try {
                do {
                    header.set(JAVA_LONG, MSG_CONTROLLEN, controlBytes);
                    answer = Errno.result((long) function.invokeExact(errno, fd, header, flags), errno);
                } while (answer == -Errno.EINTR);
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
            return answer;
        }
    }
}
