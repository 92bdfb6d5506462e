// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * The kernel's side of one ring, in plain Java and plain memory. It knows nothing of the classes under test: it counts in
 * {@code long} and cuts to 32 bits where it writes.
 */
final class KernelSide implements AutoCloseable {

    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();
    private static final long PRODUCER = 0;
    private static final long CONSUMER = 64;
    private static final long FLAGS = 128;
    private static final long ENTRIES = 192;

    private final Arena arena = Arena.ofShared();
    private final long base;
    private final int size;
    private final int entryBytes;

    /** The kernel's own index, never wrapped. */
    private long index;

    /**
     * Lays out a ring.
     *
     * @param size entries, a power of two
     * @param entryBytes size of an entry
     * @param start where both indices begin, e.g. shortly before 2^32
     */
    KernelSide(int size, int entryBytes, long start) {
        this.base = arena.allocate(ENTRIES + (long) size * entryBytes, 64).address();
        this.size = size;
        this.entryBytes = entryBytes;
        this.index = start;
        Memory.ALL.set(ValueLayout.JAVA_INT, base + PRODUCER, (int) start);
        Memory.ALL.set(ValueLayout.JAVA_INT, base + CONSUMER, (int) start);
    }

    XdpSocket.Ring ring() {
        return new XdpSocket.Ring(base + PRODUCER, base + CONSUMER, base + FLAGS, base + ENTRIES, size);
    }

    /** As a consumer: takes the next entry's first word, or −1 when the worker has published nothing. */
    long take() {
        if ((int) INDEX.getAcquire(Memory.ALL, base + PRODUCER) == (int) index) {
            return -1;
        }
        long entry = Memory.ALL.get(ValueLayout.JAVA_LONG, place());
        index++;
        INDEX.setRelease(Memory.ALL, base + CONSUMER, (int) index);
        return entry;
    }

    /** As a producer: puts an entry with a length behind it if entries are that long. Returns false when the ring is full. */
    boolean put(long entry, int lengthBytes) {
        int consumer = (int) INDEX.getAcquire(Memory.ALL, base + CONSUMER);
        if ((int) index - consumer == size) {
            return false;
        }
        Memory.ALL.set(ValueLayout.JAVA_LONG, place(), entry);
        if (entryBytes > Long.BYTES) {
            Memory.ALL.set(ValueLayout.JAVA_INT, place() + Long.BYTES, lengthBytes);
        }
        index++;
        INDEX.setRelease(Memory.ALL, base + PRODUCER, (int) index);
        return true;
    }

    /** Length that stands behind the entry taken last. */
    int lengthOfLastTaken() {
        return Memory.ALL.get(ValueLayout.JAVA_INT, base + ENTRIES + (index - 1 & size - 1) * entryBytes + Long.BYTES);
    }

    void sleep(boolean asleep) {
        INDEX.setOpaque(Memory.ALL, base + FLAGS, asleep ? 1 : 0);
    }

    @Override
    public void close() {
        arena.close();
    }

    private long place() {
        return base + ENTRIES + (index & size - 1) * entryBytes;
    }
}
