// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

import io.makas.flow.packet.Checksum;
import io.makas.flow.packet.FrameBuilder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A frame of which 16 bytes in a row differ from flow to flow, so that two stores make the one of a flow:
 *
 * <pre>
 *        14          22   23   24        26       30       34       38        42
 *  | MACs | IPv4 ... | TTL pr   checksum | source | dest.  | ports  | UDP ... |
 *                    |&lt;------ first -----&gt;|&lt;---- second --&gt;|
 * </pre>
 *
 * <p>What follows the ports is a UDP header without a checksum, and at the same time a TCP header of 20 bytes with ACK set, so
 * the same frame serves both.
 */
public final class FrameTemplate {

    /** Where the 16 bytes of a flow begin. */
    public static final int FLOW_OFFSET = 22;

    /** Shortest frame, in bytes. */
    public static final int MIN_BYTES = FrameBuilder.MIN_WIRE_BYTES;

    /** Longest frame, in bytes. */
    public static final int MAX_BYTES = 1_514;

    /** The first router hop is still to come. */
    public static final int TTL = 64;

    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int CHECKSUM = 24;
    private static final int UDP_CHECKSUM = 40;
    private static final int TCP_DATA_OFFSET = 46;
    private static final int TCP_FLAGS = 47;
    private static final int IPV4 = ETHERNET_BYTES;

    private final byte[] frame;
    /** Sum of the IPv4 header's words without addresses, protocol and checksum. */
    private final long constantSum;

    /**
     * Makes the constant part.
     *
     * @param sourceMac Ethernet source, as {@code 02:00:00:00:00:01}
     * @param destinationMac Ethernet destination
     * @param lengthBytes length without the frame check sequence, {@link #MIN_BYTES} to {@link #MAX_BYTES}
     */
    public FrameTemplate(String sourceMac, String destinationMac, int lengthBytes) {
        if (lengthBytes < MIN_BYTES || lengthBytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a frame of " + lengthBytes + " bytes is not from " + MIN_BYTES + " to " + MAX_BYTES);
        }
        frame = FrameBuilder.ethernet(sourceMac, destinationMac)
                .ipv4("0.0.0.0", "0.0.0.0")
                .ttl(TTL)
                .udp(0, 0)
                .payload(new byte[lengthBytes - ETHERNET_BYTES - IPV4_BYTES - UDP_BYTES])
                .build();
        frame[UDP_CHECKSUM] = 0;
        frame[UDP_CHECKSUM + 1] = 0;
        frame[TCP_DATA_OFFSET] = IPV4_BYTES / 4 << 4;
        frame[TCP_FLAGS] = 0x10;
        frame[CHECKSUM] = 0;
        frame[CHECKSUM + 1] = 0;
        frame[CHECKSUM - 1] = 0;
        constantSum = Checksum.sum(MemorySegment.ofArray(frame), IPV4, IPV4_BYTES);
    }

    /** Length in bytes. */
    public int lengthBytes() {
        return frame.length;
    }

    /** The frame of a flow. */
    public byte[] frame(FiveTuple flow) {
        byte[] made = frame.clone();
        MemorySegment segment = MemorySegment.ofArray(made);
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, FLOW_OFFSET, first(flow));
        segment.set(ValueLayout.JAVA_LONG_UNALIGNED, FLOW_OFFSET + 8, second(flow));
        return made;
    }

    /** The first 8 bytes of a flow, in this machine's byte order. */
    public long first(FiveTuple flow) {
        long sum = constantSum
                + flow.protocol()
                + (flow.source() >>> 16)
                + (flow.source() & 0xffff)
                + (flow.destination() >>> 16)
                + (flow.destination() & 0xffff);
        return inMemory((long) TTL << 56
                | (long) flow.protocol() << 48
                | (long) Checksum.of(sum) << 32
                | Integer.toUnsignedLong(flow.source()));
    }

    /** The other 8 bytes. */
    public long second(FiveTuple flow) {
        return inMemory((long) flow.destination() << 32 | (long) flow.sourcePort() << 16 | flow.destinationPort());
    }

    private static long inMemory(long networkOrder) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? networkOrder : Long.reverseBytes(networkOrder);
    }
}
