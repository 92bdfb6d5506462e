// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one netlink request: header, fixed part, attributes, nested or not.
 *
 * <pre>
 *  struct nlmsghdr                                     struct nlattr (each padded to 4 bytes)
 * +--------+------+-------+----------+---------+      +--------+------+---------
 * | len 4  | type2| flags2| sequence4| port 4  |      | len 2  | type2| value …
 * +--------+------+-------+----------+---------+      +--------+------+---------
 * </pre>
 *
 * <p>Thread: the one that builds it.
 */
final class NetlinkMessage {

    /** {@code sizeof(struct nlmsghdr)} of {@code linux/netlink.h}. */
    static final int HEADER_BYTES = 16;
    /** {@code NLM_F_REQUEST}. */
    static final int NLM_F_REQUEST = 0x1;
    /** {@code NLM_F_ACK}. */
    static final int NLM_F_ACK = 0x4;
    /** {@code NLM_F_DUMP}. */
    static final int NLM_F_DUMP = 0x300;
    /** {@code NLM_F_REPLACE}. */
    static final int NLM_F_REPLACE = 0x100;
    /** {@code NLM_F_EXCL}. */
    static final int NLM_F_EXCL = 0x200;
    /** {@code NLM_F_CREATE}. */
    static final int NLM_F_CREATE = 0x400;

    /** {@code NLA_F_NESTED} of {@code linux/netlink.h}. */
    private static final int NLA_F_NESTED = 0x8000;

    private static final int ATTRIBUTE_HEADER_BYTES = 4;
    private static final int SEQUENCE = 8;
    private static final int CAPACITY_BYTES = 1024;

    private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY_BYTES).order(ByteOrder.nativeOrder());

    /**
     * Begins a message.
     *
     * @param type e.g. {@code RTM_NEWLINK}
     * @param flags e.g. {@link #NLM_F_ACK}; {@link #NLM_F_REQUEST} is always set
     */
    NetlinkMessage(int type, int flags) {
        buffer.putInt(0)
                .putShort((short) type)
                .putShort((short) (NLM_F_REQUEST | flags))
                .putInt(0)
                .putInt(0);
    }

    NetlinkMessage u8(int value) {
        buffer.put((byte) value);
        return this;
    }

    NetlinkMessage u16(int value) {
        buffer.putShort((short) value);
        return this;
    }

    NetlinkMessage u32(int value) {
        buffer.putInt(value);
        return this;
    }

    /** An attribute with a 32-bit value in native order. */
    NetlinkMessage attribute(int type, int value) {
        return header(type, Integer.BYTES).u32(value);
    }

    /** An attribute whose value is bytes as they are. */
    NetlinkMessage attribute(int type, byte[] value) {
        header(type, value.length);
        buffer.put(value);
        return pad();
    }

    /** An attribute whose value is text with an end mark. */
    NetlinkMessage attribute(int type, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return attribute(type, Arrays.copyOf(bytes, bytes.length + 1));
    }

    /** Begins an attribute that holds attributes. Returns what {@link #end} wants. */
    int begin(int type) {
        int start = buffer.position();
        header(type | NLA_F_NESTED, 0);
        return start;
    }

    /** Ends the attribute that {@link #begin} began. */
    NetlinkMessage end(int start) {
        buffer.putShort(start, (short) (buffer.position() - start));
        return this;
    }

    /** The bytes to send. */
    byte[] bytes(int sequence) {
        buffer.putInt(0, buffer.position()).putInt(SEQUENCE, sequence);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private NetlinkMessage header(int type, int valueBytes) {
        buffer.putShort((short) (ATTRIBUTE_HEADER_BYTES + valueBytes)).putShort((short) type);
        return this;
    }

    private NetlinkMessage pad() {
        while (buffer.position() % 4 != 0) {
            buffer.put((byte) 0);
        }
        return this;
    }
}
