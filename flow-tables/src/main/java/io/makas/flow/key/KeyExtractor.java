// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.key;

import io.makas.flow.packet.Bytes;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.packet.IpProtocol;
import io.makas.flow.packet.Ipv4;
import io.makas.flow.packet.Ipv6;
import io.makas.flow.packet.Tcp;
import io.makas.flow.packet.Udp;
import io.makas.flow.packet.Vlan;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * From frame to flow key: every packet goes through here, before anything is known about it.
 *
 * <p>{@link #extract} takes one frame of any kind. {@link #extractBurst} takes what a port has received, and is made for the
 * common ones: TCP and UDP over IPv4 or IPv6 without options, extension headers or fragments, with at most one VLAN tag. It
 * takes them with six or ten wide loads each, in loops that call nothing, so that the compiler checks the memory segment once
 * for a burst and not once for a load. What it has doubts about is left to {@link #extract}.
 *
 * <p>What counts as a header of a frame cut short or malformed is told by {@link io.makas.flow.packet.Layers}; fields that are
 * not there are 0.
 *
 * <pre>
 *  offset  load    holds (untagged; with a tag, all but the first two lie 4 bytes further on)
 *     0    first   destination:48 | source:16
 *     8    second  source:32 | type:16 | -:16                        with a tag: TPID | TCI
 *    12    head    type:16 | IPv4: version, IHL:8 | TOS:8 | total length:16 | -:16
 *                            IPv6: version:4 | class:8 | label:20 | payload length:16
 *    18    middle  IPv4: -:16 | fragment:16 | TTL:8 | protocol:8 | -:16
 * </pre>
 *
 * <p>Stateless; any thread. Allocates nothing, and never reads at or behind a frame's end.
 */
public final class KeyExtractor {

    /** Answer for a frame shorter than an Ethernet header, which has no key. */
    public static final int TOO_SHORT = -1;

    /** Words from one key of a burst to the next: all received words, rounded up to whole cache lines. */
    public static final int STRIDE = 24;

    /** Most frames in a burst. */
    public static final int MAX_BURST = Long.SIZE;

    /** As far as {@code middle} reaches behind a tag; the rest is read once the IP header has said that it is there. */
    private static final int COMMON_BYTES = Ethernet.HEADER_BYTES + Vlan.TAG_BYTES + 12;

    /** Type IPv4, version 4, five words of header: the upper bits of {@code head}. */
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
        return AnyFrameExtractor.extract(memory, address, lengthBytes, inPort, key, offset);
    }

    /**
     * Extracts the keys of a burst: that of frame {@code i} from word {@code i * STRIDE} of {@code keys} on, its extent, or
     * {@link #TOO_SHORT}, into {@code extents[i]}.
     *
     * <p>{@code keys} and {@code extents} belong together: they start as zeros and are changed here only. Then the words of a
     * key behind its extent are zero, whatever the burst before left there.
     *
     * @param memory holds all frames
     * @param addresses of the frames' first bytes in {@code memory}
     * @param lengthBytes of the frames
     * @param count of frames, at most {@link #MAX_BURST}
     * @param inPort port that the frames came in by
     * @param keys room for {@link #STRIDE} words for each frame
     * @param extents room for each frame's extent
     */
    public static void extractBurst(
            MemorySegment memory,
            long[] addresses,
            int[] lengthBytes,
            int count,
            int inPort,
            long[] keys,
            int[] extents) {
        assert count <= MAX_BURST : count;
        long others = extractIpv4(memory, addresses, lengthBytes, count, inPort, keys, extents);
        if (others != 0) {
            others = extractIpv6(memory, addresses, lengthBytes, others, inPort, keys, extents);
        }
        for (long rest = others; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            int offset = index * STRIDE;
            int before = extents[index];
            int extent = extract(memory, addresses[index], lengthBytes[index], inPort, keys, offset);
            if (extent < before) {
                Arrays.fill(keys, offset + Math.max(extent, 0), offset + before, 0);
            }
            extents[index] = extent;
        }
    }

    /** Does the common IPv4 frames, and gives a bit for each of the others. */
    private static long extractIpv4(
            MemorySegment memory,
            long[] addresses,
            int[] lengthBytes,
            int count,
            int inPort,
            long[] keys,
            int[] extents) {
        long others = 0;
        for (int index = 0; index < count; index++) {
            long address = addresses[index];
            if (lengthBytes[index] < COMMON_BYTES || extents[index] > KeyLayout.IPV4_WORDS) {
                others |= 1L << index;
                continue;
            }
            long first = Bytes.i64(memory, address);
            long second = Bytes.i64(memory, address + 8);
            int link = Ethernet.HEADER_BYTES;
            long tci = 0;
            if (Vlan.isTag((int) (second >>> 16) & 0xffff)) {
                link += Vlan.TAG_BYTES;
                tci = second & 0xffff | Vlan.PRESENT;
            }
            long header = address + link;
            long head = Bytes.i64(memory, header - 2);
            long middle = Bytes.i64(memory, header + 4);
            int totalLength = (int) (head >>> 16) & 0xffff;
            int protocol = (int) (middle >>> 16) & 0xff;
            boolean tcp = protocol == IpProtocol.TCP;
            if (head >>> 40 != IPV4_WITHOUT_OPTIONS
                    || (middle & FRAGMENTED) != 0
                    || !tcp && protocol != IpProtocol.UDP
                    || totalLength < Ipv4.HEADER_BYTES + (tcp ? Tcp.HEADER_BYTES : Udp.HEADER_BYTES)
                    || totalLength > lengthBytes[index] - link) {
                others |= 1L << index;
                continue;
            }
            long ports = Bytes.u32(memory, header + Ipv4.HEADER_BYTES);
            long flags = tcp ? Tcp.flags(memory, header + Ipv4.HEADER_BYTES) : 0;
            int offset = index * STRIDE;
            keys[offset] = (long) inPort << 32 | (long) Ethernet.TYPE_IPV4 << 16 | (long) protocol << 8;
            keys[offset + 1] = first & ~0xffffL | tci;
            keys[offset + 2] = first << 48 | second >>> 16 & 0xffff_ffff_0000L;
            keys[offset + 3] = Ipv4.addresses(memory, header);
            keys[offset + 4] = ports << 32 | flags << 16 | head >>> 24 & 0xff00 | middle >>> 24 & 0xff;
            extents[index] = KeyLayout.IPV4_WORDS;
        }
        return others;
    }

    /** Does the common IPv6 frames of those that have a bit in {@code candidates}, and gives a bit for each of the others. */
    private static long extractIpv6(
            MemorySegment memory,
            long[] addresses,
            int[] lengthBytes,
            long candidates,
            int inPort,
            long[] keys,
            int[] extents) {
        long others = candidates;
        for (long rest = candidates; rest != 0; rest &= rest - 1) {
            int index = Long.numberOfTrailingZeros(rest);
            long address = addresses[index];
            if (lengthBytes[index] < COMMON_BYTES || extents[index] > KeyLayout.IPV6_WORDS) {
                continue;
            }
            long first = Bytes.i64(memory, address);
            long second = Bytes.i64(memory, address + 8);
            int link = Ethernet.HEADER_BYTES;
            long tci = 0;
            if (Vlan.isTag((int) (second >>> 16) & 0xffff)) {
                link += Vlan.TAG_BYTES;
                tci = second & 0xffff | Vlan.PRESENT;
            }
            long header = address + link;
            long head = Bytes.i64(memory, header - 2);
            int protocol = Ipv6.nextHeader(memory, header);
            int payloadLength = (int) head & 0xffff;
            boolean tcp = protocol == IpProtocol.TCP;
            if (head >>> 48 != Ethernet.TYPE_IPV6
                    || !tcp && protocol != IpProtocol.UDP
                    || payloadLength < (tcp ? Tcp.HEADER_BYTES : Udp.HEADER_BYTES)
                    || payloadLength > lengthBytes[index] - link - Ipv6.HEADER_BYTES) {
                continue;
            }
            long ports = Bytes.u32(memory, header + Ipv6.HEADER_BYTES);
            long flags = tcp ? Tcp.flags(memory, header + Ipv6.HEADER_BYTES) : 0;
            int offset = index * STRIDE;
            keys[offset] = (long) inPort << 32 | (long) Ethernet.TYPE_IPV6 << 16 | (long) protocol << 8;
            keys[offset + 1] = first & ~0xffffL | tci;
            keys[offset + 2] = first << 48 | second >>> 16 & 0xffff_ffff_0000L;
            keys[offset + 3] = 0;
            keys[offset + 4] = ports << 32 | flags << 16 | head >>> 28 & 0xff00 | Ipv6.hopLimit(memory, header);
            keys[offset + 5] = Ipv6.sourceHigh(memory, header);
            keys[offset + 6] = Ipv6.sourceLow(memory, header);
            keys[offset + 7] = Ipv6.destinationHigh(memory, header);
            keys[offset + 8] = Ipv6.destinationLow(memory, header);
            keys[offset + 9] = (head >>> 16 & 0xf_ffff) << 32;
            extents[index] = KeyLayout.IPV6_WORDS;
            others ^= 1L << index;
        }
        return others;
    }
}
