// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.memory.StockedFramePool;
import io.makas.dataplane.sys.Memory;

/**
 * Takes frames out of a split ring, a burst in stages: heads and descriptors of all, then where each is, then the copies.
 *
 * <p>A burst of frames in one descriptor each, as drivers make them that care for speed, takes the straight way. One frame in
 * the burst that is otherwise has each chain walked.
 */
final class SplitRingReader extends RingReader {

    private final SplitQueue queue;
    private final GuestMemory memory;
    private final int headerBytes;
    private final HeaderReader headers;
    private final long[] host = new long[FrameBatch.CAPACITY];

    // The region of the frame before: the next is in it as well.
    private long regionGuest;
    private long regionBytes;
    private long regionShift;

    /** Keeps the loads of {@link #locate} from being thought useless. */
    private int touched;

    SplitRingReader(RingSetup setup) {
        super(setup);
        this.queue = new SplitQueue(this);
        this.memory = setup.memory();
        this.headerBytes = setup.headerBytes();
        this.headers = new HeaderReader(setup);
    }

    @Override
    int base() {
        return queue.base();
    }

    @Override
    public int receive(FrameBatch into, StockedFramePool.Stock stock) {
        int pending = queue.pending();
        if (pending <= 0) {
            account(0, 0);
            return 0;
        }
        int count = stock.allocate(into.handle, Math.min(pending, FrameBatch.CAPACITY));
        into.count = count;
        boolean whole = count > 0 && queue.read(count);
        if (whole && locate(count, into, stock.maxFrameBytes())) {
            copy(count, into);
        } else {
            count = whole ? gather(count, into, stock.maxFrameBytes()) : 0;
        }
        if (broken() != null) {
            stock.release(into.handle, 0, into.count);
            into.clear();
            account(0, 0);
            return 0;
        }
        if (count > 0) {
            queue.publish(count);
        }
        return into.count == 0 ? 0 : keepGood(into, stock);
    }

    @Override
    public boolean arm() {
        return queue.arm();
    }

    @Override
    public void disarm() {
        queue.disarm();
    }

    /** Finds out where each frame is. Returns false if one of them is not simply there. */
    private boolean locate(int count, FrameBatch into, int maxFrameBytes) {
        long guest = regionGuest;
        long bytes = regionBytes;
        long shift = regionShift;
        int header = headerBytes;
        int touch = 0;
        for (int i = 0; i < count; i++) {
            long word = queue.word[i];
            long address = queue.address[i];
            long length = SplitQueue.length(word);
            long offset = address - guest;
            int frameBytes = (int) length - header;
            if ((SplitQueue.flags(word) & (SplitRing.F_NEXT | SplitRing.F_WRITE | SplitRing.F_INDIRECT)) != 0
                    || frameBytes < MIN_FRAME_BYTES
                    || frameBytes > maxFrameBytes) {
                return false;
            }
            if (offset < 0 || offset > bytes - length) {
                if (!adoptRegion(address, length)) {
                    return false;
                }
                guest = regionGuest;
                bytes = regionBytes;
                shift = regionShift;
            }
            long at = address + shift + header;
            host[i] = at;
            into.lengthBytes[i] = frameBytes;
            // Begins to fetch the line while the others are looked at.
            touch += Memory.ALL.get(RingMemory.BYTE, at);
        }
        touched = touch;
        return true;
    }

    private boolean adoptRegion(long address, long length) {
        int region = memory.region(address);
        if (region < 0 || memory.host(address, length) == GuestMemory.NOWHERE) {
            return false;
        }
        regionGuest = memory.regionGuest(region);
        regionBytes = memory.regionBytes(region);
        regionShift = memory.regionShift(region);
        return true;
    }

    private void copy(int count, FrameBatch into) {
        for (int i = 0; i < count; i++) {
            long to = into.handle[i] + FramePool.MIN_HEADROOM_BYTES;
            int lengthBytes = into.lengthBytes[i];
            into.address[i] = to;
            into.offload[i] = headers.hasOffloads() ? headers.read(host[i] - headerBytes, lengthBytes) : Offload.NONE;
            RingMemory.copy(host[i], to, lengthBytes);
            queue.use(i, queue.head[i], 0);
        }
    }

    /** The way for frames in several pieces, and for those that are wrong. */
    private int gather(int count, FrameBatch into, int maxFrameBytes) {
        for (int i = 0; i < count; i++) {
            queue.pieces.clear();
            if (!queue.walk(i, 0)) {
                return 0;
            }
            long frameBytes = queue.pieces.totalBytes - headerBytes;
            into.lengthBytes[i] = 0;
            into.address[i] = into.handle[i] + FramePool.MIN_HEADROOM_BYTES;
            if (frameBytes >= MIN_FRAME_BYTES && frameBytes <= maxFrameBytes) {
                into.lengthBytes[i] = (int) frameBytes;
                into.offload[i] = headers.hasOffloads() ? headers.read(queue.pieces, (int) frameBytes) : Offload.NONE;
                queue.pieces.copyOut(headerBytes, into.address[i], (int) frameBytes);
            }
            queue.use(i, queue.head[i], 0);
        }
        return count;
    }

    /**
     * Leaves the frames that make sense in the batch, and counts. Those that make none go to its end first, so that the batch
     * never names a buffer that is released.
     */
    private int keepGood(FrameBatch into, StockedFramePool.Stock stock) {
        int count = into.count;
        int kept = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int lengthBytes = into.lengthBytes[i];
            if (lengthBytes == 0 || into.offload[i] == HeaderReader.NONSENSE) {
                continue;
            }
            if (kept != i) {
                swap(into, kept, i);
            }
            bytes += lengthBytes;
            kept++;
        }
        into.count = kept;
        if (kept < count) {
            stock.release(into.handle, kept, count - kept);
        }
        account(bytes, count - kept);
        return kept;
    }

    private static void swap(FrameBatch batch, int to, int from) {
        long handle = batch.handle[to];
        batch.handle[to] = batch.handle[from];
        batch.handle[from] = handle;
        batch.address[to] = batch.address[from];
        batch.lengthBytes[to] = batch.lengthBytes[from];
        batch.offload[to] = batch.offload[from];
    }
}
