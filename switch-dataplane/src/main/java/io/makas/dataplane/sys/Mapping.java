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
    /** {@code MAP_POPULATE}: no page faults later. */
    private static final int MAP_POPULATE = 0x8000;

    private static final MethodHandle MMAP = Native.libc(
            "mmap",
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG),
            Errno.CAPTURE);
    private static final MethodHandle MUNMAP =
            Native.libc("munmap", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG), Errno.CAPTURE);

    private final long address;
    private final long sizeBytes;
    private boolean closed;

    private Mapping(long address, long sizeBytes) {
        this.address = address;
        this.sizeBytes = sizeBytes;
    }

    /**
     * Maps zeroed memory of this process, page-aligned and present from the start.
     *
     * @throws SysException when there is not enough memory
     */
    public static Mapping anonymous(long sizeBytes) {
        long address = mmap(sizeBytes, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (address < 0) {
            throw new SysException("mmap of " + sizeBytes + " bytes", (int) -address, "ask for fewer frames");
        }
        return new Mapping(address, sizeBytes);
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
        return new Mapping(address, sizeBytes);
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
        int answer = munmap(address, sizeBytes);
        assert answer == 0 : "munmap answered " + answer;
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
