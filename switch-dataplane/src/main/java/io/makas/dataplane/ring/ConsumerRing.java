// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A ring that the kernel fills and the worker empties: the mirror image of {@link ProducerRing}, which explains the
 * indices.
 *
 * <p>Use: {@link #peek}, then read {@code n} entries from {@link #tail()} on, then {@link #release}.
 *
 * <p>Thread: the worker.
 */
public abstract class ConsumerRing {

    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();

    /** Address of the index that the kernel writes. */
    private final long producerAddress;
    /** Address of the index that the worker writes. */
    private final long consumerAddress;

    private final long entriesAddress;
    private final int size;
    private final int mask;

    /** What the consumer's index is; the worker is the only one to change it. */
    private int tail;
    /** The producer's index as it was last seen; the kernel is here or further. */
    private int cachedProducer;

    ConsumerRing(XdpSocket.Ring ring) {
        this.producerAddress = ring.producerAddress();
        this.consumerAddress = ring.consumerAddress();
        this.entriesAddress = ring.entriesAddress();
        this.size = ring.size();
        this.mask = ring.size() - 1;
        this.tail = (int) INDEX.getOpaque(Memory.ALL, consumerAddress);
        this.cachedProducer = tail;
    }

    /** Number of entries in all. */
    public final int size() {
        return size;
    }

    /**
     * Looks for entries; the kernel's index is read only when all that is known of has been taken.
     *
     * @param wanted number of entries at most
     * @return number of entries that may be read, 0 to {@code wanted}
     */
    public final int peek(int wanted) {
        int ready = cachedProducer - tail;
        if (ready < wanted) {
            cachedProducer = (int) INDEX.getAcquire(Memory.ALL, producerAddress);
            ready = cachedProducer - tail;
        }
        return Math.min(ready, wanted);
    }

    /** Index of the first entry that {@link #peek} found. */
    public final int tail() {
        return tail;
    }

    /** Gives the places of {@code count} entries back to the kernel. */
    public final void release(int count) {
        tail += count;
        INDEX.setRelease(Memory.ALL, consumerAddress, tail);
    }

    /** Whether nothing is there, by the kernel's own index. */
    public final boolean isEmpty() {
        return (int) INDEX.getAcquire(Memory.ALL, producerAddress) == tail;
    }

    /** Address of an entry. */
    final long entry(int index, int entryBytes) {
        return entriesAddress + (long) (index & mask) * entryBytes;
    }
}
