// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory without a name in any file system ({@code memfd_create}), which another process may map that is given its
 * descriptor.
 *
 * <p>Thread: any. Owner: the one who made it.
 */
public final class SharedMemory implements AutoCloseable {

    /** {@code MFD_CLOEXEC} of linux/memfd.h. */
    private static final int MFD_CLOEXEC = 1;
    /** {@code MFD_ALLOW_SEALING}. */
    private static final int MFD_ALLOW_SEALING = 2;
    /** {@code MFD_HUGETLB}: of the reserved pages of the usual large size. */
    private static final int MFD_HUGETLB = 4;

    private static final MethodHandle MEMFD_CREATE =
            Native.libc("memfd_create", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), Errno.CAPTURE);
    private static final MethodHandle FTRUNCATE =
            Native.libc("ftruncate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG), Errno.CAPTURE);

    private final Descriptor descriptor;
    private final Mapping mapping;

    private SharedMemory(String name, long sizeBytes, int flags, String advice) {
        this.descriptor = new Descriptor(create(name, flags), "memfd_create of '" + name + "'", advice);
        try {
            resize(sizeBytes);
            this.mapping = Mapping.shared("'" + name + "'", descriptor.number(), 0, sizeBytes);
        } catch (SysException e) {
            descriptor.close();
            throw advice.isEmpty() ? e : e.with(advice);
        }
    }

    /**
     * Makes zeroed memory and maps it.
     *
     * @param name for people, e.g. in {@code /proc/self/maps}
     * @throws SysException when there is not enough
     */
    public static SharedMemory of(String name, long sizeBytes) {
        return new SharedMemory(name, sizeBytes, MFD_CLOEXEC | MFD_ALLOW_SEALING, "");
    }

    /**
     * Makes zeroed memory of hugepages and maps it.
     *
     * @param sizeBytes a multiple of the usual size of hugepages
     * @throws SysException when too few hugepages are free
     */
    public static SharedMemory ofHugepages(String name, long sizeBytes) {
        return new SharedMemory(
                name,
                sizeBytes,
                MFD_CLOEXEC | MFD_HUGETLB,
                "too few hugepages are free; reserve more in /proc/sys/vm/nr_hugepages");
    }

    /** The descriptor that another process needs. */
    public int fileDescriptor() {
        return descriptor.number();
    }

    /** The memory in this process. */
    public Mapping mapping() {
        return mapping;
    }

    /** Makes the memory behind the mapping longer or shorter. Whoever uses what is gone gets a bus error. */
    public void resize(long sizeBytes) {
        MemorySegment errno = Errno.segment();
        int answer;
        try {
            answer = Errno.result((int) FTRUNCATE.invokeExact(errno, descriptor.number(), sizeBytes), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
        if (answer < 0) {
            throw new SysException("ftruncate of shared memory to " + sizeBytes + " bytes", -answer, "");
        }
    }

    @Override
    public void close() {
        mapping.close();
        descriptor.close();
    }

    private static int create(String name, int flags) {
        MemorySegment errno = Errno.segment();
        try (Arena arena = Arena.ofConfined()) {
            return Errno.result((int) MEMFD_CREATE.invokeExact(errno, Native.string(arena, name), flags), errno);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }
}
