// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.ring;

import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.XdpSocket;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * A ring that the worker fills and the kernel empties.
 *
 * <p>Both indices count entries for ever and wrap at 2^32; an entry's place is its index modulo the ring's size, a power of
 * two. The worker writes entries first and the producer's index after (release), the kernel reads the index first (acquire):
 * so it never sees an entry half written. The other way round the consumer's index says which places may be used again.
 *
 * <p>Use: {@link #reserve}, then write {@code n} entries from {@link #head()} on, then {@link #publish}.
 *
 * <p>Thread: the worker.
 */
public abstract class ProducerRing {

    /** {@code XDP_RING_NEED_WAKEUP} of {@code linux/if_xdp.h}. */
    private static final int XDP_RING_NEED_WAKEUP = 1;

    private static final VarHandle INDEX = ValueLayout.JAVA_INT.varHandle();

    /** Address of the index that the worker writes. */
    private final long producerAddress;
    /** Address of the index that the kernel writes. */
    private final long consumerAddress;
    /** Address of the flags that the kernel writes. */
    private final long flagsAddress;

    private final long entriesAddress;
    private final int size;
    private final int mask;

    /** What the producer's index is; the worker is the only one to change it. */
    private int head;
    /** The consumer's index as it was last seen; the kernel is here or further. */
    private int cachedConsumer;

    ProducerRing(XdpSocket.Ring ring) {
        this.producerAddress = ring.producerAddress();
        this.consumerAddress = ring.consumerAddress();
        this.flagsAddress = ring.flagsAddress();
        this.entriesAddress = ring.entriesAddress();
        this.size = ring.size();
        this.mask = ring.size() - 1;
        this.head = (int) INDEX.getOpaque(Memory.ALL, producerAddress);
        this.cachedConsumer = (int) INDEX.getAcquire(Memory.ALL, consumerAddress);
    }

    /** Number of entries in all. */
    public final int size() {
        return size;
    }

    /**
     * Asks for room; the kernel's index is read only when the room known of does not do.
     *
     * @param wanted number of entries
     * @return number of entries that may be written, 0 to {@code wanted}
     */
    public final int reserve(int wanted) {
        int free = size - (head - cachedConsumer);
        if (free < wanted) {
            cachedConsumer = (int) INDEX.getAcquire(Memory.ALL, consumerAddress);
            free = size - (head - cachedConsumer);
        }
        return Math.min(free, wanted);
    }

    /** Index of the first entry that {@link #reserve} gave. */
    public final int head() {
        return head;
    }

    /** Gives {@code count} entries to the kernel. */
    public final void publish(int count) {
        head += count;
        INDEX.setRelease(Memory.ALL, producerAddress, head);
    }

    /** Number of entries that the kernel has not taken yet. */
    public final int pending() {
        cachedConsumer = (int) INDEX.getAcquire(Memory.ALL, consumerAddress);
        return head - cachedConsumer;
    }

    /** Whether the kernel sleeps and wants to be called after {@link #publish}. */
    public final boolean needsWakeUp() {
        return ((int) INDEX.getOpaque(Memory.ALL, flagsAddress) & XDP_RING_NEED_WAKEUP) != 0;
    }

    /** Address of an entry. */
    final long entry(int index, int entryBytes) {
        return entriesAddress + (long) (index & mask) * entryBytes;
    }
}
