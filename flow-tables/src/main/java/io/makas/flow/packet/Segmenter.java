// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * Cuts a large TCP or UDP packet into packets that could have been sent in its place, as Linux does ({@code tcp_gso_segment},
 * {@code __udp_gso_segment}).
 *
 * <p>Each segment begins with the headers of the large packet, whatever lies in front of IP included, and carries the next part
 * of its payload. What differs from segment to segment:
 *
 * <ul>
 *   <li>the lengths in IP and UDP headers, and IPv4's identification, which counts on;
 *   <li>TCP's sequence number; CWR is set in the first segment only, FIN and PSH in the last only;
 *   <li>the checksums, computed anew from what is sent.
 * </ul>
 *
 * <p>A cursor: {@link #begin} on a packet, then {@link #next} as long as {@link #left} says. Thread: the one that owns it.
 * Allocates nothing.
 */
public final class Segmenter {

    private MemorySegment memory;
    private long address;
    private int network;
    private int transport;
    private int headerBytes;
    private int payloadBytes;
    private int segmentPayloadBytes;
    private boolean tcp;
    private boolean ipv6;

    /** Of the pseudo header, without the length. */
    private long pseudoHeaderSum;

    private int index;
    private int sentBytes;

    /**
     * Bytes of the headers of a packet that can be cut, from the frame's first byte to TCP's or UDP's payload; 0 if it cannot:
     * neither TCP nor UDP, a fragment, routed (its checksum covers an address that it does not have yet), or with a header that
     * does not lie within the packet.
     *
     * @param layers of the frame, as {@link Layers} tells
     */
    public static int headerBytes(MemorySegment memory, long address, long layers) {
        if (Layers.fragment(layers) != 0 || Layers.isRouted(layers)) {
            return 0;
        }
        int transport = Layers.transport(layers);
        if (Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)) {
            return transport + Udp.HEADER_BYTES;
        }
        if (!Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)) {
            return 0;
        }
        int bytes = Tcp.headerBytes(memory, address + transport);
        return bytes < Tcp.HEADER_BYTES || bytes > Layers.transportBytes(layers) ? 0 : transport + bytes;
    }

    /** Bytes that lie behind the headers. */
    public static int payloadBytes(long layers, int headerBytes) {
        return Layers.transport(layers) + Layers.transportBytes(layers) - headerBytes;
    }

    /**
     * Points the cursor at a packet.
     *
     * @param layers of the frame; {@link #headerBytes} knows its headers, and it has a payload
     * @param segmentPayload payload of each segment but the last in bytes, from 1
     */
    public void begin(MemorySegment newMemory, long newAddress, long layers, int segmentPayload) {
        memory = newMemory;
        address = newAddress;
        network = Layers.network(layers);
        transport = Layers.transport(layers);
        headerBytes = headerBytes(newMemory, newAddress, layers);
        payloadBytes = payloadBytes(layers, headerBytes);
        segmentPayloadBytes = segmentPayload;
        tcp = Layers.protocol(layers) == IpProtocol.TCP;
        ipv6 = Ipv4.version(newMemory, newAddress + network) == 6;
        pseudoHeaderSum = TransportChecksum.addresses(newMemory, newAddress + network, ipv6) + Layers.protocol(layers);
        index = 0;
        sentBytes = 0;
    }

    /** How many segments are still to come. */
    public int left() {
        return (payloadBytes - sentBytes + segmentPayloadBytes - 1) / segmentPayloadBytes;
    }

    /** Bytes of the frame that {@link #next} writes. */
    public int nextBytes() {
        return headerBytes + Math.min(segmentPayloadBytes, payloadBytes - sentBytes);
    }

    /**
     * Writes the next segment.
     *
     * @param to where to, {@link #nextBytes} of room; elsewhere than the packet
     * @param complete whether to compute TCP's or UDP's checksum; otherwise the field holds the sum of the pseudo header
     */
    public void next(long to, boolean complete) {
        int payload = Math.min(segmentPayloadBytes, payloadBytes - sentBytes);
        MemorySegment.copy(memory, address, memory, to, headerBytes);
        MemorySegment.copy(memory, address + headerBytes + sentBytes, memory, to + headerBytes, payload);
        int transportBytes = headerBytes - transport + payload;
        writeNetwork(to + network, headerBytes - network + payload);
        writeTransport(to + transport, transportBytes, payload);
        writeChecksum(to + transport, transportBytes, complete);
        index++;
        sentBytes += payload;
    }

    private void writeNetwork(long header, int bytes) {
        if (ipv6) {
            Ipv6.setPayloadLength(memory, header, bytes - Ipv6.HEADER_BYTES);
            return;
        }
        Ipv4.setTotalLength(memory, header, bytes);
        Ipv4.setIdentification(memory, header, Ipv4.identification(memory, header) + index);
        Ipv4.computeChecksum(memory, header);
    }

    private void writeTransport(long header, int bytes, int payload) {
        if (!tcp) {
            Udp.setLength(memory, header, bytes);
            return;
        }
        int flags = Tcp.flags(memory, header);
        if (index > 0) {
            flags &= ~Tcp.CWR;
        }
        if (sentBytes + payload < payloadBytes) {
            flags &= ~(Tcp.FIN | Tcp.PSH);
        }
        Tcp.setFlags(memory, header, flags);
        Tcp.setSequence(memory, header, Tcp.sequence(memory, header) + sentBytes);
    }

    private void writeChecksum(long header, int bytes, boolean complete) {
        long position = header + (tcp ? Tcp.CHECKSUM : Udp.CHECKSUM);
        Bytes.put16(memory, position, Checksum.fold(pseudoHeaderSum + bytes));
        if (complete) {
            int checksum = Checksum.of(Checksum.sum(memory, header, bytes));
            // A UDP checksum of 0 would say that there is none.
            Bytes.put16(memory, position, checksum == 0 && !tcp ? 0xffff : checksum);
        }
    }
}
