// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * The Ethernet header (IEEE 802.3-2022 §3.1).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | destination                                                   |
 *  +                               +-------------------------------+
 *  |                               | source                        |
 *  +-------------------------------+                               +
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 *  | type, or length below 0x0600  |
 *  +-------------------------------+
 * </pre>
 *
 * <p>With a length, IEEE 802.2 LLC follows; LLC {@code aa aa 03} with organisation 0 is SNAP, and carries a type after all
 * (RFC 1042).
 */
public final class Ethernet {

    /** Bytes of the header. */
    public static final int HEADER_BYTES = 14;

    /** Bytes of an address. */
    public static final int ADDRESS_BYTES = 6;

    /** Bytes of LLC and SNAP headers together. */
    public static final int SNAP_BYTES = 8;

    /** The least number that is a type; lower ones are lengths. */
    public static final int TYPE_MIN = 0x0600;

    /** IPv4. */
    public static final int TYPE_IPV4 = 0x0800;

    /** ARP. */
    public static final int TYPE_ARP = 0x0806;

    /** Reverse ARP. */
    public static final int TYPE_RARP = 0x8035;

    /** VLAN tag (IEEE 802.1Q customer tag). */
    public static final int TYPE_VLAN = 0x8100;

    /** IPv6. */
    public static final int TYPE_IPV6 = 0x86dd;

    /** MPLS unicast. */
    public static final int TYPE_MPLS = 0x8847;

    /** MPLS with upstream-assigned label, formerly multicast. */
    public static final int TYPE_MPLS_MULTICAST = 0x8848;

    /** VLAN tag (IEEE 802.1ad service tag). */
    public static final int TYPE_SERVICE_VLAN = 0x88a8;

    /** What flows see as the type of an 802.3 frame without SNAP ({@code OFP_DL_TYPE_NOT_ETH_TYPE}, OpenFlow 1.0). */
    public static final int TYPE_NONE = 0x05ff;

    private static final int DESTINATION = 0;
    private static final int SOURCE = 6;
    private static final int TYPE = 12;
    private static final long SNAP_PREFIX = 0xaaaa_0300_0000L;

    private Ethernet() {}

    /** Destination address, 48 bits. */
    public static long destination(MemorySegment memory, long address) {
        return Bytes.u48(memory, address + DESTINATION);
    }

    /** Sets the destination address. */
    public static void setDestination(MemorySegment memory, long address, long value) {
        Bytes.put48(memory, address + DESTINATION, value);
    }

    /** Source address, 48 bits. */
    public static long source(MemorySegment memory, long address) {
        return Bytes.u48(memory, address + SOURCE);
    }

    /** Sets the source address. */
    public static void setSource(MemorySegment memory, long address, long value) {
        Bytes.put48(memory, address + SOURCE, value);
    }

    /** The two bytes after the addresses: a type, a tag's TPID, or a length. */
    public static int type(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + TYPE);
    }

    /** Whether the {@link #SNAP_BYTES} at {@code address} are LLC and SNAP with an Ethernet type. */
    public static boolean isSnap(MemorySegment memory, long address) {
        return Bytes.i64(memory, address) >>> 16 == SNAP_PREFIX;
    }

    /**
     * Sets the type in the last two bytes of a link header, tags and SNAP included, of a frame that has become longer by so many
     * bytes (shorter, if negative): an 802.3 frame tells its length.
     *
     * @param address of the frame
     * @param network bytes of the link header
     */
    static void setTypeBefore(MemorySegment memory, long address, int network, int type, int moreBytes) {
        long end = address + network;
        if (network >= HEADER_BYTES + SNAP_BYTES && isSnap(memory, end - SNAP_BYTES)) {
            int length = Bytes.u16(memory, end - SNAP_BYTES - 2) + moreBytes;
            if (length >= 0 && length < TYPE_MIN) {
                Bytes.put16(memory, end - SNAP_BYTES - 2, length);
            }
        }
        Bytes.put16(memory, end - 2, type);
    }

    /** Writes LLC and SNAP headers with type 0. */
    static void setSnap(MemorySegment memory, long address) {
        Bytes.put64(memory, address, SNAP_PREFIX << 16);
    }
}
