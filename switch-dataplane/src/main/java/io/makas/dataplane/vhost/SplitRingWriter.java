// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Puts frames into a split ring, a burst in stages as {@link SplitRingReader}. The straight way is for frames that fit into the
 * one descriptor of their buffer; others are spread over the descriptors of a chain, and over several chains if the guest
 * merges them.
 */
final class SplitRingWriter extends RingWriter {

    private final SplitQueue queue;
    private final GuestMemory memory;
    private final int headerBytes;
    private final boolean merges;
    private final long[] host;
    /** A header on its way into pieces. */
    private final MemorySegment scratch = Arena.ofAuto().allocate(NetHeader.BYTES, Long.BYTES);

    // The region of the buffer before: the next is in it as well.
    private long regionGuest;
    private long regionBytes;
    private long regionShift;

    SplitRingWriter(RingSetup setup) {
        super(setup);
        this.queue = new SplitQueue(this);
        this.memory = setup.memory();
        this.headerBytes = setup.headerBytes();
        this.merges = setup.has(VirtioFeatures.MRG_RXBUF);
        this.host = new long[queue.head.length];
        queue.disarm();
    }

    @Override
    int base() {
        return queue.base();
    }

    @Override
    public int transmit(long[] address, int[] lengthBytes, long[] offload, int count) {
        account(0);
        int pending = queue.pending();
        if (pending <= 0) {
            return 0;
        }
        int room = Math.min(pending, count);
        if (!queue.read(room)) {
            return 0;
        }
        if (!locate(room, lengthBytes)) {
            return scatter(address, lengthBytes, offload, count);
        }
        copy(room, address, lengthBytes, offload);
        queue.publish(room);
        return room;
    }

    /** Finds out where each frame goes. Returns false if one of the buffers is not a single piece that is large enough. */
    private boolean locate(int count, int[] lengthBytes) {
        long guest = regionGuest;
        long bytes = regionBytes;
        long shift = regionShift;
        int header = headerBytes;
        for (int i = 0; i < count; i++) {
            long word = queue.word[i];
            long at = queue.address[i];
            int needed = lengthBytes[i] + header;
            long offset = at - guest;
            if ((SplitQueue.flags(word) & (SplitRing.F_NEXT | SplitRing.F_WRITE | SplitRing.F_INDIRECT))
                            != SplitRing.F_WRITE
                    || SplitQueue.length(word) < needed) {
                return false;
            }
            if (offset < 0 || offset > bytes - needed) {
                if (!adoptRegion(at, needed)) {
                    return false;
                }
                guest = regionGuest;
                bytes = regionBytes;
                shift = regionShift;
            }
            host[i] = at + shift;
        }
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

    private void copy(int count, long[] address, int[] lengthBytes, long[] offload) {
        int header = headerBytes;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int length = lengthBytes[i];
            long to = host[i];
            writeHeader(to, offload[i], 1);
            RingMemory.copy(address[i], to + header, length);
            queue.use(i, queue.head[i], length + header);
            bytes += length;
        }
        account(bytes);
    }

    /** Writes the header of a frame, see {@link Offload}. */
    private void writeHeader(long to, long offload, int buffers) {
        long word = 0;
        int last = buffers << 16;
        if (offload != Offload.NONE) {
            word = offload & 0xffff_0000_0000_ffffL | (offload & 0xffff_0000L) << 16;
            last |= Offload.checksumOffset(offload);
        }
        Memory.ALL.set(RingMemory.LONG, to, word);
        if (headerBytes == NetHeader.BYTES) {
            Memory.ALL.set(RingMemory.INT, to + Long.BYTES, last);
        } else {
            Memory.ALL.set(RingMemory.SHORT, to + Long.BYTES, (short) last);
        }
    }

    /** The way for frames in several pieces. One that does not fit where it is to go is not sent. */
    private int scatter(long[] address, int[] lengthBytes, long[] offload, int count) {
        int sent = 0;
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            int chains = scatter(address[i], lengthBytes[i], offload[i]);
            if (broken() != null) {
                return sent;
            }
            if (chains > 0) {
                queue.publish(chains);
                bytes += lengthBytes[i];
                sent++;
            }
        }
        account(bytes);
        return sent;
    }

    /** Fills as many chains as one frame needs. Returns their number; 0 when they have no room for it. */
    private int scatter(long address, int lengthBytes, long offload) {
        int needed = headerBytes + lengthBytes;
        int limit = merges ? queue.head.length : 1;
        int pending = Math.min(queue.pending(), limit);
        if (pending <= 0 || !queue.read(pending)) {
            return 0;
        }
        queue.pieces.clear();
        int chains = 0;
        while (queue.pieces.totalBytes < needed) {
            long before = queue.pieces.totalBytes;
            if (chains == pending || !queue.walk(chains, SplitRing.F_WRITE)) {
                return 0;
            }
            long taken = Math.min(queue.pieces.totalBytes, needed) - before;
            queue.use(chains, queue.head[chains], (int) taken);
            chains++;
        }
        writeHeader(scratch.address(), offload, chains);
        queue.pieces.copyIn(scratch.address(), 0, headerBytes);
        queue.pieces.copyIn(address, headerBytes, lengthBytes);
        return chains;
    }
}
