// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The part of transport checksums that covers IP addresses: the pseudo header of TCP (RFC 9293 §3.1), UDP (RFC 768) and ICMPv6
 * (RFC 8200 §8.1).
 *
 * <pre>
 *  IPv4                                     IPv6
 *  +---------------------------------+      +---------------------------------+
 *  | source                          |      | source, 16 bytes                |
 *  +---------------------------------+      +---------------------------------+
 *  | destination                     |      | destination, 16 bytes           |
 *  +--------+--------+---------------+      +---------------------------------+
 *  |   0    |protocol| length        |      | length                          |
 *  +--------+--------+---------------+      +------------------------+--------+
 *                                           |   0                    |protocol|
 *                                           +------------------------+--------+
 * </pre>
 *
 * <p>Only the first fragment has the checksum. Any thread.
 */
public final class TransportChecksum {

    private TransportChecksum() {}

    /**
     * Applies a change of an IP address to the checksum of what IP carries, where that covers addresses.
     *
     * @param address of the frame
     * @param delta of the address, as {@link Checksum} tells
     */
    public static void adjust(MemorySegment memory, long address, long layers, long delta) {
        long header = address + Layers.transport(layers);
        if (Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)) {
            Tcp.adjust(memory, header, delta);
        } else if (Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)) {
            Udp.adjust(memory, header, delta);
        } else if (Layers.carries(layers, IpProtocol.ICMPV6, Icmpv6.HEADER_BYTES)
                && Layers.type(memory, address, layers) == Ethernet.TYPE_IPV6) {
            Icmp.adjust(memory, header, delta);
        }
    }

    /** Computes the checksum of what IP carries anew: TCP, UDP, ICMP, ICMPv6 and SCTP. Not for fragments. */
    public static void compute(MemorySegment memory, long address, long layers) {
        long header = address + Layers.transport(layers);
        int bytes = Layers.transportBytes(layers);
        switch (Layers.protocol(layers)) {
            case IpProtocol.TCP -> put(memory, header, bytes, Tcp.CHECKSUM, pseudoHeader(memory, address, layers));
            case IpProtocol.UDP -> {
                put(memory, header, bytes, Udp.CHECKSUM, pseudoHeader(memory, address, layers));
                if (Udp.checksum(memory, header) == 0) {
                    Bytes.put16(memory, header + Udp.CHECKSUM, 0xffff);
                }
            }
            case IpProtocol.ICMP -> put(memory, header, bytes, Icmp.CHECKSUM, 0);
            case IpProtocol.ICMPV6 -> put(memory, header, bytes, Icmp.CHECKSUM, pseudoHeader(memory, address, layers));
            case IpProtocol.SCTP -> Sctp.computeChecksum(memory, header, bytes);
            default -> {
                // Carries no checksum that the switch knows.
            }
        }
    }

    private static void put(MemorySegment memory, long header, int bytes, int position, long pseudoHeader) {
        Bytes.put16(memory, header + position, 0);
        Bytes.put16(memory, header + position, Checksum.of(pseudoHeader + Checksum.sum(memory, header, bytes)));
    }

    /** The sum of the addresses, the protocol and the length, not folded. */
    static long pseudoHeader(MemorySegment memory, long address, long layers) {
        boolean ipv6 = Layers.type(memory, address, layers) == Ethernet.TYPE_IPV6;
        return addresses(memory, address + Layers.network(layers), ipv6)
                + Layers.protocol(layers)
                + Layers.transportBytes(layers);
    }

    /** The sum of both addresses of the IP header at {@code header}, not folded. */
    static long addresses(MemorySegment memory, long header, boolean ipv6) {
        return ipv6 ? Checksum.sum(memory, header + 8, 32) : Checksum.sum(memory, header + 12, 8);
    }
}
