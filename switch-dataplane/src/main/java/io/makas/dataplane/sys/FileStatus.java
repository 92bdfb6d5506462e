// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a file descriptor is that somebody else opened.
 *
 * @param sizeBytes length of the file
 * @param pageBytes what a mapping of it is made of: a page, or a hugepage
 * @param isMemory whether it lies in memory ({@code tmpfs}, {@code hugetlbfs}), so that no device or program is waited for by
 *     whoever touches it
 */
public record FileStatus(long sizeBytes, int pageBytes, boolean isMemory) {

    /** {@code TMPFS_MAGIC} of linux/magic.h; memfds lie there as well. */
    private static final long TMPFS_MAGIC = 0x0102_1994;
    /** {@code HUGETLBFS_MAGIC}. */
    private static final long HUGETLBFS_MAGIC = 0x9584_58f6L;

    // struct stat and struct statfs on 64 bits; room for any processor's.
    private static final int STAT_BYTES = 256;
    private static final int ST_SIZE = 48;
    private static final int ST_BLKSIZE = 56;
    private static final int F_TYPE = 0;

    private static final int MIN_PAGE_BYTES = 4_096;

    private static final MethodHandle FSTAT =
            Native.libc("fstat", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), Errno.CAPTURE);
    private static final MethodHandle FSTATFS =
            Native.libc("fstatfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS), Errno.CAPTURE);

    /**
     * Looks at a descriptor.
     *
     * @throws SysException when it is none
     */
    public static FileStatus of(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment status = arena.allocate(STAT_BYTES, Long.BYTES);
            call(FSTAT, "fstat", fd, status);
            long sizeBytes = status.get(JAVA_LONG, ST_SIZE);
            int pageBytes = Math.max(MIN_PAGE_BYTES, status.get(JAVA_INT, ST_BLKSIZE));
            call(FSTATFS, "fstatfs", fd, status);
            long type = status.get(JAVA_LONG, F_TYPE) & 0xffff_ffffL;
            return new FileStatus(sizeBytes, pageBytes, type == TMPFS_MAGIC || type == HUGETLBFS_MAGIC);
        }
    }

    /** Whether a descriptor is a counter of the kernel as {@link EventFd} is. */
    public static boolean isEventFd(int fd) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd))
                    .toString()
                    .equals("anon_inode:[eventfd]");
        } catch (IOException _) {
            return false;
        }
    }

    private static void call(MethodHandle function, String name, int fd, MemorySegment into) {
        MemorySegment errno = Errno.segment();
        int answer;
        try {
            answer = Errno.result((int) function.invokeExact(errno, fd, into), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (answer < 0) {
            throw new SysException(name + " of descriptor " + fd, -answer, "");
        }
    }
}
