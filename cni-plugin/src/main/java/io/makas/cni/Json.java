// SPDX-License-Identifier: Apache-2.0
package io.makas.cni;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reading JSON that somebody else wrote: strictly by RFC 8259, every wrong type refused with the key and the value.
 *
 * <p>{@code null} counts as missing, because runtimes written in Go print empty lists and objects as {@code null}.
 */
public final class Json {

    private static final Gson PRINTER = new GsonBuilder().disableHtmlEscaping().create();
    private static final int QUOTED_CHARACTERS = 80;

    private Json() {}

    /**
     * Reads one JSON object that is the whole content.
     *
     * @param what the content in words, for the error
     */
    public static JsonObject parseObject(byte[] content, String what) throws CniError {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CniError(CniError.DECODING_FAILURE, what + " is not UTF-8 (" + e.getMessage() + ")");
        }
        if (text.isBlank()) {
            throw new CniError(CniError.DECODING_FAILURE, what + " is empty; a JSON object was expected");
        }
        JsonReader reader = new JsonReader(new StringReader(text));
        reader.setStrictness(Strictness.STRICT);
        try {
            JsonElement element = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new CniError(CniError.DECODING_FAILURE, what + " goes on after its JSON object");
            }
            if (element instanceof JsonObject object) {
                return object;
            }
            throw new CniError(CniError.DECODING_FAILURE, what + " is not a JSON object but " + quote(element));
        } catch (JsonParseException | IOException | NumberFormatException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new CniError(CniError.DECODING_FAILURE, what + " is not JSON: " + reason.getMessage(), e);
        }
    }

    /** Prints JSON on one line. */
    public static String print(JsonElement json) {
        return PRINTER.toJson(json);
    }

    /** The text of a key, or the empty string. */
    static String text(JsonObject in, String key) throws CniError {
        JsonElement value = present(in, key);
        if (value == null) {
            return "";
        }
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isString()) {
            return value.getAsString();
        }
        throw wrongType(key, value, "a string");
    }

    /** The whole number of a key within a range, or the given default. */
    static int number(JsonObject in, String key, int least, int most, int byDefault) throws CniError {
        JsonElement value = present(in, key);
        if (value == null) {
            return byDefault;
        }
        String expected = "a whole number from " + least + " to " + most;
        if (!value.isJsonPrimitive() || !value.getAsJsonPrimitive().isNumber()) {
            throw wrongType(key, value, expected);
        }
        String digits = value.getAsString();
        if (!digits.matches("-?[0-9]{1,18}") || Long.parseLong(digits) < least || Long.parseLong(digits) > most) {
            throw new CniError(CniError.INVALID_CONFIG, "\"" + key + "\": " + quote(value) + " is not " + expected);
        }
        return Integer.parseInt(digits);
    }

    /** Whether a key is true; missing is false. */
    static boolean flag(JsonObject in, String key) throws CniError {
        JsonElement value = present(in, key);
        if (value == null) {
            return false;
        }
        if (value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean()) {
            return value.getAsBoolean();
        }
        throw wrongType(key, value, "true or false");
    }

    /** The object of a key, or an empty one. */
    static JsonObject object(JsonObject in, String key) throws CniError {
        JsonElement value = present(in, key);
        if (value == null) {
            return new JsonObject();
        }
        if (value instanceof JsonObject object) {
            return object;
        }
        throw wrongType(key, value, "an object");
    }

    /** The objects in the list of a key, or none. */
    static List<JsonObject> objects(JsonObject in, String key) throws CniError {
        List<JsonObject> objects = new ArrayList<>();
        for (JsonElement element : array(in, key)) {
            if (!(element instanceof JsonObject object)) {
                throw wrongType(key, element, "an object in the list");
            }
            objects.add(object);
        }
        return objects;
    }

    /** The texts in the list of a key, or none. */
    static List<String> texts(JsonObject in, String key) throws CniError {
        List<String> texts = new ArrayList<>();
        for (JsonElement element : array(in, key)) {
            if (!element.isJsonPrimitive() || !element.getAsJsonPrimitive().isString()) {
                throw wrongType(key, element, "a string in the list");
            }
            texts.add(element.getAsString());
        }
        return texts;
    }

    /** The text of a key if it is one, else the default; never fails. */
    static String optionalText(JsonObject in, String key, String byDefault) {
        return in.get(key) != null && in.get(key).isJsonPrimitive()
                ? in.get(key).getAsString()
                : byDefault;
    }

    /** The number of a key if it is one, else the default; never fails. */
    static int optionalInt(JsonObject in, String key, int byDefault) {
        String text = optionalText(in, key, "");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : byDefault;
    }

    /** A value as an error message shows it: on one line, not too long. */
    static String quote(JsonElement value) {
        String text = print(value);
        return text.length() <= QUOTED_CHARACTERS ? text : text.substring(0, QUOTED_CHARACTERS) + "…";
    }

    private static JsonArray array(JsonObject in, String key) throws CniError {
        JsonElement value = present(in, key);
        if (value == null) {
            return new JsonArray();
        }
        if (value instanceof JsonArray array) {
            return array;
        }
        throw wrongType(key, value, "a list");
    }

    private static JsonElement present(JsonObject in, String key) {
        JsonElement value = in.get(key);
        return value == null || value.isJsonNull() ? null : value;
    }

    private static CniError wrongType(String key, JsonElement value, String expected) {
        return new CniError(CniError.DECODING_FAILURE, "\"" + key + "\": " + quote(value) + " is not " + expected);
    }
}
