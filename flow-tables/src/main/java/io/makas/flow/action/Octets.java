// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import java.util.Arrays;
import java.util.HexFormat;

/** Some bytes, as a value: equal if the bytes are. Immutable, for any thread. */
public final class Octets {

    /** No bytes. */
    public static final Octets NONE = new Octets(new byte[0]);

    private final byte[] bytes;

    private Octets(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of the bytes. */
    public static Octets of(byte[] bytes) {
        return bytes.length == 0 ? NONE : new Octets(bytes.clone());
    }

    /** How many there are. */
    public int sizeBytes() {
        return bytes.length;
    }

    /** A copy of the bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The bytes as {@code ovs-ofctl} writes them: {@code 00.11.22}. */
    public String text() {
        return HexFormat.ofDelimiter(".").formatHex(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Octets that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text();
    }
}
