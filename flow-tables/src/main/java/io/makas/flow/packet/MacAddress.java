// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.packet;

import java.util.HexFormat;

/**
 * An Ethernet address as a value, for the control side; on the data side it is the low 48 bits of a {@code long}.
 *
 * @param bits the 48 bits, first byte on the wire highest
 */
public record MacAddress(long bits) {

    /** Length on the wire. */
    public static final int BYTES = 6;

    /** All stations. */
    public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

    private static final long MULTICAST = 1L << 40;
    private static final HexFormat HEX = HexFormat.ofDelimiter(":");

    /** Checks that the value has 48 bits. */
    public MacAddress {
        if (bits >>> 48 != 0) {
            throw new IllegalArgumentException("0x" + Long.toHexString(bits) + " is longer than 48 bits");
        }
    }

    /**
     * Reads the usual form, e.g. {@code 02:00:0a:f4:00:07}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static MacAddress of(String text) {
        byte[] bytes;
        try {
            bytes = HEX.parseHex(text);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("'" + text + "' is no Ethernet address such as 02:00:0a:f4:00:07");
        }
        return of(bytes);
    }

    /** Takes the 6 bytes as they are on the wire. */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("an Ethernet address has 6 bytes, not " + bytes.length);
        }
        long bits = 0;
        for (byte b : bytes) {
            bits = bits << 8 | b & 0xff;
        }
        return new MacAddress(bits);
    }

    /** The 6 bytes as they are on the wire. */
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        for (int at = 0; at < BYTES; at++) {
            bytes[at] = (byte) (bits >>> 8 * (BYTES - 1 - at));
        }
        return bytes;
    }

    /** Whether it is a group address, which no interface can have. */
    public boolean isMulticast() {
        return (bits & MULTICAST) != 0;
    }

    @Override
    public String toString() {
        return HEX.formatHex(bytes());
    }
}
