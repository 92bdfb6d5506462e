// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * Where the headers of a frame lie: found once by {@link #locate}, carried as a {@code long}.
 *
 * <pre>
 *   63   61        41          21       20        19     17         9         0
 *  +-------+---------+-----------+--------+---------+------+----------+---------+
 *  |   -   |   end   | transport | ROUTED | NETWORK | frag | protocol | network |
 *  +-------+---------+-----------+--------+---------+------+----------+---------+
 * </pre>
 *
 * <p>What counts as a header is what counts for Open vSwitch ({@code miniflow_extract} in its {@code lib/flow.c}), so that flow
 * tables mean the same on both:
 *
 * <ul>
 *   <li>Up to two VLAN tags, each only if type bytes follow it; a third one is an unknown type.
 *   <li>802.3 frames carry a type if LLC and SNAP are wholly there, with organisation 0.
 *   <li>An IPv4 header counts if it is wholly there with its options, and its total length lies within the frame and is not
 *       shorter than the header. The version and the checksum are not looked at. Otherwise the frame has no network layer.
 *   <li>An IPv6 header counts if it is wholly there and its payload lies within the frame (no jumbograms).
 *   <li>Hop-by-hop options, routing, destination options, authentication and fragment headers are skipped. If one is not
 *       wholly there the packet has addresses but nothing else: {@link #hasNetwork} without {@link #hasTransport}.
 *   <li>Bytes behind the end that the IP header tells are padding and belong to no layer.
 *   <li>Fragments: any with {@link #FRAGMENT}; those that are not the first also {@link #FRAGMENT_LATER}, and they have no
 *       transport header. The protocol of a later IPv6 fragment is 44, the fragment header's.
 * </ul>
 *
 * <p>It differs in that any length of padding is allowed (Open vSwitch up to 2.12: 255 bytes). Any thread.
 */
public final class Layers {

    /** Bit of {@link #fragment}: the packet is one of several fragments. */
    public static final int FRAGMENT = 1;

    /** Bit of {@link #fragment}: it is not the first one. */
    public static final int FRAGMENT_LATER = 2;

    /** Wide enough for the network header behind all tags that the headroom of any port has room for. */
    private static final int NETWORK_MASK = 0x1ff;

    private static final int PROTOCOL_SHIFT = 9;
    private static final int FRAGMENT_SHIFT = 17;
    private static final long HAS_NETWORK = 1L << 19;
    private static final long ROUTED = 1L << 20;
    private static final int TRANSPORT_SHIFT = 21;
    private static final int END_SHIFT = 41;
    private static final int OFFSET_MASK = 0xf_ffff;

    private Layers() {}

    /**
     * Finds the headers of a frame.
     *
     * @param lengthBytes of the frame, at least {@link Ethernet#HEADER_BYTES}; nothing at or behind it is read
     */
    public static long locate(MemorySegment memory, long address, int lengthBytes) {
        int network = Ethernet.HEADER_BYTES + Vlan.TAG_BYTES * Vlan.count(memory, address, lengthBytes);
        int type = Bytes.u16(memory, address + network - 2);
        if (type < Ethernet.TYPE_MIN
                && lengthBytes - network >= Ethernet.SNAP_BYTES
                && Ethernet.isSnap(memory, address + network)) {
            network += Ethernet.SNAP_BYTES;
        }
        return locate(memory, address, lengthBytes, network);
    }

    /**
     * Finds the headers of a frame whose link header is known, because it has been changed since it was received.
     *
     * @param network bytes of the link header, tags and SNAP included, the type being the last two
     */
    public static long locate(MemorySegment memory, long address, int lengthBytes, int network) {
        return switch (Bytes.u16(memory, address + network - 2)) {
            case Ethernet.TYPE_IPV4 -> ipv4(memory, address, network, lengthBytes - network);
            case Ethernet.TYPE_IPV6 -> ipv6(memory, address, network, lengthBytes - network);
            default -> network;
        };
    }

    /**
     * Finds the headers of an IP packet whatever lies in front of it, e.g. MPLS labels that were pushed: by the version in its
     * first byte.
     *
     * @param network where the IP header is said to begin; if none does within the frame, it has no network layer
     */
    public static long locateIp(MemorySegment memory, long address, int lengthBytes, int network) {
        if (network >= lengthBytes) {
            return network;
        }
        return switch (Ipv4.version(memory, address + network)) {
            case 4 -> ipv4(memory, address, network, lengthBytes - network);
            case 6 -> ipv6(memory, address, network, lengthBytes - network);
            default -> network;
        };
    }

    /** The layers of the same frame with {@code bytes} more (or fewer, if negative) in front of the network header. */
    public static long shift(long layers, int bytes) {
        long moved = layers + bytes;
        return hasTransport(layers) ? moved + ((long) bytes << TRANSPORT_SHIFT) + ((long) bytes << END_SHIFT) : moved;
    }

    /** Offset in the frame of what the type is about: the IP header, the ARP packet, the MPLS stack. */
    public static int network(long layers) {
        return (int) layers & NETWORK_MASK;
    }

    /** The type after tags and SNAP; {@link Ethernet#TYPE_NONE} if there is none. */
    public static int type(MemorySegment memory, long address, long layers) {
        int type = Bytes.u16(memory, address + network(layers) - 2);
        return type < Ethernet.TYPE_MIN ? Ethernet.TYPE_NONE : type;
    }

    /** Whether there is an IP header that counts. */
    public static boolean hasNetwork(long layers) {
        return (layers & HAS_NETWORK) != 0;
    }

    /** Whether there is an IP header, all extensions included, and what follows it is known. */
    public static boolean hasTransport(long layers) {
        return transport(layers) != 0;
    }

    /** Offset in the frame of what IP carries, whatever it is; 0 if {@link #hasTransport} is not so. */
    public static int transport(long layers) {
        return (int) (layers >>> TRANSPORT_SHIFT) & OFFSET_MASK;
    }

    /** Bytes of what IP carries, without padding. */
    public static int transportBytes(long layers) {
        return ((int) (layers >>> END_SHIFT) & OFFSET_MASK) - transport(layers);
    }

    /** The protocol of what IP carries, an {@link IpProtocol}. */
    public static int protocol(long layers) {
        return (int) layers >>> PROTOCOL_SHIFT & 0xff;
    }

    /** {@link #FRAGMENT} and {@link #FRAGMENT_LATER}. */
    public static int fragment(long layers) {
        return (int) layers >>> FRAGMENT_SHIFT & 3;
    }

    /** Whether IP carries a header of this protocol, not in a later fragment, with at least {@code bytes}. */
    public static boolean carries(long layers, int protocol, int bytes) {
        return protocol(layers) == protocol
                && hasTransport(layers)
                && (fragment(layers) & FRAGMENT_LATER) == 0
                && transportBytes(layers) >= bytes;
    }

    /**
     * Whether an IPv6 routing header names further nodes: then the destination is not the one that transport checksums
     * cover.
     */
    public static boolean isRouted(long layers) {
        return (layers & ROUTED) != 0;
    }

    private static long ipv4(MemorySegment memory, long address, int network, int remainingBytes) {
        if (remainingBytes < Ipv4.HEADER_BYTES) {
            return network;
        }
        long header = address + network;
        int headerBytes = Ipv4.headerBytes(memory, header);
        int totalLength = Ipv4.totalLength(memory, header);
        if (headerBytes < Ipv4.HEADER_BYTES || totalLength < headerBytes || totalLength > remainingBytes) {
            return network;
        }
        int word = Ipv4.fragmentWord(memory, header);
        int fragment = 0;
        if ((word & (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET_MASK)) != 0) {
            fragment = (word & Ipv4.FRAGMENT_OFFSET_MASK) != 0 ? FRAGMENT | FRAGMENT_LATER : FRAGMENT;
        }
        return pack(network, Ipv4.protocol(memory, header), fragment, network + headerBytes, network + totalLength);
    }

    private static long ipv6(MemorySegment memory, long address, int network, int remainingBytes) {
        if (remainingBytes < Ipv6.HEADER_BYTES) {
            return network;
        }
        long header = address + network;
        int payloadLength = Ipv6.payloadLength(memory, header);
        if (payloadLength > remainingBytes - Ipv6.HEADER_BYTES) {
            return network;
        }
        int protocol = Ipv6.nextHeader(memory, header);
        int transport = network + Ipv6.HEADER_BYTES;
        int end = transport + payloadLength;
        return Ipv6Extension.isExtension(protocol)
                ? skipExtensions(memory, address, network, protocol, end)
                : pack(network, protocol, 0, transport, end);
    }

    /** Each turn skips 8 bytes or more, and all of them lie before {@code end}. */
    private static long skipExtensions(MemorySegment memory, long address, int network, int first, int end) {
        int protocol = first;
        int at = network + Ipv6.HEADER_BYTES;
        int fragment = 0;
        long routed = 0;
        while (Ipv6Extension.isExtension(protocol)) {
            if (end - at < Ipv6Extension.MIN_BYTES) {
                return network | HAS_NETWORK;
            }
            int bytes = Ipv6Extension.bytes(memory, address + at, protocol);
            if (end - at < bytes) {
                return network | HAS_NETWORK;
            }
            if (protocol == IpProtocol.FRAGMENT) {
                int word = Ipv6Extension.fragmentWord(memory, address + at);
                fragment = word != 0 ? FRAGMENT : fragment;
                if ((word & Ipv6Extension.FRAGMENT_OFFSET_MASK) != 0) {
                    return pack(network, IpProtocol.FRAGMENT, FRAGMENT | FRAGMENT_LATER, at + bytes, end) | routed;
                }
            } else if (protocol == IpProtocol.ROUTING && Ipv6Extension.segmentsLeft(memory, address + at) != 0) {
                routed = ROUTED;
            }
            protocol = Ipv6Extension.nextHeader(memory, address + at);
            at += bytes;
        }
        return pack(network, protocol, fragment, at, end) | routed;
    }

    private static long pack(int network, int protocol, int fragment, int transport, int end) {
        return HAS_NETWORK
                | network
                | (long) protocol << PROTOCOL_SHIFT
                | (long) fragment << FRAGMENT_SHIFT
                | (long) transport << TRANSPORT_SHIFT
                | (long) end << END_SHIFT;
    }
}
