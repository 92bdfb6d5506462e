// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Makes frames with right lengths and checksums, for {@code trace}, packet-out, tests and benchmarks.
 *
 * <p>Headers are named from the outside in, what belongs to a header right behind it:
 *
 * <pre>
 *  byte[] frame = FrameBuilder.ethernet("02:00:00:00:00:01", "02:00:00:00:00:02")
 *          .vlan(10)
 *          .ipv4("10.0.0.1", "10.0.0.2").ttl(5)
 *          .udp(1000, 2000)
 *          .payload("hello".getBytes(UTF_8))
 *          .build();
 * </pre>
 *
 * <p>One thread; a builder builds one frame. What makes no sense in its place is an {@link IllegalStateException}.
 */
public final class FrameBuilder {

    /** Least length of a frame on a wire, without its check sequence (IEEE 802.3 §4A.4.2). */
    public static final int MIN_WIRE_BYTES = 60;

    private static final int NONE = -1;
    private static final int DEFAULT_TTL = 64;

    private byte[] bytes = new byte[128];
    private MemorySegment memory = MemorySegment.ofArray(bytes);
    private int lengthBytes;

    /** Where the next header's type goes: an Ethernet type, or after that an IP protocol. */
    private int typeAt = NONE;

    private int nextHeaderAt = NONE;
    private int llcLengthAt = NONE;
    private int ipv4At = NONE;
    private int ipv6At = NONE;
    private int transportAt = NONE;
    private int protocol = NONE;
    private int padTo;

    private FrameBuilder() {}

    /** Starts a frame with addresses written as {@code 02:00:00:00:00:01}. */
    public static FrameBuilder ethernet(String source, String destination) {
        FrameBuilder builder = new FrameBuilder();
        int at = builder.append(Ethernet.HEADER_BYTES);
        Ethernet.setSource(builder.memory, at, MacAddress.of(source).bits());
        Ethernet.setDestination(builder.memory, at, MacAddress.of(destination).bits());
        builder.typeAt = Ethernet.HEADER_BYTES - 2;
        return builder;
    }

    /** A customer tag (0x8100) with a VLAN id of 0 to 4095 and priority 0. */
    public FrameBuilder vlan(int vid) {
        return vlan(Ethernet.TYPE_VLAN, vid);
    }

    /** A tag with any TPID and tag control information. */
    public FrameBuilder vlan(int tpid, int tci) {
        type(tpid);
        int at = append(Vlan.TAG_BYTES);
        Bytes.put16(memory, at, tci);
        typeAt = at + 2;
        return this;
    }

    /** Makes it an 802.3 frame with a length, LLC and SNAP; the type follows in SNAP. */
    public FrameBuilder snap() {
        llcLengthAt = typeAt;
        int at = append(Ethernet.SNAP_BYTES);
        Ethernet.setSnap(memory, at);
        typeAt = at + Ethernet.SNAP_BYTES - 2;
        return this;
    }

    /** Sets the Ethernet type, for a payload that this builder has no header for. */
    public FrameBuilder type(int type) {
        require(typeAt != NONE, "an Ethernet type after a network header");
        Bytes.put16(memory, typeAt, type);
        return this;
    }

    /** One MPLS label stack entry. */
    public FrameBuilder mpls(int label, int trafficClass, boolean bottom, int ttl) {
        if (typeAt != NONE) {
            type(Ethernet.TYPE_MPLS);
            typeAt = NONE;
        }
        int at = append(Mpls.ENTRY_BYTES);
        Mpls.setEntry(memory, at, label << 12 | trafficClass << 9 | (bottom ? Mpls.BOTTOM_OF_STACK : 0) | ttl);
        return this;
    }

    /** An ARP packet. */
    public FrameBuilder arp(
            int operation, String senderMac, String senderAddress, String targetMac, String targetAddress) {
        network(Ethernet.TYPE_ARP);
        int at = append(Arp.BYTES);
        Arp.setIpv4OverEthernet(memory, at);
        Arp.setOperation(memory, at, operation);
        Arp.setSenderHardware(memory, at, MacAddress.of(senderMac).bits());
        Arp.setSenderProtocol(memory, at, IpAddress.ipv4(senderAddress));
        Arp.setTargetHardware(memory, at, MacAddress.of(targetMac).bits());
        Arp.setTargetProtocol(memory, at, IpAddress.ipv4(targetAddress));
        return this;
    }

    /** An IPv4 header with TTL 64. */
    public FrameBuilder ipv4(String source, String destination) {
        network(Ethernet.TYPE_IPV4);
        ipv4At = append(Ipv4.HEADER_BYTES);
        Ipv4.setVersionAndHeaderBytes(memory, ipv4At, Ipv4.HEADER_BYTES);
        Ipv4.setSource(memory, ipv4At, IpAddress.ipv4(source));
        Ipv4.setDestination(memory, ipv4At, IpAddress.ipv4(destination));
        nextHeaderAt = ipv4At + Ipv4.PROTOCOL;
        return ttl(DEFAULT_TTL);
    }

    /** Options of the IPv4 header, a multiple of 4 and at most 40 bytes. */
    public FrameBuilder options(byte[] options) {
        require(ipv4At != NONE && lengthBytes == ipv4At + Ipv4.HEADER_BYTES, "IPv4 options elsewhere than after IPv4");
        require(options.length % 4 == 0 && options.length <= 40, options.length + " bytes of IPv4 options");
        payload(options);
        Ipv4.setVersionAndHeaderBytes(memory, ipv4At, Ipv4.HEADER_BYTES + options.length);
        return this;
    }

    /** Fragment offset in bytes, a multiple of 8. The builder makes no transport checksums in fragments. */
    public FrameBuilder fragment(int offsetBytes, boolean more) {
        require(ipv4At != NONE, "an IPv4 fragment without IPv4");
        Ipv4.setFragmentWord(memory, ipv4At, offsetBytes / 8 | (more ? Ipv4.MORE_FRAGMENTS : 0));
        return this;
    }

    /** An IPv6 header with hop limit 64. */
    public FrameBuilder ipv6(String source, String destination) {
        network(Ethernet.TYPE_IPV6);
        ipv6At = append(Ipv6.HEADER_BYTES);
        Ipv6.setVersion(memory, ipv6At);
        Ipv6.setSource(memory, ipv6At, IpAddress.ipv6High(source), IpAddress.ipv6Low(source));
        Ipv6.setDestination(memory, ipv6At, IpAddress.ipv6High(destination), IpAddress.ipv6Low(destination));
        nextHeaderAt = ipv6At + Ipv6.NEXT_HEADER;
        protocol(IpProtocol.NO_NEXT_HEADER);
        return ttl(DEFAULT_TTL);
    }

    /** Flow label of the IPv6 header. */
    public FrameBuilder label(int label) {
        require(ipv6At != NONE, "a flow label without IPv6");
        Ipv6.setLabel(memory, ipv6At, label);
        return this;
    }

    /**
     * An IPv6 extension header.
     *
     * @param header its number, for instance {@link IpProtocol#ROUTING}
     * @param body the header as it is on the wire; its first byte is filled in
     */
    public FrameBuilder extension(int header, byte... body) {
        require(ipv6At != NONE, "an extension header without IPv6");
        protocol(header);
        nextHeaderAt = lengthBytes;
        return payload(body);
    }

    /** TTL or hop limit. */
    public FrameBuilder ttl(int ttl) {
        require(ipv4At != NONE || ipv6At != NONE, "a TTL without IP");
        if (ipv4At != NONE) {
            Ipv4.setTtl(memory, ipv4At, ttl);
        } else {
            Ipv6.setHopLimit(memory, ipv6At, ttl);
        }
        return this;
    }

    /** Type of service or traffic class: DSCP and ECN. */
    public FrameBuilder tos(int tos) {
        require(ipv4At != NONE || ipv6At != NONE, "a TOS without IP");
        if (ipv4At != NONE) {
            Ipv4.setTos(memory, ipv4At, tos);
        } else {
            Ipv6.setTrafficClass(memory, ipv6At, tos);
        }
        return this;
    }

    /** Sets the IP protocol, for a payload that this builder has no header for. */
    public FrameBuilder protocol(int number) {
        require(nextHeaderAt != NONE, "an IP protocol without IP");
        Bytes.put8(memory, nextHeaderAt, number);
        return this;
    }

    /** A TCP header with no flags and window 65535. */
    public FrameBuilder tcp(int sourcePort, int destinationPort) {
        int at = ports(IpProtocol.TCP, Tcp.HEADER_BYTES, sourcePort, destinationPort);
        Tcp.setHeaderBytes(memory, at, Tcp.HEADER_BYTES);
        Tcp.setWindow(memory, at, 0xffff);
        return this;
    }

    /** TCP flags, for instance {@link Tcp#SYN}. */
    public FrameBuilder flags(int flags) {
        require(protocol == IpProtocol.TCP, "TCP flags without TCP");
        Tcp.setFlags(memory, transportAt, flags);
        return this;
    }

    /** A UDP header. */
    public FrameBuilder udp(int sourcePort, int destinationPort) {
        ports(IpProtocol.UDP, Udp.HEADER_BYTES, sourcePort, destinationPort);
        return this;
    }

    /** An SCTP header with verification tag 0. */
    public FrameBuilder sctp(int sourcePort, int destinationPort) {
        ports(IpProtocol.SCTP, Sctp.HEADER_BYTES, sourcePort, destinationPort);
        return this;
    }

    /** The eight bytes of an ICMP message before its payload; ICMPv6 after an IPv6 header. The last four are 0. */
    public FrameBuilder icmp(int type, int code) {
        int at = transport(ipv6At == NONE ? IpProtocol.ICMP : IpProtocol.ICMPV6, Icmp.HEADER_BYTES);
        Bytes.put16(memory, at, type << 8 | code);
        return this;
    }

    /** Bytes behind what has been written so far. */
    public FrameBuilder payload(byte... payload) {
        int at = append(payload.length);
        System.arraycopy(payload, 0, bytes, at, payload.length);
        return this;
    }

    /** Zeros behind the end of the packet, up to this length of the frame; for instance {@link #MIN_WIRE_BYTES}. */
    public FrameBuilder padTo(int frameBytes) {
        padTo = frameBytes;
        return this;
    }

    /** Fills in lengths and checksums. */
    public byte[] build() {
        if (llcLengthAt != NONE) {
            Bytes.put16(memory, llcLengthAt, lengthBytes - llcLengthAt - 2);
        }
        if (ipv4At != NONE) {
            Ipv4.setTotalLength(memory, ipv4At, lengthBytes - ipv4At);
            Ipv4.computeChecksum(memory, ipv4At);
        }
        if (ipv6At != NONE) {
            Ipv6.setPayloadLength(memory, ipv6At, lengthBytes - ipv6At - Ipv6.HEADER_BYTES);
        }
        if (protocol == IpProtocol.UDP) {
            Udp.setLength(memory, transportAt, lengthBytes - transportAt);
        }
        if (transportAt != NONE) {
            // As if the frame began just before IP: then any number of tags is the same.
            int start = Math.max(ipv4At, ipv6At) - Ethernet.HEADER_BYTES;
            long layers = Layers.locate(memory, start, lengthBytes - start);
            if (Layers.fragment(layers) == 0) {
                TransportChecksum.compute(memory, start, layers);
            }
        }
        return Arrays.copyOf(bytes, Math.max(lengthBytes, padTo));
    }

    private void network(int type) {
        type(type);
        typeAt = NONE;
    }

    private int ports(int number, int headerBytes, int sourcePort, int destinationPort) {
        int at = transport(number, headerBytes);
        Bytes.put32(memory, at, sourcePort << 16 | destinationPort & 0xffff);
        return at;
    }

    private int transport(int number, int headerBytes) {
        require(transportAt == NONE, "a second transport header");
        protocol(number);
        protocol = number;
        transportAt = append(headerBytes);
        return transportAt;
    }

    private int append(int count) {
        int at = lengthBytes;
        lengthBytes += count;
        if (lengthBytes > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(lengthBytes, 2 * bytes.length));
            memory = MemorySegment.ofArray(bytes);
        }
        return at;
    }

    private static void require(boolean condition, String wrong) {
        if (!condition) {
            throw new IllegalStateException("cannot build a frame with " + wrong);
        }
    }
}
