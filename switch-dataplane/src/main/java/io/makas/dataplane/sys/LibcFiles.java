// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls of the C library on file descriptors. Each answers what the function answers, or −errno.
 *
 * <p>Thread: any.
 */
final class LibcFiles {

    /** {@code O_RDONLY} of {@code asm-generic/fcntl.h}. */
    static final int O_RDONLY = 0;
    /** {@code O_RDWR}. */
    static final int O_RDWR = 2;
    /** {@code O_NONBLOCK}. */
    static final int O_NONBLOCK = 0x800;
    /** {@code O_CLOEXEC}. */
    static final int O_CLOEXEC = 0x80000;
    /** {@code EFD_NONBLOCK} of {@code sys/eventfd.h}. */
    static final int EFD_NONBLOCK = O_NONBLOCK;
    /** {@code F_SETFL} of linux/fcntl.h. */
    private static final int F_SETFL = 4;
    /** {@code EFD_CLOEXEC}. */
    static final int EFD_CLOEXEC = O_CLOEXEC;

    private static final MethodHandle OPEN = Native.libc(
            "open",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Errno.CAPTURE);
    private static final MethodHandle CLOSE =
            Native.libc("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle READ =
            Native.libc("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), Errno.CAPTURE);
    private static final MethodHandle WRITE =
            Native.libc("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG), Errno.CAPTURE);
    private static final MethodHandle IOCTL = Native.libc(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            Linker.Option.firstVariadicArg(2),
            Errno.CAPTURE);
    private static final MethodHandle POLL =
            Native.libc("poll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle PPOLL = Native.libc(
            "ppoll", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG), Errno.CAPTURE);
    private static final MethodHandle FCNTL = Native.libc(
            "fcntl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Errno.CAPTURE);
    private static final MethodHandle EVENTFD =
            Native.libc("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Errno.CAPTURE);

    private LibcFiles() {}

    static int open(MemorySegment path, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) OPEN.invokeExact(errno, path, flags, 0), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int close(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) CLOSE.invokeExact(errno, fd), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static long read(int fd, long address, long sizeBytes) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) READ.invokeExact(errno, fd, address, sizeBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static long write(int fd, long address, long sizeBytes) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((long) WRITE.invokeExact(errno, fd, address, sizeBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int ioctl(int fd, long request, MemorySegment argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) IOCTL.invokeExact(errno, fd, request, argument), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int poll(long pollFdsAddress, long count, int timeoutMs) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) POLL.invokeExact(errno, pollFdsAddress, count, timeoutMs), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int ppoll(long pollFdsAddress, long count, long timespecAddress) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) PPOLL.invokeExact(errno, pollFdsAddress, count, timespecAddress, 0L), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int eventfd(int initialValue, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) EVENTFD.invokeExact(errno, initialValue, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    /** Sets {@code O_NONBLOCK} and no other flag of the open file. */
    static int makeNonBlocking(int fd) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) FCNTL.invokeExact(errno, fd, F_SETFL, O_RDWR | O_NONBLOCK), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
