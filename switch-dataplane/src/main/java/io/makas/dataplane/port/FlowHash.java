// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.Memory;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A number that is the same for all frames of a flow, to choose one of several rings by, so that no flow overtakes itself:
 * of addresses and TCP or UDP ports, without ports for all fragments of a packet, and of Ethernet addresses for what is not
 * IP. One VLAN tag is looked through.
 *
 * <p>Thread: any.
 */
final class FlowHash {

    private static final ValueLayout.OfShort BE_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private static final int ETHER_TYPE = 12;
    private static final int ETHERNET_BYTES = 14;
    private static final int VLAN_BYTES = 4;
    private static final int VLAN = 0x8100;
    private static final int IPV4 = 0x0800;
    private static final int IPV6 = 0x86dd;
    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int PORTS_BYTES = 4;
    private static final int TCP = 6;
    private static final int UDP = 17;
    /** More-fragments flag and fragment offset of an IPv4 header. */
    private static final int FRAGMENT = 0x3fff;
    /** Version 4 with a header of 20 bytes. */
    private static final int IPV4_WITHOUT_OPTIONS = 0x45;

    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private FlowHash() {}

    /** The number for a frame of at least 14 bytes. */
    static int of(long address, int lengthBytes) {
        int type = Memory.ALL.get(BE_SHORT, address + ETHER_TYPE) & 0xffff;
        int ip = ETHERNET_BYTES;
        if (type == VLAN && lengthBytes >= ETHERNET_BYTES + VLAN_BYTES) {
            type = Memory.ALL.get(BE_SHORT, address + ETHER_TYPE + VLAN_BYTES) & 0xffff;
            ip += VLAN_BYTES;
        }
        int left = lengthBytes - ip;
        if (type == IPV4 && left >= IPV4_BYTES + PORTS_BYTES) {
            return ofIpv4(address + ip);
        }
        if (type == IPV6 && left >= IPV6_BYTES + PORTS_BYTES) {
            return ofIpv6(address + ip);
        }
        return mix(Memory.ALL.get(LONG, address), Memory.ALL.get(INT, address + Long.BYTES));
    }

    private static int ofIpv4(long ip) {
        int protocol = Memory.ALL.get(ValueLayout.JAVA_BYTE, ip + 9);
        boolean hasPorts = (protocol == TCP || protocol == UDP)
                && Memory.ALL.get(ValueLayout.JAVA_BYTE, ip) == IPV4_WITHOUT_OPTIONS
                && (Memory.ALL.get(BE_SHORT, ip + 6) & FRAGMENT) == 0;
        return mix(Memory.ALL.get(LONG, ip + 12), hasPorts ? Memory.ALL.get(INT, ip + IPV4_BYTES) : 0);
    }

    private static int ofIpv6(long ip) {
        int protocol = Memory.ALL.get(ValueLayout.JAVA_BYTE, ip + 6);
        long addresses = Memory.ALL.get(LONG, ip + 8);
        for (int offset = 16; offset < IPV6_BYTES; offset += Long.BYTES) {
            addresses = addresses * GOLDEN + Memory.ALL.get(LONG, ip + offset);
        }
        boolean hasPorts = protocol == TCP || protocol == UDP;
        return mix(addresses, hasPorts ? Memory.ALL.get(INT, ip + IPV6_BYTES) : 0);
    }

    private static int mix(long a, int b) {
        long hash = (a ^ b * GOLDEN) * GOLDEN;
        hash = (hash ^ hash >>> 32) * GOLDEN;
        return (int) (hash >>> 32);
    }
}
