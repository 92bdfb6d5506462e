// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.memory.Offload;
import io.makas.dataplane.sys.Mbuf;
import io.makas.dataplane.sys.Memory;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.Segmenter;

/**
 * What is left to be done with a frame, between DPDK's form of it, flags and lengths in the mbuf, and {@link Offload}.
 *
 * <p>Received: "checksum not computed" is a partial checksum, wherever the headers have it; a frame of several segments in one
 * (LRO) tells their size. Sent: requests to checksum and to cut. Thread: the worker.
 */
final class MbufOffload {

    /** Flags of a received frame that may mean that it is not finished. */
    static final long RECEIVED = Mbuf.RX_CHECKSUM_NONE | Mbuf.RX_LARGE;

    /** {@code VIRTIO_NET_HDR_GSO_UDP}: a datagram to be fragmented, which is not offered to guests. */
    private static final int GSO_UDP = 3;

    private MbufOffload() {}

    /** What is left to be done with a frame that has some of {@link #RECEIVED} set. */
    static long received(long mbuf, long flags, long address, int lengthBytes) {
        if ((flags & Mbuf.RX_LARGE) != 0) {
            int type = gsoType(address, lengthBytes);
            return Offload.of(Offload.NEEDS_CHECKSUM, type, Mbuf.segmentBytes(mbuf), 0, 0);
        }
        boolean partial = (flags & Mbuf.RX_CHECKSUM_NONE) == Mbuf.RX_CHECKSUM_NONE;
        return partial ? Offload.of(Offload.NEEDS_CHECKSUM, Offload.GSO_NONE, 0, 0, 0) : Offload.NONE;
    }

    /** Asks for what is left to be done, in the mbuf of a frame that its peer is to finish. */
    static void request(long mbuf, long address, int lengthBytes, long offload) {
        long layers = Layers.locate(Memory.ALL, address, lengthBytes);
        int network = Layers.network(layers);
        int transport = Layers.transport(layers);
        boolean ipv4 = Layers.type(Memory.ALL, address, layers) == Ethernet.TYPE_IPV4;
        long flags = Layers.protocol(layers) == IpProtocol.TCP ? Mbuf.TX_TCP_CHECKSUM : Mbuf.TX_UDP_CHECKSUM;
        flags |= ipv4 ? Mbuf.TX_IPV4 : Mbuf.TX_IPV6;
        int segmentBytes = 0;
        if (Offload.gsoType(offload) != Offload.GSO_NONE) {
            flags |= ipv4 ? Mbuf.TX_TCP_SEGMENT | Mbuf.TX_IP_CHECKSUM : Mbuf.TX_TCP_SEGMENT;
            segmentBytes = Offload.gsoSizeBytes(offload);
        }
        int l4Bytes = Segmenter.headerBytes(Memory.ALL, address, layers) - transport;
        Mbuf.requestOffload(mbuf, flags, network, transport - network, l4Bytes, segmentBytes);
    }

    private static int gsoType(long address, int lengthBytes) {
        long layers = Layers.locate(Memory.ALL, address, lengthBytes);
        if (Layers.protocol(layers) != IpProtocol.TCP) {
            return GSO_UDP;
        }
        boolean ipv6 = Layers.type(Memory.ALL, address, layers) == Ethernet.TYPE_IPV6;
        return ipv6 ? Offload.GSO_TCPV6 : Offload.GSO_TCPV4;
    }
}
