// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import java.nio.ByteBuffer;

/** The frame that says where a hardware address is now: a reverse ARP request (RFC 903), sent to all. */
final class RarpFrame {

    private static final int FRAME_BYTES = 60;
    private static final short ETHER_TYPE = (short) 0x8035;
    private static final short ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final short REVERSE_REQUEST = 3;
    private static final byte MAC_BYTES = 6;
    private static final byte IPV4_BYTES = 4;

    private RarpFrame() {}

    /** The frame for an address of six bytes. */
    static byte[] of(byte[] mac) {
        ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
        for (int i = 0; i < MAC_BYTES; i++) {
            frame.put((byte) 0xff);
        }
        frame.put(mac).putShort(ETHER_TYPE);
        frame.putShort(ETHERNET).putShort(IPV4).put(MAC_BYTES).put(IPV4_BYTES).putShort(REVERSE_REQUEST);
        frame.put(mac).putInt(0).put(mac).putInt(0);
        return frame.array();
    }
}
