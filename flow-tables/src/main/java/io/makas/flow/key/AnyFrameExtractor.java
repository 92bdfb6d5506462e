// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import io.makas.flow.packet.Arp;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.Icmp;
import io.makas.flow.packet.Icmpv6;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Ipv6;
import io.makas.flow.packet.Layers;
import io.makas.flow.packet.Mpls;
import io.makas.flow.packet.Sctp;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;
import io.makas.flow.packet.Vlan;
import java.lang.foreign.MemorySegment;

/**
 * The key of any frame, one header after the other as {@link Layers} finds them.
 *
 * <p>Stateless; any thread. Allocates nothing.
 */
final class AnyFrameExtractor {

    private AnyFrameExtractor() {}

    static int extract(MemorySegment memory, long address, int lengthBytes, int inPort, long[] key, int offset) {
        if (lengthBytes < Ethernet.HEADER_BYTES) {
            return KeyExtractor.TOO_SHORT;
        }
        long layers = Layers.locate(memory, address, lengthBytes);
        int network = Layers.network(layers);
        long header = address + network;
        int type = Layers.type(memory, address, layers);
        int tags = Vlan.count(memory, address, lengthBytes);
        int outer = tags > 0 ? Vlan.tci(memory, address, 0) | Vlan.PRESENT : 0;
        int inner = tags > 1 ? Vlan.tci(memory, address, 1) | Vlan.PRESENT : 0;
        key[offset] = (long) inPort << 32 | (long) type << 16;
        key[offset + 1] = Ethernet.destination(memory, address) << 16 | outer;
        key[offset + 2] = Ethernet.source(memory, address) << 16 | inner;
        key[offset + 3] = 0;
        key[offset + 4] = 0;
        if (type == Ethernet.TYPE_IPV4) {
            if (Layers.hasNetwork(layers)) {
                key[offset] |= (long) Layers.protocol(layers) << 8 | Layers.fragment(layers);
                key[offset + 3] = Ipv4.addresses(memory, header);
                key[offset + 4] = transport(memory, address, layers, IpProtocol.ICMP)
                        | Ipv4.tos(memory, header) << 8
                        | Ipv4.ttl(memory, header);
            }
            return KeyLayout.IPV4_WORDS;
        }
        if (type == Ethernet.TYPE_IPV6) {
            return ipv6(memory, address, layers, key, offset);
        }
        boolean arp = type == Ethernet.TYPE_ARP || type == Ethernet.TYPE_RARP;
        if (!arp && !Mpls.isMpls(type)) {
            return KeyLayout.IPV4_WORDS;
        }
        for (int word = KeyLayout.IPV4_WORDS; word < KeyLayout.PACKET_WORDS; word++) {
            key[offset + word] = 0;
        }
        if (arp) {
            arp(memory, header, lengthBytes - network, key, offset);
        } else {
            mpls(memory, header, lengthBytes - network, key, offset);
        }
        return KeyLayout.PACKET_WORDS;
    }

    private static int ipv6(MemorySegment memory, long address, long layers, long[] key, int offset) {
        if (!Layers.hasNetwork(layers)) {
            for (int word = KeyLayout.IPV4_WORDS; word < KeyLayout.IPV6_WORDS; word++) {
                key[offset + word] = 0;
            }
            return KeyLayout.IPV6_WORDS;
        }
        long header = address + Layers.network(layers);
        key[offset + 5] = Ipv6.sourceHigh(memory, header);
        key[offset + 6] = Ipv6.sourceLow(memory, header);
        key[offset + 7] = Ipv6.destinationHigh(memory, header);
        key[offset + 8] = Ipv6.destinationLow(memory, header);
        if (!Layers.hasTransport(layers)) {
            key[offset + 9] = 0;
            return KeyLayout.IPV6_WORDS;
        }
        key[offset + 9] = (long) Ipv6.label(memory, header) << 32;
        key[offset] |= (long) Layers.protocol(layers) << 8 | Layers.fragment(layers);
        key[offset + 4] = transport(memory, address, layers, IpProtocol.ICMPV6)
                | Ipv6.trafficClass(memory, header) << 8
                | Ipv6.hopLimit(memory, header);
        if (Layers.carries(layers, IpProtocol.ICMPV6, Icmpv6.HEADER_BYTES)) {
            long message = address + Layers.transport(layers);
            if (Icmpv6.isNeighbour(Icmp.type(memory, message), Icmp.code(memory, message))) {
                neighbour(memory, message, Layers.transportBytes(layers), key, offset);
                return KeyLayout.PACKET_WORDS;
            }
        }
        return KeyLayout.IPV6_WORDS;
    }

    /** Ports and TCP flags, or ICMP type and code, in their places of word 4; {@code icmp} is the ICMP of this IP version. */
    private static long transport(MemorySegment memory, long address, long layers, int icmp) {
        long header = address + Layers.transport(layers);
        if (Layers.carries(layers, IpProtocol.TCP, Tcp.HEADER_BYTES)) {
            return word4(Tcp.sourcePort(memory, header), Tcp.destinationPort(memory, header))
                    | (long) Tcp.flags(memory, header) << 16;
        }
        if (Layers.carries(layers, IpProtocol.UDP, Udp.HEADER_BYTES)) {
            return word4(Udp.sourcePort(memory, header), Udp.destinationPort(memory, header));
        }
        if (Layers.carries(layers, IpProtocol.SCTP, Sctp.HEADER_BYTES)) {
            return word4(Sctp.sourcePort(memory, header), Sctp.destinationPort(memory, header));
        }
        if (Layers.carries(layers, icmp, Icmp.HEADER_BYTES)) {
            return word4(Icmp.type(memory, header), Icmp.code(memory, header));
        }
        return 0;
    }

    private static long word4(int source, int destination) {
        return (long) source << 48 | (long) destination << 32;
    }

    /**
     * Target and link-layer options, as far as they are there. An option that comes twice makes the packet invalid: target
     * and options then stay 0, as Open vSwitch has it.
     */
    private static void neighbour(MemorySegment memory, long message, int bytes, long[] key, int offset) {
        for (int word = KeyLayout.IPV6_WORDS; word < KeyLayout.PACKET_WORDS; word++) {
            key[offset + word] = 0;
        }
        key[offset + 9] |= Icmpv6.reserved(memory, message);
        if (bytes < Icmpv6.NEIGHBOUR_BYTES) {
            return;
        }
        long source = 0;
        long target = 0;
        int at = Icmpv6.NEIGHBOUR_BYTES;
        while (bytes - at >= Icmpv6.OPTION_UNIT_BYTES) {
            long option = message + at;
            int optionBytes = Icmpv6.optionBytes(memory, option);
            if (optionBytes == 0 || optionBytes > bytes - at) {
                break;
            }
            if (optionBytes == Icmpv6.OPTION_UNIT_BYTES) {
                int type = Icmpv6.optionType(memory, option);
                if (type == Icmpv6.OPTION_SOURCE_LINK && source != 0
                        || type == Icmpv6.OPTION_TARGET_LINK && target != 0) {
                    return;
                }
                source = type == Icmpv6.OPTION_SOURCE_LINK ? Icmpv6.optionLink(memory, option) : source;
                target = type == Icmpv6.OPTION_TARGET_LINK ? Icmpv6.optionLink(memory, option) : target;
            }
            at += optionBytes;
        }
        key[offset + 10] = Icmpv6.targetHigh(memory, message);
        key[offset + 11] = Icmpv6.targetLow(memory, message);
        key[offset + 12] = source << 16;
        key[offset + 13] = target << 16;
    }

    private static void arp(MemorySegment memory, long packet, int bytes, long[] key, int offset) {
        if (bytes < Arp.BYTES || !Arp.isIpv4OverEthernet(memory, packet)) {
            return;
        }
        int operation = Arp.operation(memory, packet);
        if (operation <= 0xff) {
            key[offset] |= (long) operation << 8;
        }
        key[offset + 3] =
                (long) Arp.senderProtocol(memory, packet) << 32 | Arp.targetProtocol(memory, packet) & 0xffff_ffffL;
        key[offset + 12] = Arp.senderHardware(memory, packet) << 16;
        key[offset + 13] = Arp.targetHardware(memory, packet) << 16;
    }

    private static void mpls(MemorySegment memory, long stack, int bytes, long[] key, int offset) {
        int count = Mpls.count(memory, stack, bytes);
        if (count > 0) {
            key[offset + 14] = (long) Mpls.entry(memory, stack, 0) << 32;
        }
        if (count > 1) {
            key[offset + 14] |= Mpls.entry(memory, stack, 1) & 0xffff_ffffL;
        }
        if (count > 2) {
            key[offset + 15] = (long) Mpls.entry(memory, stack, 2) << 32;
        }
    }
}
