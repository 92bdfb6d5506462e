// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.Arrays;
import java.util.function.Consumer;

/**
 * An immutable map from numbers to values that is cheap to change: a new map shares all but a few small arrays with the one that
 * it is made from. A tree whose nodes have a child for each value of five bits of the mixed number, and no places for children
 * that are not there (a hash array mapped trie).
 *
 * <p>For any thread.
 */
public final class IdMap<T> {

    private static final int BITS = 5;
    private static final IdMap<?> EMPTY = new IdMap<>(new Node(0, new Object[0]), 0);

    private final Node root;
    private final int size;

    /** Children where {@code bitmap} has a bit, in its order: nodes or leaves. */
    private record Node(int bitmap, Object[] children) {}

    private record Leaf(int id, Object value) {}

    private IdMap(Node root, int size) {
        this.root = root;
        this.size = size;
    }

    /** The map without anything. */
    @SuppressWarnings("unchecked")
    public static <T> IdMap<T> empty() {
        return (IdMap<T>) EMPTY;
    }

    /** How many values there are. */
    public int size() {
        return size;
    }

    /** The value of a number, or null. */
    @SuppressWarnings("unchecked")
    public T get(int id) {
        Node node = root;
        for (int rest = mix(id); ; rest >>>= BITS) {
            int bit = 1 << rest;
            if ((node.bitmap & bit) == 0) {
                return null;
            }
            Object child = node.children[place(node, bit)];
            if (child instanceof Leaf leaf) {
                return leaf.id == id ? (T) leaf.value : null;
            }
            node = (Node) child;
        }
    }

    /** The same with a value, in place of the one that the number may have. */
    public IdMap<T> with(int id, T value) {
        return new IdMap<>(with(root, mix(id), 0, new Leaf(id, value)), size + (get(id) == null ? 1 : 0));
    }

    /** The same without a value for the number. */
    public IdMap<T> without(int id) {
        return get(id) == null ? this : new IdMap<>(without(root, mix(id)), size - 1);
    }

    /** Calls with each value, in no particular order. */
    public void forEach(Consumer<T> visitor) {
        forEach(root, visitor);
    }

    private static Node with(Node node, int rest, int depth, Leaf leaf) {
        int bit = 1 << rest;
        int at = place(node, bit);
        Object[] children;
        if ((node.bitmap & bit) == 0) {
            children = new Object[node.children.length + 1];
            System.arraycopy(node.children, 0, children, 0, at);
            System.arraycopy(node.children, at, children, at + 1, node.children.length - at);
            children[at] = leaf;
        } else {
            children = node.children.clone();
            children[at] = switch (children[at]) {
                case Leaf old when old.id == leaf.id -> leaf;
                case Leaf old -> {
                    int below = depth + BITS;
                    Node alone = with(new Node(0, new Object[0]), mix(old.id) >>> below, below, old);
                    yield with(alone, rest >>> BITS, below, leaf);
                }
                case Object child -> with((Node) child, rest >>> BITS, depth + BITS, leaf);
            };
        }
        return new Node(node.bitmap | bit, children);
    }

    private static Node without(Node node, int rest) {
        int bit = 1 << rest;
        int at = place(node, bit);
        if (node.children[at] instanceof Node below) {
            Node smaller = without(below, rest >>> BITS);
            if (smaller.children.length > 0) {
                Object[] children = node.children.clone();
                children[at] = smaller;
                return new Node(node.bitmap, children);
            }
        }
        Object[] children = Arrays.copyOf(node.children, node.children.length - 1);
        System.arraycopy(node.children, at + 1, children, at, children.length - at);
        return new Node(node.bitmap & ~bit, children);
    }

    @SuppressWarnings("unchecked")
    private static <T> void forEach(Node node, Consumer<T> visitor) {
        for (Object child : node.children) {
            if (child instanceof Leaf leaf) {
                visitor.accept((T) leaf.value);
            } else {
                forEach((Node) child, visitor);
            }
        }
    }

    private static int place(Node node, int bit) {
        return Integer.bitCount(node.bitmap & bit - 1);
    }

    /** Different for different numbers, so that two of them part at the last five bits at the latest. */
    private static int mix(int id) {
        int mixed = id * 0x9e3779b9;
        return mixed ^ mixed >>> 15;
    }
}
