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
 * Calls of the C library that change what the calling thread runs on and sees: processors, namespaces, mounts. Each
 * answers what the function answers, or −errno.
 *
 * <p>Thread: the thread that is to be changed, always a platform thread.
 */
final class LibcProcess {

    /** {@code PR_SET_TIMERSLACK} of {@code linux/prctl.h}. */
    static final int PR_SET_TIMERSLACK = 29;
    /** {@code CLONE_NEWNET} of {@code linux/sched.h}. */
    static final int CLONE_NEWNET = 0x40000000;
    /** {@code MS_BIND} of {@code linux/mount.h}. */
    static final long MS_BIND = 4096;
    /** {@code MNT_DETACH} of {@code sys/mount.h}. */
    static final int MNT_DETACH = 2;

    private static final MethodHandle SCHED_SETAFFINITY = Native.libc(
            "sched_setaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle SCHED_GETAFFINITY = Native.libc(
            "sched_getaffinity", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle SETNS =
            Native.libc("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle UNSHARE =
            Native.libc("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle MOUNT = Native.libc(
            "mount", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle UMOUNT2 =
            Native.libc("umount2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);

    private static final MethodHandle PRCTL = Native.libc(
            "prctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG),
            Linker.Option.firstVariadicArg(1),
            Errno.CAPTURE);

    private LibcProcess() {}

    static int prctl(int option, long argument) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) PRCTL.invokeExact(errno, option, argument), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int schedSetaffinity(MemorySegment mask) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SCHED_SETAFFINITY.invokeExact(errno, 0, mask.byteSize(), mask), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int schedGetaffinity(MemorySegment mask) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SCHED_GETAFFINITY.invokeExact(errno, 0, mask.byteSize(), mask), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int setns(int fd, int kind) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) SETNS.invokeExact(errno, fd, kind), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int unshare(int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) UNSHARE.invokeExact(errno, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int mount(MemorySegment source, MemorySegment target, MemorySegment type, long flags) {
        MemorySegment errno = Errno.segment();
        try {
            int answer = (int) MOUNT.invokeExact(errno, source, target, type, flags, MemorySegment.NULL);
            return Errno.result(answer, errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    static int umount(MemorySegment target, int flags) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) UMOUNT2.invokeExact(errno, target, flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
