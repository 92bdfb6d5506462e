// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Arp;
import io.makas.flow.packet.Checksum;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.Icmp;
import io.makas.flow.packet.Icmpv6;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Ipv6;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.Sctp;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.TransportChecksum;
import io.makas.flow.packet.Udp;
import io.makas.flow.packet.Vlan;
import java.lang.foreign.MemorySegment;

/**
 * Sets fields of a frame, or some of their bits, and keeps all checksums right.
 *
 * <p>A field that the frame does not have, because the header is cut short, malformed or of another protocol, is left out
 * silently: that is what the flow key says too, which has 0 in its place. Fields that are in no frame (registers, metadata)
 * live in the walk through the pipeline only, and are nothing to do here. Stateless; allocates nothing.
 */
final class FieldSetter {

    private static final int DSCP_SHIFT = 2;

    /** In a DSCP of an assured forwarding class, {@code class:3 | drop precedence:2 | 0} (RFC 2597 §6), classes 1 to 4. */
    private static final int MAX_CLASS = 4;

    private static final int MAX_DROP_PRECEDENCE = 3;

    private FieldSetter() {}

    /** Sets the bits {@code mask} of an Ethernet address or of the outer tag; false if the field is none of these. */
    static boolean setLink(Frame frame, Field field, long value, long mask) {
        switch (field) {
            case ETH_DST -> {
                long old = Ethernet.destination(frame.memory, frame.address);
                Ethernet.setDestination(frame.memory, frame.address, merge(old, value, mask));
            }
            case ETH_SRC -> {
                long old = Ethernet.source(frame.memory, frame.address);
                Ethernet.setSource(frame.memory, frame.address, merge(old, value, mask));
            }
            case VLAN_TCI -> setTci(frame, (int) value, (int) mask & ~Vlan.PRESENT);
            case VLAN_VID -> setTci(frame, (int) value, (int) mask & Vlan.VID_MASK);
            case VLAN_PCP -> setTci(frame, (int) value << Vlan.PCP_SHIFT, (int) mask << Vlan.PCP_SHIFT);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Sets the bits {@code mask} of another field of up to 64 bits. */
    static void set(Frame frame, long layers, Field field, long value, long mask) {
        switch (field) {
            case IP_SRC, IP_DST -> setIpv4Address(frame, layers, field, (int) value, (int) mask);
            case IP_TOS -> setTos(frame, layers, (int) value, (int) mask);
            case IP_DSCP -> setTos(frame, layers, (int) value << DSCP_SHIFT, (int) mask << DSCP_SHIFT);
            case IP_ECN -> setTos(frame, layers, (int) value, (int) mask);
            case IP_TTL -> setTtl(frame, layers, merge(ttl(frame, layers), (int) value, (int) mask));
            case IPV6_LABEL -> setLabel(frame, layers, (int) value, (int) mask);
            case TCP_SRC, TCP_DST -> setTcpPort(frame, layers, field, (int) value, (int) mask);
            case UDP_SRC, UDP_DST -> setUdpPort(frame, layers, field, (int) value, (int) mask);
            case SCTP_SRC, SCTP_DST -> setSctpPort(frame, layers, field, (int) value, (int) mask);
            case ICMP_TYPE, ICMP_CODE, ICMPV6_TYPE, ICMPV6_CODE ->
                setIcmp(frame, layers, field, (int) value, (int) mask);
            case ND_SLL, ND_TLL -> setNeighbourLink(frame, layers, field, value, mask);
            case ARP_OP, ARP_SPA, ARP_TPA, ARP_SHA, ARP_THA -> setArp(frame, layers, field, value, mask);
            case ND_RESERVED -> setNeighbourReserved(frame, layers, (int) value, (int) mask);
            case MPLS_LABEL, MPLS_TC, MPLS_TTL -> MplsSetter.set(frame, layers, field, (int) value, (int) mask);
            default -> {
                // In no frame.
            }
        }
    }

    /** Sets the bits of a 128-bit field where the masks have ones. */
    static void set128(Frame frame, long layers, Field field, long high, long low, long maskHigh, long maskLow) {
        MemorySegment memory = frame.memory;
        long header = frame.address + Layers.network(layers);
        switch (field) {
            case IPV6_SRC -> {
                if (hasIpv6Addresses(frame, layers)) {
                    long oldHigh = Ipv6.sourceHigh(memory, header);
                    long oldLow = Ipv6.sourceLow(memory, header);
                    long newHigh = merge(oldHigh, high, maskHigh);
                    long newLow = merge(oldLow, low, maskLow);
                    Ipv6.setSource(memory, header, newHigh, newLow);
                    long delta = Checksum.delta64(oldHigh, newHigh) + Checksum.delta64(oldLow, newLow);
                    TransportChecksum.adjust(memory, frame.address, layers, delta);
                }
            }
            case IPV6_DST -> {
                if (hasIpv6Addresses(frame, layers)) {
                    long oldHigh = Ipv6.destinationHigh(memory, header);
                    long oldLow = Ipv6.destinationLow(memory, header);
                    long newHigh = merge(oldHigh, high, maskHigh);
                    long newLow = merge(oldLow, low, maskLow);
                    Ipv6.setDestination(memory, header, newHigh, newLow);
                    long delta = Checksum.delta64(oldHigh, newHigh) + Checksum.delta64(oldLow, newLow);
                    if (!Layers.isRouted(layers)) {
                        TransportChecksum.adjust(memory, frame.address, layers, delta);
                    }
                }
            }
            case ND_TARGET -> {
                if (isNeighbour(frame, layers, Icmpv6.NEIGHBOUR_BYTES)) {
                    long message = frame.address + Layers.transport(layers);
                    long newHigh = merge(Icmpv6.targetHigh(memory, message), high, maskHigh);
                    long newLow = merge(Icmpv6.targetLow(memory, message), low, maskLow);
                    Icmpv6.setTarget(memory, message, newHigh, newLow);
                }
            }
            default -> {
                // In no frame.
            }
        }
    }

    /** Takes one off the TTL or hop limit, where there is one. */
    static void decrementTtl(Frame frame, long layers) {
        setTtl(frame, layers, ttl(frame, layers) - 1);
    }

    /** Raises the drop precedence of an assured forwarding class, up to the highest; leaves all else alone. */
    static void raiseDropPrecedence(Frame frame, long layers, int levels) {
        int dscp = tos(frame, layers) >>> DSCP_SHIFT;
        int trafficClass = dscp >>> 3;
        int precedence = dscp >>> 1 & 3;
        if (trafficClass >= 1 && trafficClass <= MAX_CLASS && precedence > 0 && (dscp & 1) == 0) {
            int raised = Math.min(MAX_DROP_PRECEDENCE, precedence + Math.min(levels, MAX_DROP_PRECEDENCE));
            setTos(frame, layers, (trafficClass << 3 | raised << 1) << DSCP_SHIFT, 0xff << DSCP_SHIFT);
        }
    }

    private static void setTci(Frame frame, int value, int mask) {
        if (Vlan.count(frame.memory, frame.address, frame.lengthBytes) > 0) {
            int old = Vlan.tci(frame.memory, frame.address, 0);
            Vlan.setTci(frame.memory, frame.address, merge(old, value, mask));
        }
    }

    private static void setIpv4Address(Frame frame, long layers, Field field, int value, int mask) {
        if (!isIp(frame, layers, Ethernet.TYPE_IPV4)) {
            return;
        }
        long header = frame.address + Layers.network(layers);
        boolean source = field == Field.IP_SRC;
        int old = source ? Ipv4.source(frame.memory, header) : Ipv4.destination(frame.memory, header);
        int changed = merge(old, value, mask);
        if (source) {
            Ipv4.setSource(frame.memory, header, changed);
        } else {
            Ipv4.setDestination(frame.memory, header, changed);
        }
        TransportChecksum.adjust(frame.memory, frame.address, layers, Checksum.delta32(old, changed));
    }

    /** DSCP and ECN; 0 if there are none. */
    private static int tos(Frame frame, long layers) {
        long header = frame.address + Layers.network(layers);
        if (isIp(frame, layers, Ethernet.TYPE_IPV4)) {
            return Ipv4.tos(frame.memory, header);
        }
        return isIp(frame, layers, Ethernet.TYPE_IPV6) ? Ipv6.trafficClass(frame.memory, header) : 0;
    }

    private static void setTos(Frame frame, long layers, int value, int mask) {
        long header = frame.address + Layers.network(layers);
        if (isIp(frame, layers, Ethernet.TYPE_IPV4)) {
            Ipv4.setTos(frame.memory, header, merge(Ipv4.tos(frame.memory, header), value, mask));
        } else if (isIp(frame, layers, Ethernet.TYPE_IPV6)) {
            Ipv6.setTrafficClass(frame.memory, header, merge(Ipv6.trafficClass(frame.memory, header), value, mask));
        }
    }

    private static int ttl(Frame frame, long layers) {
        long header = frame.address + Layers.network(layers);
        if (isIp(frame, layers, Ethernet.TYPE_IPV4)) {
            return Ipv4.ttl(frame.memory, header);
        }
        return isIp(frame, layers, Ethernet.TYPE_IPV6) ? Ipv6.hopLimit(frame.memory, header) : 0;
    }

    private static void setTtl(Frame frame, long layers, int value) {
        long header = frame.address + Layers.network(layers);
        if (isIp(frame, layers, Ethernet.TYPE_IPV4)) {
            Ipv4.setTtl(frame.memory, header, value);
        } else if (isIp(frame, layers, Ethernet.TYPE_IPV6)) {
            Ipv6.setHopLimit(frame.memory, header, value);
        }
    }

    private static void setLabel(Frame frame, long layers, int value, int mask) {
        if (isIp(frame, layers, Ethernet.TYPE_IPV6)) {
            long header = frame.address + Layers.network(layers);
            Ipv6.setLabel(frame.memory, header, merge(Ipv6.label(frame.memory, header), value, mask));
        }
    }

    private static void setTcpPort(Frame frame, long layers, Field field, int value, int mask) {
        if (Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)) {
            long header = frame.address + Layers.transport(layers);
            if (field == Field.TCP_SRC) {
                Tcp.setSourcePort(frame.memory, header, merge(Tcp.sourcePort(frame.memory, header), value, mask));
            } else {
                int old = Tcp.destinationPort(frame.memory, header);
                Tcp.setDestinationPort(frame.memory, header, merge(old, value, mask));
            }
        }
    }

    private static void setUdpPort(Frame frame, long layers, Field field, int value, int mask) {
        if (Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)) {
            long header = frame.address + Layers.transport(layers);
            if (field == Field.UDP_SRC) {
                Udp.setSourcePort(frame.memory, header, merge(Udp.sourcePort(frame.memory, header), value, mask));
            } else {
                int old = Udp.destinationPort(frame.memory, header);
                Udp.setDestinationPort(frame.memory, header, merge(old, value, mask));
            }
        }
    }

    private static void setSctpPort(Frame frame, long layers, Field field, int value, int mask) {
        if (Layers.carries(layers, IpProtocol.SCTP, Sctp.HEADER_BYTES)) {
            long header = frame.address + Layers.transport(layers);
            int bytes = Layers.transportBytes(layers);
            if (field == Field.SCTP_SRC) {
                int old = Sctp.sourcePort(frame.memory, header);
                Sctp.setSourcePort(frame.memory, header, bytes, merge(old, value, mask));
            } else {
                int old = Sctp.destinationPort(frame.memory, header);
                Sctp.setDestinationPort(frame.memory, header, bytes, merge(old, value, mask));
            }
        }
    }

    private static void setIcmp(Frame frame, long layers, Field field, int value, int mask) {
        boolean ipv6 = field == Field.ICMPV6_TYPE || field == Field.ICMPV6_CODE;
        int type = ipv6 ? Ethernet.TYPE_IPV6 : Ethernet.TYPE_IPV4;
        int protocol = ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP;
        if (isIp(frame, layers, type) && Layers.carries(layers, protocol, Icmp.HEADER_BYTES)) {
            long header = frame.address + Layers.transport(layers);
            if (field == Field.ICMP_TYPE || field == Field.ICMPV6_TYPE) {
                Icmp.setType(frame.memory, header, merge(Icmp.type(frame.memory, header), value, mask));
            } else {
                Icmp.setCode(frame.memory, header, merge(Icmp.code(frame.memory, header), value, mask));
            }
            if (!ipv6 && Layers.fragment(layers) == 0) {
                Icmp.mendChecksumOfZeros(frame.memory, header, Layers.transportBytes(layers));
            }
        }
    }

    private static void setNeighbourReserved(Frame frame, long layers, int value, int mask) {
        if (isNeighbour(frame, layers, Icmpv6.HEADER_BYTES)) {
            long message = frame.address + Layers.transport(layers);
            int old = (int) Icmpv6.reserved(frame.memory, message);
            Icmpv6.setReserved(frame.memory, message, merge(old, value, mask));
        }
    }

    /** Solicitations have the source's address as an option, advertisements the target's. */
    private static void setNeighbourLink(Frame frame, long layers, Field field, long value, long mask) {
        MemorySegment memory = frame.memory;
        long message = frame.address + Layers.transport(layers);
        boolean source = field == Field.ND_SLL;
        int messageType = source ? Icmpv6.NEIGHBOUR_SOLICITATION : Icmpv6.NEIGHBOUR_ADVERTISEMENT;
        int optionType = source ? Icmpv6.OPTION_SOURCE_LINK : Icmpv6.OPTION_TARGET_LINK;
        if (!isNeighbour(frame, layers, Icmpv6.NEIGHBOUR_BYTES) || Icmp.type(memory, message) != messageType) {
            return;
        }
        long end = message + Layers.transportBytes(layers);
        long option = message + Icmpv6.NEIGHBOUR_BYTES;
        while (end - option >= Icmpv6.OPTION_UNIT_BYTES) {
            int bytes = Icmpv6.optionBytes(memory, option);
            if (bytes == 0 || bytes > end - option) {
                return;
            }
            if (bytes == Icmpv6.OPTION_UNIT_BYTES && Icmpv6.optionType(memory, option) == optionType) {
                long changed = merge(Icmpv6.optionLink(memory, option), value, mask);
                Icmpv6.setOptionLink(memory, message, option, changed);
            }
            option += bytes;
        }
    }

    private static void setArp(Frame frame, long layers, Field field, long value, long mask) {
        MemorySegment memory = frame.memory;
        int type = Layers.type(memory, frame.address, layers);
        long packet = frame.address + Layers.network(layers);
        if (type != Ethernet.TYPE_ARP && type != Ethernet.TYPE_RARP
                || frame.lengthBytes - Layers.network(layers) < Arp.BYTES
                || !Arp.isIpv4OverEthernet(memory, packet)) {
            return;
        }
        switch (field) {
            case ARP_OP -> {
                // Flows see the low byte alone, and 0 where the high one is in use.
                int operation = Arp.operation(memory, packet);
                Arp.setOperation(memory, packet, (int) merge(operation > 0xff ? 0 : operation, value, mask));
            }
            case ARP_SPA ->
                Arp.setSenderProtocol(memory, packet, (int) merge(Arp.senderProtocol(memory, packet), value, mask));
            case ARP_TPA ->
                Arp.setTargetProtocol(memory, packet, (int) merge(Arp.targetProtocol(memory, packet), value, mask));
            case ARP_SHA ->
                Arp.setSenderHardware(memory, packet, merge(Arp.senderHardware(memory, packet), value, mask));
            case ARP_THA ->
                Arp.setTargetHardware(memory, packet, merge(Arp.targetHardware(memory, packet), value, mask));
            default -> throw new IllegalArgumentException(field + " is no field of ARP");
        }
    }

    /** Extension headers that are not wholly there hide all of the packet but its addresses. */
    private static boolean hasIpv6Addresses(Frame frame, long layers) {
        return Layers.hasNetwork(layers) && Layers.type(frame.memory, frame.address, layers) == Ethernet.TYPE_IPV6;
    }

    private static boolean isIp(Frame frame, long layers, int type) {
        return Layers.hasTransport(layers) && Layers.type(frame.memory, frame.address, layers) == type;
    }

    /** Whether it is a neighbour discovery message of at least so many bytes. */
    private static boolean isNeighbour(Frame frame, long layers, int bytes) {
        if (!isIp(frame, layers, Ethernet.TYPE_IPV6) || !Layers.carries(layers, IpProtocol.ICMPV6, bytes)) {
            return false;
        }
        long message = frame.address + Layers.transport(layers);
        return Icmpv6.isNeighbour(Icmp.type(frame.memory, message), Icmp.code(frame.memory, message));
    }

    private static int merge(int old, int value, int mask) {
        return old & ~mask | value & mask;
    }

    private static long merge(long old, long value, long mask) {
        return old & ~mask | value & mask;
    }
}
