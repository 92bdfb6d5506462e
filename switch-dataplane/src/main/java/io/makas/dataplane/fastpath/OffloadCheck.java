// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.counter.DropCounters;
import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.memory.FramePool;
import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.PartialChecksum;
import io.makas.flow.packet.Sctp;
import io.makas.flow.packet.Segmenter;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;
import io.makas.flow.pipeline.DropReason;

/**
 * Looks at what the senders of a burst left undone before anything is done with it. A guest may write anything there: what
 * contradicts the packet is dropped ({@link DropReason#BAD_OFFLOAD}), so that from here on the following holds for each frame of
 * the burst that is not finished:
 *
 * <ul>
 *   <li>It is TCP or UDP directly behind IP, no fragment, not routed, with no more extension headers
 *       than a peer can be told of, and all headers lie within the frame.
 *   <li>{@code csum_start} and {@code csum_offset} are those of that checksum, and the flag is set.
 *   <li>{@code gso_type} is none or that of the packet, which has a payload of more than {@code gso_size} bytes, and no more than
 *       {@value #MAX_SEGMENTS} times as much.
 * </ul>
 *
 * <p>A partial checksum anywhere else, for instance within a tunnel of the guest's own, is finished here and now: nothing that
 * flows rewrite has to do with it.
 *
 * <p>Thread: the worker. Allocates nothing.
 */
final class OffloadCheck {

    /**
     * Segments that one frame is cut into at most: what 64 KiB make with an MSS of 256 bytes. Linux has no such bound; here it keeps
     * one frame of a guest from holding up a worker, or from making tens of thousands.
     */
    static final int MAX_SEGMENTS = 256;

    /** What no peer asks for, as {@code gso_type} would be 255. */
    private static final long REFUSED = -1;

    /** The place of a checksum that no frame has. */
    private static final int UNKNOWN = Integer.MAX_VALUE;

    private final DropCounters drops;
    private final long[] refused = new long[FrameBatch.CAPACITY];

    OffloadCheck(DropCounters drops) {
        this.drops = drops;
    }

    /**
     * Checks a burst, and takes out of it what is refused.
     *
     * @param pool where its frames lie
     * @return what a peer must be able to do to be given all of the burst as it is; 0 if all frames are finished
     */
    int admit(FrameBatch batch, FramePool pool) {
        long[] offload = batch.offload;
        int count = batch.count;
        long any = 0;
        for (int i = 0; i < count; i++) {
            any |= offload[i];
        }
        return any == 0 ? 0 : admitUnfinished(batch, pool);
    }

    private int admitUnfinished(FrameBatch batch, FramePool pool) {
        int required = 0;
        int kept = 0;
        int refusedCount = 0;
        for (int i = 0; i < batch.count; i++) {
            long offload = batch.offload[i];
            if (offload != Offload.NONE) {
                offload = admitted(batch.address[i], batch.lengthBytes[i], offload);
            }
            if (offload == REFUSED) {
                refused[refusedCount++] = batch.handle[i];
                drops.count(DropReason.BAD_OFFLOAD);
                continue;
            }
            required |= Offload.required(offload);
            batch.handle[kept] = batch.handle[i];
            batch.address[kept] = batch.address[i];
            batch.lengthBytes[kept] = batch.lengthBytes[i];
            batch.offload[kept++] = offload;
        }
        batch.count = kept;
        if (refusedCount > 0) {
            pool.release(refused, 0, refusedCount);
        }
        return required;
    }

    /** What is left to be done with a frame after this check, or {@link #REFUSED}. */
    static long admitted(long address, int lengthBytes, long offload) {
        int gsoType = Offload.gsoType(offload) & ~Offload.GSO_ECN;
        boolean needsChecksum = (Offload.flags(offload) & Offload.NEEDS_CHECKSUM) != 0;
        if (gsoType == Offload.GSO_NONE && !needsChecksum) {
            return Offload.NONE;
        }
        if (lengthBytes < Ethernet.HEADER_BYTES) {
            return REFUSED;
        }
        long layers = Layers.locate(Memory.ALL, address, lengthBytes);
        long own = ownChecksum(address, lengthBytes, layers);
        boolean anywhere = Offload.checksumStart(offload) == 0;
        boolean isOwn = own != Offload.NONE
                && (anywhere
                        || Offload.checksumStart(offload) == Offload.checksumStart(own)
                                && Offload.checksumOffset(offload) == Offload.checksumOffset(own));
        if (gsoType != Offload.GSO_NONE) {
            boolean consistent = own != Offload.NONE && (isOwn || !needsChecksum);
            return consistent ? segmented(address, layers, gsoType, Offload.gsoSizeBytes(offload), own) : REFUSED;
        }
        if (isOwn) {
            return own;
        }
        return finish(address, lengthBytes, layers, offload) ? Offload.NONE : REFUSED;
    }

    /** The checksum of TCP or UDP directly behind IP, as an offload; {@link Offload#NONE} if there is none that flows know of. */
    private static long ownChecksum(long address, int lengthBytes, long layers) {
        boolean tcp = Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES);
        if (!tcp && !Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)
                || Layers.fragment(layers) != 0
                || Layers.isRouted(layers)
                || Layers.transport(layers) - Layers.network(layers) > Finisher.MAX_NETWORK_BYTES
                // The type and the version in the header are one.
                || Layers.locateIp(Memory.ALL, address, lengthBytes, Layers.network(layers)) != layers) {
            return Offload.NONE;
        }
        int position = tcp ? Tcp.CHECKSUM : Udp.CHECKSUM;
        return Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, Layers.transport(layers), position);
    }

    private static long segmented(long address, long layers, int gsoType, int gsoSizeBytes, long own) {
        boolean tcp = Layers.protocol(layers) == IpProtocol.TCP;
        boolean ipv6 = Ipv4.version(Memory.ALL, address + Layers.network(layers)) == 6;
        int typeOfPacket = !tcp ? Offload.GSO_UDP_L4 : ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
        int headerBytes = Segmenter.headerBytes(Memory.ALL, address, layers);
        // An 802.3 frame tells its length, which no large frame can.
        boolean snap = Ethernet.type(Memory.ALL, address) < Ethernet.TYPE_MIN;
        if (gsoType != typeOfPacket || gsoSizeBytes == 0 || headerBytes == 0 || snap) {
            return REFUSED;
        }
        int payloadBytes = Segmenter.payloadBytes(layers, headerBytes);
        if (payloadBytes <= gsoSizeBytes) {
            return own;
        }
        if (payloadBytes > gsoSizeBytes * MAX_SEGMENTS) {
            return REFUSED;
        }
        return Offload.of(
                Offload.NEEDS_CHECKSUM, gsoType, gsoSizeBytes, Offload.checksumStart(own), Offload.checksumOffset(own));
    }

    /** Completes a checksum that is not to be carried on. Returns false if it does not lie within the frame. */
    private static boolean finish(long address, int lengthBytes, long layers, long offload) {
        int start = Offload.checksumStart(offload);
        int position = Offload.checksumOffset(offload);
        boolean first = (Layers.fragment(layers) & Layers.FRAGMENT_LATER) == 0;
        if (start == 0 && first) {
            start = Layers.transport(layers);
            position = switch (Layers.protocol(layers)) {
                case IpProtocol.TCP -> Tcp.CHECKSUM;
                case IpProtocol.UDP -> Udp.CHECKSUM;
                case IpProtocol.SCTP -> Sctp.CHECKSUM;
                default -> UNKNOWN;
            };
        }
        if (start < Ethernet.HEADER_BYTES || position > lengthBytes - start - Short.BYTES) {
            return false;
        }
        if (start == Layers.transport(layers) && Layers.carries(layers, IpProtocol.SCTP, Sctp.HEADER_BYTES)) {
            Sctp.computeChecksum(Memory.ALL, address + start, Layers.transportBytes(layers));
        } else {
            PartialChecksum.finish(Memory.ALL, address + start, lengthBytes - start, position);
        }
        return true;
    }
}
