// SPDX-License-Identifier: Apache-2.0
package io.makas.agent.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of the configuration file, read key by key with the type that each must have. Keys that were never asked for are
 * unknown, and {@link #end} refuses them; so what is asked for is the one list of what there is.
 *
 * <p>Owned by {@link ConfigFile} while it reads.
 */
final class Section {

    private final String fileName;
    private final String path;
    private final int line;
    private final Map<String, Node> values = new LinkedHashMap<>();
    private final Map<String, Integer> keyLines = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();

    /** Starts to read a mapping whose key is {@code path}, "" at the top. */
    Section(String fileName, String path, Node node) {
        this.fileName = fileName;
        this.path = path;
        this.line = lineOf(node);
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                    throw wrong(lineOf(tuple.getKeyNode()), where("") + "a key must be a word");
                }
                values.put(key.getValue(), tuple.getValueNode());
                if (keyLines.put(key.getValue(), lineOf(key)) != null) {
                    throw wrong(lineOf(key), "the key '" + full(key.getValue()) + "' is there twice");
                }
            }
        } else if (!isNull(node)) {
            throw wrong(line, where("") + "expected keys and values, but found " + describe(node));
        }
    }

    /** Refuses the keys that nobody asked for. */
    void end() {
        for (String key : values.keySet()) {
            if (!asked.contains(key)) {
                throw wrong(keyLines.get(key), "unknown key '" + full(key) + "'" + Suggestion.of(key, asked));
            }
        }
    }

    /** A refusal of the value of a key, with its line. */
    ConfigException refuse(String key, String problem) {
        Node node = values.get(key);
        return wrong(node == null ? line : lineOf(node), where(key) + problem);
    }

    /** A text, or empty if the key is not there or has no value. */
    Optional<String> text(String key) {
        Node node = take(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw refuse(key, "expected a text, but found " + describe(node));
        }
        return Optional.of(scalar.getValue());
    }

    /** A text that is neither a number nor a truth value, unless quoted: {@code group: 7} is probably a slip. */
    Optional<String> word(String key) {
        Node node = take(key);
        if (node == null) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
            throw refuse(key, "expected a text, but found " + describe(node) + "; quote it if it is meant as text");
        }
        return Optional.of(scalar.getValue());
    }

    /** Whether a key has this very text. */
    boolean isWord(String key, String word) {
        return take(key) instanceof ScalarNode scalar && scalar.getValue().equals(word);
    }

    /** A whole number from {@code least} to {@code most}. */
    int integer(String key, int otherwise, int least, int most) {
        Node node = take(key);
        return node == null ? otherwise : integer(key, node, least, most);
    }

    /** {@code true} or {@code false}. */
    boolean truth(String key, boolean otherwise) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
            return Boolean.parseBoolean(scalar.getValue());
        }
        throw refuse(key, "expected true or false, but found " + describe(node));
    }

    /** A list of whole numbers. */
    List<Integer> integers(String key, List<Integer> otherwise, int least, int most) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        List<Integer> result = new ArrayList<>();
        for (Node item : items(key, node)) {
            result.add(integer(key, item, least, most));
        }
        return result;
    }

    /** A list of texts. */
    List<String> texts(String key, List<String> otherwise) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        List<String> result = new ArrayList<>();
        for (Node item : items(key, node)) {
            if (!(item instanceof ScalarNode scalar)) {
                throw refuse(key, "expected a list of texts, but found " + describe(item) + " in it");
            }
            result.add(scalar.getValue());
        }
        return result;
    }

    /** One of the constants of an enum, written in lower case with '-'. */
    <E extends Enum<E>> E oneOf(String key, E otherwise) {
        Node node = take(key);
        if (node == null) {
            return otherwise;
        }
        if (node instanceof ScalarNode scalar) {
            for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
                if (label(constant).equals(scalar.getValue())) {
                    return constant;
                }
            }
        }
        throw refuse(key, "expected " + labels(otherwise.getDeclaringClass()) + ", but found " + describe(node));
    }

    /** A mapping under a key; an empty one if the key is not there. */
    Section section(String key) {
        asked.add(key);
        Node node = values.get(key);
        return node == null
                ? new Section(
                        fileName,
                        full(key),
                        new ScalarNode(Tag.NULL, "", org.snakeyaml.engine.v2.common.ScalarStyle.PLAIN))
                : new Section(fileName, full(key), node);
    }

    /** A list of mappings under a key. */
    List<Section> sections(String key) {
        Node node = take(key);
        List<Section> result = new ArrayList<>();
        if (node != null) {
            for (Node item : items(key, node)) {
                result.add(new Section(fileName, full(key) + "[" + result.size() + "]", item));
            }
        }
        return result;
    }

    /** How a constant is written: {@code KEY_VALUE} is key-value. */
    static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constants of an enum as people write them: "off, auto or required". */
    static <E extends Enum<E>> String labels(Class<E> type) {
        E[] constants = type.getEnumConstants();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < constants.length; i++) {
            text.append(i == 0 ? "" : i == constants.length - 1 ? " or " : ", ").append(label(constants[i]));
        }
        return text.toString();
    }

    private Node take(String key) {
        asked.add(key);
        Node node = values.get(key);
        return node == null || isNull(node) ? null : node;
    }

    private int integer(String key, Node node, int least, int most) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
            try {
                int value = Integer.parseInt(scalar.getValue());
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException tooLong) {
                // Said below, with the range.
            }
            throw refuse(key, scalar.getValue() + " is not from " + least + " to " + most);
        }
        throw refuse(key, "expected a whole number from " + least + " to " + most + ", but found " + describe(node));
    }

    private List<Node> items(String key, Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw refuse(key, "expected a list like [a, b], but found " + describe(node));
    }

    private String full(String key) {
        return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
    }

    private String where(String key) {
        String full = full(key);
        return full.isEmpty() ? "" : "'" + full + "': ";
    }

    private ConfigException wrong(int atLine, String problem) {
        return new ConfigException(fileName + (atLine > 0 ? ":" + atLine : "") + ": " + problem);
    }

    private static boolean isNull(Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    private static int lineOf(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    private static String describe(Node node) {
        if (node instanceof ScalarNode scalar) {
            String type = scalar.getTag().equals(Tag.INT)
                    ? "number"
                    : scalar.getTag().equals(Tag.FLOAT)
                            ? "fraction"
                            : scalar.getTag().equals(Tag.BOOL) ? "truth value" : isNull(node) ? "empty value" : "text";
            return "the " + type + " '" + scalar.getValue() + "'";
        }
        return node instanceof SequenceNode ? "a list" : "keys and values";
    }
}
