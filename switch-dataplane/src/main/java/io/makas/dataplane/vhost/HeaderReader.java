// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads what a guest asks for in the header of a frame, and refuses what makes no sense, so that nobody later writes a checksum
 * behind the frame's end.
 *
 * <p>Thread: the worker of the ring.
 */
final class HeaderReader {

    /** Answer for a header that makes no sense. No header reads so, as its flags are not among the known. */
    static final long NONSENSE = -1;

    /** {@code VIRTIO_NET_HDR_GSO_ECN} of linux/virtio_net.h, a bit beside the kind of segmentation. */
    private static final int GSO_ECN = 0x80;
    /** Flags and kind of segmentation. */
    private static final long REQUESTS = 0xffff;

    private final boolean offloads;
    private final boolean tso4;
    private final boolean tso6;
    /** A header that came in pieces. */
    private final MemorySegment scratch = Arena.ofAuto().allocate(NetHeader.BYTES, Long.BYTES);

    HeaderReader(RingSetup setup) {
        this.offloads = setup.has(VirtioFeatures.CSUM);
        this.tso4 = setup.has(VirtioFeatures.HOST_TSO4);
        this.tso6 = setup.has(VirtioFeatures.HOST_TSO6);
    }

    /** Whether headers need to be read at all. */
    boolean hasOffloads() {
        return offloads;
    }

    /** What is left to be done for a frame whose header is at an address, as {@link Offload} has it, or {@link #NONSENSE}. */
    long read(long address, int frameBytes) {
        long word = Memory.ALL.get(RingMemory.LONG, address);
        if ((word & REQUESTS) == 0) {
            return Offload.NONE;
        }
        return check(word, Memory.ALL.get(RingMemory.SHORT, address + NetHeader.CSUM_OFFSET) & 0xffffL, frameBytes);
    }

    /** The same for a header that begins a frame in pieces, which has {@link NetHeader#LEGACY_BYTES} at least. */
    long read(RingPieces pieces, int frameBytes) {
        pieces.copyOut(0, scratch.address(), NetHeader.LEGACY_BYTES);
        return read(scratch.address(), frameBytes);
    }

    private long check(long word, long checksumOffset, int frameBytes) {
        int flags = (int) word & Offload.NEEDS_CHECKSUM;
        int gsoType = (int) (word >>> 8) & 0xff & ~GSO_ECN;
        int gsoSize = (int) (word >>> 32) & 0xffff;
        int checksumStart = (int) (word >>> 48);
        if (flags != 0 && checksumStart + checksumOffset + Short.BYTES > frameBytes) {
            return NONSENSE;
        }
        if (gsoType == Offload.GSO_NONE) {
            return flags == 0 ? Offload.NONE : Offload.of(flags, 0, 0, checksumStart, (int) checksumOffset);
        }
        boolean agreed = gsoType == Offload.GSO_TCPV4 && tso4 || gsoType == Offload.GSO_TCPV6 && tso6;
        if (!agreed || flags == 0 || gsoSize == 0) {
            return NONSENSE;
        }
        return Offload.of(flags, gsoType, gsoSize, checksumStart, (int) checksumOffset);
    }
}
