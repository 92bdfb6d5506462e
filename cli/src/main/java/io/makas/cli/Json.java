// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Writes maps, lists, texts, numbers and truth values as JSON (RFC 8259), indented for people. */
final class Json {

    private final StringBuilder out = new StringBuilder();

    private Json() {}

    /** The text of a value. */
    static String text(Object value) {
        var json = new Json();
        json.append(value, "");
        return json.out.toString();
    }

    private void append(Object value, String indent) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> appendMap(map, indent);
            case List<?> list -> appendList(list, indent);
            case Number number -> out.append(number);
            case Boolean truth -> out.append(truth);
            default -> appendQuoted(value.toString());
        }
    }

    private void appendMap(Map<?, ?> map, String indent) {
        out.append('{');
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<?, ?> entry = i.next();
            appendQuoted(entry.getKey().toString());
            out.append(": ");
            append(entry.getValue(), indent);
            out.append(i.hasNext() ? ", " : "");
        }
        out.append('}');
    }

    /** One item a line: a list is what is long. */
    private void appendList(List<?> list, String indent) {
        out.append('[');
        String inner = indent + "  ";
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "\n" : ",\n").append(inner);
            append(list.get(i), inner);
        }
        out.append(list.isEmpty() ? "]" : "\n" + indent + "]");
    }

    private void appendQuoted(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
