// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Mbuf;
import io.makas.dataplane.sys.Memory;
import io.makas.dataplane.sys.Mempool;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * A burst of buffers as DPDK takes and gives it, an array of their addresses, and the way between it and a
 * {@link FrameBatch}.
 *
 * <p>Thread: the worker. Owner: the port.
 */
final class MbufBurst implements AutoCloseable {

    /** {@code ETH_HLEN} of linux/if_ether.h. */
    private static final int MIN_FRAME_BYTES = 14;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final int CACHE_LINE_BYTES = 64;

    private final Arena arena = Arena.ofShared();
    private final long array = arena.allocate((long) FrameBatch.CAPACITY * Long.BYTES, CACHE_LINE_BYTES)
            .address();
    private final int maxFrameBytes;
    private long malformedFrames;

    /** Takes frames that fill one buffer. */
    MbufBurst() {
        this(Integer.MAX_VALUE);
    }

    /** Takes frames of up to so many bytes, and longer ones in one buffer if they are to be cut. */
    MbufBurst(int maxFrameBytes) {
        this.maxFrameBytes = maxFrameBytes;
    }

    /** Where the addresses are, {@link FrameBatch#CAPACITY} of them. */
    long arrayAddress() {
        return array;
    }

    /** Frames refused so far because they were too long for a buffer or had no whole Ethernet header. */
    long malformedFrames() {
        return malformedFrames;
    }

    /**
     * Puts buffers that DPDK filled into an empty batch, and gives back those that the switch cannot use.
     *
     * @return number of frames in the batch
     */
    int unpack(int count, FrameBatch into, PortCounters counters) {
        long[] handle = into.handle;
        long[] address = into.address;
        int[] lengthBytes = into.lengthBytes;
        long[] offload = into.offload;
        int accepted = 0;
        int refused = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            long mbuf = Memory.ALL.get(LONG, array + (long) i * Long.BYTES);
            long layout = Mbuf.layout(mbuf);
            int length = Mbuf.frameLengthBytes(mbuf);
            long flags = Mbuf.offloadFlags(mbuf);
            if (Mbuf.isContiguous(layout)
                    && length >= MIN_FRAME_BYTES
                    && (length <= maxFrameBytes || (flags & Mbuf.RX_LARGE) != 0)) {
                handle[accepted] = mbuf;
                address[accepted] = Mbuf.frameAddress(mbuf, layout);
                lengthBytes[accepted] = length;
                offload[accepted] = (flags & MbufOffload.RECEIVED) == 0
                        ? Offload.NONE
                        : MbufOffload.received(mbuf, flags, address[accepted], length);
                accepted++;
                bytes += length;
            } else {
                Memory.ALL.set(LONG, array + (long) refused * Long.BYTES, mbuf);
                refused++;
            }
        }
        into.count = accepted;
        counters.received(accepted, bytes);
        if (refused > 0) {
            Mempool.free(array, refused);
            malformedFrames += refused;
            counters.dropOnReceive(refused);
        }
        return accepted;
    }

    /**
     * Writes where its frame is into each buffer of a batch, what is left to be done with it, and the buffers into the array. Returns
     * the frames' bytes.
     */
    long pack(FrameBatch from) {
        long[] handle = from.handle;
        long[] address = from.address;
        int[] lengthBytes = from.lengthBytes;
        long[] offload = from.offload;
        int count = from.count;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            Mbuf.setFrame(handle[i], address[i], lengthBytes[i]);
            Memory.ALL.set(LONG, array + (long) i * Long.BYTES, handle[i]);
            bytes += lengthBytes[i];
            if (offload[i] != Offload.NONE) {
                MbufOffload.request(handle[i], address[i], lengthBytes[i], offload[i]);
            }
        }
        return bytes;
    }

    /** Bytes of the frames of a batch from {@code first} on. */
    static long bytesFrom(FrameBatch batch, int first) {
        long bytes = 0;
        for (int i = first; i < batch.count; i++) {
            bytes += batch.lengthBytes[i];
        }
        return bytes;
    }

    @Override
    public void close() {
        arena.close();
    }
}
