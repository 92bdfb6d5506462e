// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.sys;

import io.makas.flow.packet.MacAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The attributes of one netlink answer, by type. Attributes that the kernel did not send read as an absent value, since
 * kernels differ in what they send.
 *
 * <p>Thread: the one that reads it.
 */
final class NetlinkAttributes {

    /** {@code NLA_TYPE_MASK} of {@code linux/netlink.h}. */
    private static final int NLA_TYPE_MASK = 0x3fff;

    private static final int HEADER_BYTES = 4;

    private final Map<Integer, ByteBuffer> values = new HashMap<>();

    /** Reads attributes up to the buffer's limit. A malformed end is ignored. */
    NetlinkAttributes(ByteBuffer from) {
        ByteBuffer in = from.duplicate().order(from.order());
        while (in.remaining() >= HEADER_BYTES) {
            int start = in.position();
            int length = in.getShort() & 0xffff;
            int type = in.getShort() & NLA_TYPE_MASK;
            if (length < HEADER_BYTES || length > in.limit() - start) {
                return;
            }
            values.put(
                    type, in.slice(start + HEADER_BYTES, length - HEADER_BYTES).order(in.order()));
            in.position(Math.min(in.limit(), start + (length + 3 & ~3)));
        }
    }

    boolean has(int type) {
        return values.containsKey(type);
    }

    int u8(int type, int absent) {
        ByteBuffer value = values.get(type);
        return value == null || value.remaining() < 1 ? absent : value.get(0) & 0xff;
    }

    int u32(int type, int absent) {
        ByteBuffer value = values.get(type);
        return value == null || value.remaining() < Integer.BYTES ? absent : value.getInt(0);
    }

    String text(int type, String absent) {
        byte[] value = bytes(type);
        if (value == null) {
            return absent;
        }
        int end = value.length > 0 && value[value.length - 1] == 0 ? value.length - 1 : value.length;
        return new String(value, 0, end, StandardCharsets.UTF_8);
    }

    /** The value, or null. */
    byte[] bytes(int type) {
        ByteBuffer value = values.get(type);
        if (value == null) {
            return null;
        }
        byte[] bytes = new byte[value.remaining()];
        value.get(0, bytes);
        return bytes;
    }

    /** An IPv4 or IPv6 address, or null. */
    InetAddress address(int type) {
        byte[] bytes = bytes(type);
        return bytes == null ? null : inetAddress(bytes);
    }

    /** The address of 4 or 16 bytes, or null for another length. */
    static InetAddress inetAddress(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** An Ethernet address, or null. */
    MacAddress mac(int type) {
        byte[] bytes = bytes(type);
        return bytes == null || bytes.length != MacAddress.BYTES ? null : MacAddress.of(bytes);
    }

    /** The attributes inside an attribute; none if it is absent. */
    NetlinkAttributes nested(int type) {
        ByteBuffer value = values.get(type);
        return new NetlinkAttributes(value == null ? ByteBuffer.allocate(0) : value);
    }
}
