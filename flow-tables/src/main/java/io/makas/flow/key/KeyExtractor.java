// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import io.makas.flow.packet.Bytes;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;
import io.makas.flow.packet.Vlan;
import java.lang.foreign.MemorySegment;

/**
 * From frame to flow key: every packet goes through here, before anything is known about it.
 *
 * <p>Here is the common case, straight-line: Ethernet, at most one VLAN tag, IPv4 without options that is no fragment, TCP or
 * UDP. Six wide loads take all of it. Everything else, and every doubt, goes to {@link SlowKeyExtractor}, which gives the same
 * key for these frames too. What counts as a header of a frame cut short or malformed is told by
 * {@link io.makas.flow.packet.Layers}; fields that are not there are 0.
 *
 * <pre>
 *  offset  load    holds (untagged; with a tag, all but the first lie 4 bytes further on)
 *     0    first   destination:48 | source:16
 *     8    second  source:32 | type:16 | -:16                  with a tag: TPID | TCI
 *    12    head    type:16 | version, IHL:8 | TOS:8 | total length:16 | -:16
 *    18    middle  -:16 | fragment:16 | TTL:8 | protocol:8 | -:16
 *    26    addresses: source:32 | destination:32
 *    34    ports:  source:16 | destination:16                  TCP: flags at 46
 * </pre>
 *
 * <p>Stateless; any thread. Allocates nothing, and never reads at or behind {@code address + lengthBytes}.
 */
public final class KeyExtractor {

    /** Answer for a frame shorter than an Ethernet header, which has no key. */
    public static final int TOO_SHORT = -1;

    /** A tag, an IPv4 header and the least transport header fit in. */
    private static final int COMMON_BYTES =
            Ethernet.HEADER_BYTES + Vlan.TAG_BYTES + Ipv4.HEADER_BYTES + Udp.HEADER_BYTES;

    /** Type IPv4, version 4, five words of header. */
    private static final long IPV4_WITHOUT_OPTIONS = (long) Ethernet.TYPE_IPV4 << 8 | 0x45;

    /** More fragments, or an offset, in {@code middle}. */
    private static final long FRAGMENTED = (long) (Ipv4.MORE_FRAGMENTS | Ipv4.FRAGMENT_OFFSET_MASK) << 32;

    private KeyExtractor() {}

    /**
     * Fills {@code key} from {@code offset} on with as many words as the packet needs.
     *
     * <p>How many, the extent, follows from the first {@link KeyLayout#IPV4_WORDS} words: IPv6 has
     * {@link KeyLayout#IPV6_WORDS}; ARP, RARP, MPLS and neighbour discovery have {@link KeyLayout#PACKET_WORDS}; all others,
     * unknown types included, have {@link KeyLayout#IPV4_WORDS}. Words behind the extent are left as they are.
     *
     * @param memory holds the frame
     * @param address of the frame's first byte in {@code memory}
     * @param lengthBytes of the frame
     * @param inPort port that the frame came in by
     * @param key room for {@link KeyLayout#PACKET_WORDS} from {@code offset} on
     * @param offset where the key starts
     * @return the extent, or {@link #TOO_SHORT}
     */
    public static int extract(MemorySegment memory, long address, int lengthBytes, int inPort, long[] key, int offset) {
        if (lengthBytes < COMMON_BYTES) {
            return SlowKeyExtractor.extract(memory, address, lengthBytes, inPort, key, offset);
        }
        long first = Bytes.i64(memory, address);
        long second = Bytes.i64(memory, address + 8);
        int network = Ethernet.HEADER_BYTES;
        long tci = 0;
        if (Vlan.isTag((int) (second >>> 16) & 0xffff)) {
            network += Vlan.TAG_BYTES;
            tci = second & 0xffff | Vlan.PRESENT;
        }
        long head = Bytes.i64(memory, address + network - 2);
        long middle = Bytes.i64(memory, address + network + 4);
        int totalLength = (int) (head >>> 16) & 0xffff;
        int protocol = (int) (middle >>> 16) & 0xff;
        int leastLength = protocol == IpProtocol.TCP
                ? Ipv4.HEADER_BYTES + Tcp.HEADER_BYTES
                : Ipv4.HEADER_BYTES + Udp.HEADER_BYTES;
        if (head >>> 40 != IPV4_WITHOUT_OPTIONS
                || (middle & FRAGMENTED) != 0
                || protocol != IpProtocol.TCP && protocol != IpProtocol.UDP
                || totalLength < leastLength
                || totalLength > lengthBytes - network) {
            return SlowKeyExtractor.extract(memory, address, lengthBytes, inPort, key, offset);
        }
        long transport = address + network + Ipv4.HEADER_BYTES;
        long flags = protocol == IpProtocol.TCP ? Tcp.flags(memory, transport) : 0;
        long ports = Bytes.u32(memory, transport);
        key[offset] = (long) inPort << 32 | (long) Ethernet.TYPE_IPV4 << 16 | (long) protocol << 8;
        key[offset + 1] = first & ~0xffffL | tci;
        key[offset + 2] = first << 48 | second >>> 16 & 0xffff_ffff_0000L;
        key[offset + 3] = Ipv4.addresses(memory, address + network);
        key[offset + 4] = ports << 32 | flags << 16 | head >>> 24 & 0xff00 | middle >>> 24 & 0xff;
        return KeyLayout.IPV4_WORDS;
    }
}
