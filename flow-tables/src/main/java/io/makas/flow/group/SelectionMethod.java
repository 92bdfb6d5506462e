// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.ArrayList;
import java.util.List;

/**
 * How a group of type select chooses a bucket (an Open vSwitch extension, NTR selection method): by a hash over fields of the
 * packet. Immutable, for any thread.
 *
 * @param method the name; all of them hash alike here
 * @param parameter what the hash starts from; another one spreads packets differently
 * @param fields what is hashed of a packet that has them; empty for addresses, VLAN id, Ethernet type, IP protocol and ports,
 *     either way alike
 */
public record SelectionMethod(Method method, long parameter, List<HashedField> fields) {

    /** The method by which packets are spread when nothing is said. */
    public static final SelectionMethod DEFAULT = new SelectionMethod(Method.UNSPECIFIED, 0, List.of());

    /** Makes the list immutable and puts it into the order of {@link Field}. */
    public SelectionMethod {
        List<HashedField> sorted = new ArrayList<>(fields);
        sorted.sort((left, right) -> left.field.compareTo(right.field));
        fields = List.copyOf(sorted);
    }

    /** The name of a method. */
    public enum Method {
        /** None was given. */
        UNSPECIFIED(""),
        /** {@code hash}. */
        HASH("hash"),
        /** {@code dp_hash}, which in Open vSwitch lets the data path choose the hash. */
        DP_HASH("dp_hash");

        private final String text;

        Method(String text) {
            this.text = text;
        }

        /** The name in {@code ovs-ofctl} syntax. */
        public String text() {
            return text;
        }
    }

    /**
     * A field that is hashed.
     *
     * @param mask the bits of it that are; as a value that is all of its mask
     */
    public record HashedField(Field field, MaskedValue mask) {}
}
