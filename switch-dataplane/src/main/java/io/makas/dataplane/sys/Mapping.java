// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * A piece of memory mapped into the process, of its own or shared with the kernel, used at absolute addresses through
 * {@link Memory#ALL}.
 *
 * <p>Thread: any; the owner closes it after the last use, since nothing guards a stale address. Closing twice is harmless.
 */
public final class Mapping implements AutoCloseable {

    /** {@code PROT_READ | PROT_WRITE} of {@code asm-generic/mman-common.h}. */
    private static final int PROT_READ_WRITE = 1 | 2;
    /** {@code MAP_SHARED}. */
    private static final int MAP_SHARED = 1;
    /** {@code MAP_PRIVATE}. */
    private static final int MAP_PRIVATE = 2;
    /** {@code MAP_ANONYMOUS}. */
    private static final int MAP_ANONYMOUS = 0x20;
    /** {@code MAP_NORESERVE}: what is not touched counts for nothing. */
    private static final int MAP_NORESERVE = 0x4000;
    /** {@code MAP_POPULATE}: no page faults later. */
    private static final int MAP_POPULATE = 0x8000;

    /** {@code MADV_HUGEPAGE}: in pages of 2 MiB where there are some, which are made present five times as fast. */
    private static final int MADV_HUGEPAGE = 14;
    /** {@code MADV_POPULATE_WRITE}, since Linux 5.14: no page faults later. */
    private static final int MADV_POPULATE_WRITE = 23;

    private static final long HUGE_PAGE_BYTES = 2L << 20;

    private static final MethodHandle MMAP = Native.libc(
            "mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            Errno.CAPTURE);
    private static final MethodHandle MUNMAP =
            Native.libc("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG), Errno.CAPTURE);
    private static final MethodHandle MADVISE =
            Native.libc("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT), Errno.CAPTURE);

    private final long address;
    private final long sizeBytes;
    /** What was mapped, beyond the address and size that are used. */
    private final long mappedAddress;

    private final long mappedBytes;
    private boolean closed;

    private Mapping(long address, long sizeBytes, long mappedAddress, long mappedBytes) {
        this.address = address;
        this.sizeBytes = sizeBytes;
        this.mappedAddress = mappedAddress;
        this.mappedBytes = mappedBytes;
    }

    /**
     * Maps zeroed memory of this process, page-aligned and present from the start, in large pages if it is large.
     *
     * @throws SysException when there is not enough memory
     */
    public static Mapping anonymous(long sizeBytes) {
        if (sizeBytes < HUGE_PAGE_BYTES) {
            long address = anonymous(sizeBytes, sizeBytes, MAP_POPULATE);
            return new Mapping(address, sizeBytes, address, sizeBytes);
        }
        long mappedBytes = sizeBytes + HUGE_PAGE_BYTES;
        long mapped = anonymous(sizeBytes, mappedBytes, 0);
        long address = mapped + HUGE_PAGE_BYTES - 1 & -HUGE_PAGE_BYTES;
        // Both are wishes: without them the memory is there all the same, page by page and at first use.
        madvise(address, sizeBytes, MADV_HUGEPAGE);
        int answer = madvise(address, sizeBytes, MADV_POPULATE_WRITE);
        Mapping mapping = new Mapping(address, sizeBytes, mapped, mappedBytes);
        if (answer == -Errno.ENOMEM) {
            mapping.close();
            throw tooLarge(sizeBytes, -answer);
        }
        return mapping;
    }

    /**
     * Maps zeroed memory of this process that takes up room only where it is used: a page is made present when it is touched.
     *
     * @throws SysException when there is not enough address space
     */
    public static Mapping onDemand(long sizeBytes) {
        long address = anonymous(sizeBytes, sizeBytes, MAP_NORESERVE);
        return new Mapping(address, sizeBytes, address, sizeBytes);
    }

    /**
     * Maps part of what a file descriptor shares.
     *
     * @param what what is mapped, for the message of an error
     * @throws SysException when the kernel refuses
     */
    static Mapping shared(String what, int fd, long offset, long sizeBytes) {
        long address = mmap(sizeBytes, MAP_SHARED | MAP_POPULATE, fd, offset);
        if (address < 0) {
            throw new SysException("mmap of " + what + " (" + sizeBytes + " bytes)", (int) -address, "");
        }
        return new Mapping(address, sizeBytes, address, sizeBytes);
    }

    /**
     * Maps memory that another process shares by a descriptor. It is not made present: what the other process never touched
     * stays without memory.
     *
     * @param what what is mapped, for the message of an error
     * @param fd the descriptor; it may be closed afterwards
     * @param offset where to begin in the file, a multiple of its page size
     * @throws SysException when the kernel refuses
     */
    public static Mapping ofFile(String what, int fd, long offset, long sizeBytes) {
        long address = mmap(sizeBytes, MAP_SHARED, fd, offset);
        if (address < 0) {
            throw new SysException(
                    "mmap of " + what + " (" + sizeBytes + " bytes at " + offset + ")", (int) -address, "");
        }
        return new Mapping(address, sizeBytes, address, sizeBytes);
    }

    /** Address of the first byte. */
    public long address() {
        return address;
    }

    /** Length in bytes, as asked for. */
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        int answer = munmap(mappedAddress, mappedBytes);
        assert answer == 0 : "munmap answered " + answer;
    }

    private static long anonymous(long usedBytes, long mappedBytes, int flags) {
        long address = mmap(mappedBytes, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
        if (address < 0) {
            throw tooLarge(usedBytes, (int) -address);
        }
        return address;
    }

    private static SysException tooLarge(long sizeBytes, int errno) {
        return new SysException("mmap of " + sizeBytes + " bytes", errno, "ask for fewer frames");
    }

    private static int madvise(long address, long sizeBytes, int advice) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) MADVISE.invokeExact(errno, address, sizeBytes, advice), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static int munmap(long address, long sizeBytes) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result((int) MUNMAP.invokeExact(errno, address, sizeBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static long mmap(long sizeBytes, int flags, int fd, long offset) {
        MemorySegment errno = Errno.segment();
        try {
            return Errno.result(
                    (long) MMAP.invokeExact(errno, 0L, sizeBytes, PROT_READ_WRITE, flags, fd, offset), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
