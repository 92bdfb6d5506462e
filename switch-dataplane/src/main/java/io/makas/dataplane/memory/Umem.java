// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.memory;

import io.makas.dataplane.sys.Mapping;
import io.makas.dataplane.sys.XdpSocket;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Frame memory for AF_XDP sockets ({@code UMEM} in kernel documents): equal chunks in one mapping, that the kernel copies
 * frames into and out of. Sockets of several ports use one memory; a frame then passes between them without a copy.
 *
 * <p>A handle is the absolute address of a buffer; a buffer's offset in the memory is what the rings carry. Stacks of free
 * buffers: the one released last, still in the processor's caches, is lent next.
 *
 * <p>A memory for long frames has, behind its chunks, large buffers of {@value #LARGE_BUFFER_CHUNKS} chunks each: the kernel
 * spreads a long frame over several chunks, and the port gathers it in one large buffer. A memory without them has room in
 * front of each frame for what is told the kernel about sending it ({@code struct xsk_tx_metadata}).
 *
 * <p>Each buffer that the kernel has is marked with the number of the queue that gave it, its <em>holder</em>. So an entry of
 * a ring that makes no sense is noticed, and what a queue leaves behind when its socket is closed is found.
 *
 * <p>Thread: the worker of the ports that use it; made and closed by a control thread, which also calls {@link #reclaim}.
 * Owner: whoever made it; it must be closed after the ports.
 */
public final class Umem extends FramePool {

    /** The smallest chunk of AF_XDP ({@code XDP_UMEM_MIN_CHUNK_SIZE}), and enough for an MTU of 1500. */
    public static final int SMALL_FRAME_BYTES = 2048;

    /** The largest chunk: one page. */
    public static final int LARGE_FRAME_BYTES = 4096;

    /** The highest number of a holder. */
    public static final int MAX_HOLDER = Byte.MAX_VALUE;

    /** {@code sizeof(struct xsk_tx_metadata)} of {@code linux/if_xdp.h} in Linux 6.18. */
    public static final int TRANSMIT_METADATA_BYTES = 24;

    private static final int LARGE_BUFFER_CHUNKS = 3;

    private final Mapping mapping;
    private final long base;
    private final int frameBytes;
    private final int frameShift;
    /** Chunks that are not part of a large buffer. */
    private final int chunks;

    private final int reservedBytes;
    private final long largeBase;
    private final long[] free;
    private final long[] freeLarge;
    private int freeCount;
    private int freeLargeCount;

    /** Whose each buffer is that the kernel has to receive into, negative: to send; 0 for others. By the first chunk. */
    private final byte[] holders;
    /** How many pieces of each buffer the kernel has not sent yet, by the buffer's first chunk. */
    private final byte[] pieces;

    /** Buffers of queues that are closed, from control threads to the worker. */
    private final ConcurrentLinkedQueue<Long> reclaimed = new ConcurrentLinkedQueue<>();

    /** Maps memory without large buffers. */
    public Umem(int chunks, int frameBytes) {
        this(chunks, frameBytes, 0);
    }

    /**
     * Maps memory.
     *
     * @param chunks number of chunks to receive into
     * @param frameBytes size of each: {@link #SMALL_FRAME_BYTES} or {@link #LARGE_FRAME_BYTES}
     * @param largeBuffers number of buffers for long frames besides
     */
    public Umem(int chunks, int frameBytes, int largeBuffers) {
        if (frameBytes != SMALL_FRAME_BYTES && frameBytes != LARGE_FRAME_BYTES) {
            throw new IllegalArgumentException("frame buffers of " + frameBytes + " bytes: the kernel has those of "
                    + SMALL_FRAME_BYTES + " and " + LARGE_FRAME_BYTES);
        }
        int all = chunks + largeBuffers * LARGE_BUFFER_CHUNKS;
        int largeBytes = LARGE_BUFFER_CHUNKS * frameBytes;
        this.mapping = Mapping.anonymous((long) all * frameBytes);
        this.base = mapping.address();
        this.frameBytes = frameBytes;
        this.frameShift = Integer.numberOfTrailingZeros(frameBytes);
        this.chunks = chunks;
        this.reservedBytes = largeBuffers == 0 ? TRANSMIT_METADATA_BYTES : 0;
        this.largeBase = base + (long) chunks * frameBytes;
        this.free = stack(base, chunks, frameBytes);
        this.freeLarge = stack(largeBase, largeBuffers, largeBytes);
        this.freeCount = chunks;
        this.freeLargeCount = largeBuffers;
        this.holders = new byte[all];
        this.pieces = new byte[all];
    }

    private static long[] stack(long base, int count, int sizeBytes) {
        long[] stack = new long[count];
        for (int i = 0; i < count; i++) {
            stack[i] = base + (long) (count - 1 - i) * sizeBytes;
        }
        return stack;
    }

    /** The mapping to register with a socket. */
    public Mapping mapping() {
        return mapping;
    }

    /** Size of a chunk, in bytes. */
    public int frameBytes() {
        return frameBytes;
    }

    /** What the rings call an address of this memory. */
    public long offset(long address) {
        return address - base;
    }

    /** The absolute address of an offset that came out of a ring. */
    public long address(long offset) {
        return base + offset;
    }

    /** The buffer that an offset is in. */
    public long handle(long offset) {
        return base + ((long) first((int) (offset >>> frameShift)) << frameShift);
    }

    /** Borrows a chunk to receive into. Returns its handle, or {@link #NONE}. */
    public long allocateChunk() {
        if (freeCount == 0) {
            takeReclaimed();
            if (freeCount == 0) {
                return NONE;
            }
        }
        return free[--freeCount];
    }

    @Override
    public long allocate() {
        return allocateChunk();
    }

    @Override
    public long allocate(int wantedFrameBytes) {
        return wantedFrameBytes <= maxFrameBytes()
                ? allocateChunk()
                : wantedFrameBytes <= longestFrameBytes() ? allocateLarge() : NONE;
    }

    /** Borrows a large buffer. Returns its handle, or {@link #NONE}. */
    public long allocateLarge() {
        if (freeLargeCount == 0) {
            takeReclaimed();
            if (freeLargeCount == 0) {
                return NONE;
            }
        }
        return freeLarge[--freeLargeCount];
    }

    /** Notes that the queue with this number gives a chunk to the kernel to receive into. */
    public void lendToReceive(long handle, int holder) {
        int chunk = (int) (handle - base >>> frameShift);
        assert holders[chunk] == 0 : "the kernel has this chunk already";
        holders[chunk] = (byte) holder;
    }

    /** Notes that the queue with this number gives a buffer to the kernel to send, in so many pieces. */
    public void lendToSend(long handle, int holder, int inPieces) {
        int chunk = (int) (handle - base >>> frameShift);
        assert holders[chunk] == 0 : "the kernel has this buffer already";
        holders[chunk] = (byte) -holder;
        pieces[chunk] = (byte) inPieces;
    }

    /**
     * Takes a chunk back into which the kernel says that it has received.
     *
     * @param offset of the bytes received, as the ring says
     * @param lengthBytes how many, as the ring says
     * @return its handle; {@link #NONE} if that makes no sense: outside the memory or a chunk, or of a chunk that this
     *     queue has not given
     */
    public long takeReceived(long offset, int lengthBytes, int holder) {
        long chunk = offset >>> frameShift;
        long within = offset & frameBytes - 1;
        if (chunk >= chunks || holders[(int) chunk] != holder || (lengthBytes & 0xffffffffL) > frameBytes - within) {
            return NONE;
        }
        holders[(int) chunk] = 0;
        return base + (chunk << frameShift);
    }

    /**
     * Takes a buffer back that the kernel says it has sent, and releases it when it was the last piece.
     *
     * @return whether it had been given by this queue
     */
    public boolean takeSent(long offset, int holder) {
        long at = offset >>> frameShift;
        if (at >= holders.length) {
            return false;
        }
        int chunk = first((int) at);
        if (holders[chunk] != -holder) {
            return false;
        }
        if (--pieces[chunk] == 0) {
            holders[chunk] = 0;
            release(base + ((long) chunk << frameShift));
        }
        return true;
    }

    /**
     * Gives back all that a queue left with the kernel. Its socket must be closed and its worker must have let go of it; the
     * worker of the others finds the buffers when it needs some. For the control side.
     */
    public void reclaim(int holder) {
        for (int chunk = 0; chunk < holders.length; chunk++) {
            if (Math.abs(holders[chunk]) == holder) {
                holders[chunk] = 0;
                reclaimed.add(base + ((long) chunk << frameShift));
            }
        }
    }

    @Override
    public void release(long[] handles, int offset, int count) {
        if (freeLarge.length > 0) {
            for (int i = 0; i < count; i++) {
                release(handles[offset + i]);
            }
            return;
        }
        assert freeCount + count <= free.length : "more buffers came back than were lent";
        System.arraycopy(handles, offset, free, freeCount, count);
        freeCount += count;
    }

    /** Gives back one buffer. */
    public void release(long handle) {
        assert handle >= base && handle < base + mapping.sizeBytes() && handle == handle(offset(handle));
        if (handle < largeBase) {
            assert freeCount < free.length : "more buffers came back than were lent";
            free[freeCount++] = handle;
        } else {
            assert freeLargeCount < freeLarge.length : "more buffers came back than were lent";
            freeLarge[freeLargeCount++] = handle;
        }
    }

    @Override
    public long bufferAddress(long handle) {
        return handle + reservedBytes;
    }

    @Override
    public int bufferSizeBytes() {
        return frameBytes - reservedBytes;
    }

    @Override
    public int bufferSizeBytes(long handle) {
        return handle < largeBase ? bufferSizeBytes() : LARGE_BUFFER_CHUNKS * frameBytes;
    }

    /** Longest frame that any buffer can hold behind the headroom of a received one, in bytes. */
    public int longestFrameBytes() {
        int bytes = freeLarge.length == 0 ? frameBytes : LARGE_BUFFER_CHUNKS * frameBytes;
        return bytes - XdpSocket.XDP_PACKET_HEADROOM;
    }

    /** Room in front of each frame for what is told the kernel about sending it: 0 or {@link #TRANSMIT_METADATA_BYTES}. */
    public int metadataBytes() {
        return reservedBytes;
    }

    /** Number of chunks to receive into, in all. */
    public int frames() {
        return free.length;
    }

    /** Number of chunks that are not lent out. For the worker. */
    public int available() {
        takeReclaimed();
        return freeCount;
    }

    /** Number of large buffers that are not lent out. For the worker. */
    public int availableLarge() {
        takeReclaimed();
        return freeLargeCount;
    }

    @Override
    public void close() {
        mapping.close();
    }

    /** The first chunk of the buffer that a chunk belongs to. */
    private int first(int chunk) {
        return chunk < chunks ? chunk : chunk - (chunk - chunks) % LARGE_BUFFER_CHUNKS;
    }

    private void takeReclaimed() {
        for (Long handle = reclaimed.poll(); handle != null; handle = reclaimed.poll()) {
            release(handle);
        }
    }
}
