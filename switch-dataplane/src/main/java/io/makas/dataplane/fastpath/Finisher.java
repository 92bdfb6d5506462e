// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.memory.Offload;
import io.makas.flow.action.Frame;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.PartialChecksum;
import io.makas.flow.packet.Segmenter;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;

/**
 * Settles with each output what is done with a frame that its sender left unfinished: by the peer if it can, else by us.
 *
 * <p>While a program runs, such a frame's TCP or UDP checksum means nothing, whatever a rewrite makes of it: only here, when all
 * rewriting is over, the field is written, from the headers as they are then. Tags pushed or popped in between move the link
 * header and nothing behind it, so that the place of the IP header says where everything is, behind MPLS labels as well.
 *
 * <p>Thread: the worker. Allocates nothing.
 */
final class Finisher {

    /** What {@link #settle} answers when the frame must be cut into segments. */
    static final long CUT = -1;

    /** Longest IP header with extensions that a peer is told of: {@code l3_len} of {@code struct rte_mbuf} has 9 bits. */
    static final int MAX_NETWORK_BYTES = 511;

    private final Segmenter segmenter = new Segmenter();

    /** Says that a frame just received is not finished. {@code offload} is as {@link OffloadCheck} leaves it. */
    void adopt(Frame frame, long offload) {
        long layers = Layers.locate(frame.memory, frame.address, frame.lengthBytes);
        frame.offload = offload;
        frame.networkAddress = frame.address + Layers.network(layers);
        if (Offload.gsoType(offload) != Offload.GSO_NONE) {
            int headerBytes = Segmenter.headerBytes(frame.memory, frame.address, layers);
            frame.excessBytes = frame.lengthBytes - headerBytes - Offload.gsoSizeBytes(offload);
        }
    }

    /** Lets a copy of an unfinished frame be one, too. */
    static void adoptCopy(Frame original, Frame copy) {
        copy.offload = original.offload;
        copy.networkAddress = copy.address + (original.networkAddress - original.address);
        copy.excessBytes = original.excessBytes;
    }

    /**
     * Makes a frame ready for an output: its checksum field is complete, or partial as the peer is to find it.
     *
     * @param frame one that is not finished; it is from then on, if it is not to be cut and the peer does not finish it
     * @param offloads what the peer can do
     * @return what is left to be done by the peer, or {@link #CUT} if it must be cut, and nothing was done
     */
    long settle(Frame frame, int offloads) {
        long layers = layers(frame);
        if (!Layers.hasTransport(layers)) {
            // Cut off by an output that truncates: its checksum could be checked by nobody.
            return Offload.NONE;
        }
        boolean byPeer = Offload.isTaken(frame.offload, offloads) && isPlain(frame, layers);
        if (!byPeer && Offload.gsoType(frame.offload) != Offload.GSO_NONE) {
            return CUT;
        }
        if (byPeer) {
            PartialChecksum.prepare(frame.memory, frame.address, layers);
            return moved(frame.offload, layers);
        }
        PartialChecksum.finish(frame.memory, frame.address, layers);
        frame.offload = Offload.NONE;
        return Offload.NONE;
    }

    /** Begins to cut a frame. */
    Segmenter cut(Frame frame) {
        segmenter.begin(frame.memory, frame.address, layers(frame), Offload.gsoSizeBytes(frame.offload));
        return segmenter;
    }

    /**
     * What is left to be done with each segment of a frame by a peer that can do this; {@link Offload#NONE} if segments are
     * finished here.
     */
    long ofSegment(Frame frame, int offloads) {
        long layers = layers(frame);
        return (offloads & Offload.CHECKSUM) != 0 && isPlain(frame, layers)
                ? moved(Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, 0, 0), layers)
                : Offload.NONE;
    }

    private static long layers(Frame frame) {
        int network = (int) (frame.networkAddress - frame.address);
        return Layers.locateIp(frame.memory, frame.address, frame.lengthBytes, network);
    }

    /** Whether there is nothing but VLAN tags in front of IP, and no more of IP than can be told. */
    private static boolean isPlain(Frame frame, long layers) {
        return Layers.locate(frame.memory, frame.address, frame.lengthBytes) == layers
                && Layers.transport(layers) - Layers.network(layers) <= MAX_NETWORK_BYTES;
    }

    private static long moved(long offload, long layers) {
        int position = Layers.protocol(layers) == IpProtocol.TCP ? Tcp.CHECKSUM : Udp.CHECKSUM;
        return Offload.of(
                Offload.NEEDS_CHECKSUM,
                Offload.gsoType(offload),
                Offload.gsoSizeBytes(offload),
                Layers.transport(layers),
                position);
    }
}
