// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.service;

import com.google.protobuf.ByteString;
import io.makas.agent.config.Suggestion;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Fields and their values: names and bytes in network order on one side, {@link Field} and numbers on the other. */
final class FieldMapper {

    private static final Map<String, Field> BY_NAME = byName();

    private FieldMapper() {}

    /** The field of a name or an alias. */
    static Field field(String name) throws EditException {
        Field field = BY_NAME.get(name);
        if (field == null) {
            throw new EditException(
                    "bad_field", "unknown field '" + name + "'" + Suggestion.of(name, BY_NAME.keySet()));
        }
        return field;
    }

    /** A value and its mask; an empty mask stands for all bits. */
    static MaskedValue value(Field field, ByteString value, ByteString mask) throws EditException {
        checkLength(field, "value", value);
        if (mask.isEmpty()) {
            return field.widthBits() > 64
                    ? MaskedValue.exact(high(value), low(value))
                    : MaskedValue.exact(field, low(value));
        }
        checkLength(field, "mask", mask);
        return new MaskedValue(high(value), low(value), high(mask), low(mask));
    }

    /** The value's bytes. */
    static ByteString valueBytes(Field field, MaskedValue value) {
        return bytes(field, value.high(), value.low());
    }

    /** The mask's bytes; none for all bits. */
    static ByteString maskBytes(Field field, MaskedValue value) {
        return value.isExact(field) ? ByteString.EMPTY : bytes(field, value.maskHigh(), value.maskLow());
    }

    private static void checkLength(Field field, String what, ByteString bytes) throws EditException {
        int length = lengthBytes(field);
        if (bytes.size() != length) {
            throw new EditException(
                    "bad_length",
                    field.text() + ": a " + what + " of " + bytes.size() + " bytes, but the field has "
                            + field.widthBits() + " bits; send " + length + " bytes");
        }
    }

    private static int lengthBytes(Field field) {
        return (field.widthBits() + 7) / 8;
    }

    private static long high(ByteString bytes) {
        return bytes.size() <= 8 ? 0 : number(bytes, 0, bytes.size() - 8);
    }

    private static long low(ByteString bytes) {
        return number(bytes, Math.max(0, bytes.size() - 8), bytes.size());
    }

    private static long number(ByteString bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = number << 8 | bytes.byteAt(i) & 0xff;
        }
        return number;
    }

    private static ByteString bytes(Field field, long high, long low) {
        ByteBuffer both = ByteBuffer.allocate(16).putLong(high).putLong(low).flip();
        both.position(16 - lengthBytes(field));
        return ByteString.copyFrom(both);
    }

    private static Map<String, Field> byName() {
        Map<String, Field> map = new LinkedHashMap<>();
        for (Field field : Field.values()) {
            map.put(field.text(), field);
            for (String alias : field.aliases()) {
                map.put(alias, field);
            }
        }
        return map;
    }
}
