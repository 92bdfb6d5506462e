// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.guest;

import io.makas.dataplane.sys.SharedMemory;
import io.makas.dataplane.sys.SysException;

/**
 * Memory of a guest that its switches map: of hugepages where enough are free, else of ordinary pages. Handed out from the start
 * to the end, nothing is given back.
 *
 * <p>Owner: the one who made it, who closes it when no switch is attached any more.
 */
final class GuestMemory implements AutoCloseable {

    private static final long HUGE_PAGE_BYTES = 2L << 20;
    private static final int LINE_BYTES = 64;

    private final SharedMemory memory;
    private final long sizeBytes;
    private final boolean hugePages;
    private long nextOffset;

    private GuestMemory(SharedMemory memory, long sizeBytes, boolean hugePages) {
        this.memory = memory;
        this.sizeBytes = sizeBytes;
        this.hugePages = hugePages;
    }

    /** Makes memory of at least so many bytes. */
    static GuestMemory of(long bytes) {
        long rounded = bytes + HUGE_PAGE_BYTES - 1 & -HUGE_PAGE_BYTES;
        try {
            return new GuestMemory(SharedMemory.ofHugepages("makas-guest", rounded), rounded, true);
        } catch (SysException _) {
            // Slower, and said in the report.
            return new GuestMemory(SharedMemory.of("makas-guest", rounded), rounded, false);
        }
    }

    /** Takes a piece that begins with a cache line; returns its address. */
    long take(long bytes) {
        long offset = nextOffset;
        nextOffset = offset + bytes + LINE_BYTES - 1 & -LINE_BYTES;
        if (nextOffset > sizeBytes) {
            throw new IllegalStateException("guest memory of " + sizeBytes + " bytes is used up");
        }
        return memory.mapping().address() + offset;
    }

    /** Whether it is of hugepages. */
    boolean hasHugePages() {
        return hugePages;
    }

    /** The first address. A guest sees its memory where this process does. */
    long address() {
        return memory.mapping().address();
    }

    /** Length of the whole in bytes. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** What a switch needs to map it. */
    int fileDescriptor() {
        return memory.fileDescriptor();
    }

    @Override
    public void close() {
        memory.close();
    }
}
