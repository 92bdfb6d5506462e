// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.lang.foreign.MemorySegment;

/**
 * ARP and RARP for IPv4 over Ethernet (RFC 826, RFC 903).
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  | hardware type: 1              | protocol type: 0x0800         |
 *  +---------------+---------------+-------------------------------+
 *  | hw length: 6  | pr. length: 4 | operation                     |
 *  +---------------+---------------+-------------------------------+
 *  | sender hardware address                                       |
 *  +                               +-------------------------------+
 *  |                               | sender protocol address       |
 *  +-------------------------------+-------------------------------+
 *  |                               | target hardware address       |
 *  +-------------------------------+                               +
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  | target protocol address                                       |
 *  +---------------------------------------------------------------+
 * </pre>
 */
public final class Arp {

    /** Bytes of the packet. */
    public static final int BYTES = 28;

    /** Operation: who has? */
    public static final int REQUEST = 1;

    /** Operation: I have. */
    public static final int REPLY = 2;

    private static final int OPERATION = 6;
    private static final int SENDER_HARDWARE = 8;
    private static final int SENDER_PROTOCOL = 14;
    private static final int TARGET_HARDWARE = 18;
    private static final int TARGET_PROTOCOL = 24;

    /** Hardware type, protocol type and both lengths, for IPv4 over Ethernet. */
    private static final long IPV4_OVER_ETHERNET = 0x0001_0800_0604L;

    private Arp() {}

    /** Whether the packet is about IPv4 addresses over Ethernet; the rest of this class is for those only. */
    public static boolean isIpv4OverEthernet(MemorySegment memory, long address) {
        return Bytes.u48(memory, address) == IPV4_OVER_ETHERNET;
    }

    /** Writes the first six bytes: IPv4 over Ethernet. */
    public static void setIpv4OverEthernet(MemorySegment memory, long address) {
        Bytes.put48(memory, address, IPV4_OVER_ETHERNET);
    }

    /** Operation, 16 bits. */
    public static int operation(MemorySegment memory, long address) {
        return Bytes.u16(memory, address + OPERATION);
    }

    /** Sets the operation. */
    public static void setOperation(MemorySegment memory, long address, int value) {
        Bytes.put16(memory, address + OPERATION, value);
    }

    /** Sender's Ethernet address. */
    public static long senderHardware(MemorySegment memory, long address) {
        return Bytes.u48(memory, address + SENDER_HARDWARE);
    }

    /** Sets the sender's Ethernet address. */
    public static void setSenderHardware(MemorySegment memory, long address, long value) {
        Bytes.put48(memory, address + SENDER_HARDWARE, value);
    }

    /** Sender's IPv4 address. */
    public static int senderProtocol(MemorySegment memory, long address) {
        return Bytes.i32(memory, address + SENDER_PROTOCOL);
    }

    /** Sets the sender's IPv4 address. */
    public static void setSenderProtocol(MemorySegment memory, long address, int value) {
        Bytes.put32(memory, address + SENDER_PROTOCOL, value);
    }

    /** Target's Ethernet address. */
    public static long targetHardware(MemorySegment memory, long address) {
        return Bytes.u48(memory, address + TARGET_HARDWARE);
    }

    /** Sets the target's Ethernet address. */
    public static void setTargetHardware(MemorySegment memory, long address, long value) {
        Bytes.put48(memory, address + TARGET_HARDWARE, value);
    }

    /** Target's IPv4 address. */
    public static int targetProtocol(MemorySegment memory, long address) {
        return Bytes.i32(memory, address + TARGET_PROTOCOL);
    }

    /** Sets the target's IPv4 address. */
    public static void setTargetProtocol(MemorySegment memory, long address, int value) {
        Bytes.put32(memory, address + TARGET_PROTOCOL, value);
    }
}
