// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A place of a {@link PrefixTrie} where prefixes part: they agree in their first {@code depth} bits, and the {@value #STRIDE}
 * behind these say in which child they are. Prefixes too short to have these bits are kept beside the children.
 *
 * <p>Threads: as in {@link PrefixTrie}.
 */
final class PrefixFork extends PrefixNode {

    /** How many bits choose a child. Depths are multiples of it. */
    static final int STRIDE = 2;

    private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(PrefixNode[].class);
    private static final int FANOUT = 1 << STRIDE;

    private final int depth;
    private final long high;
    private final long low;
    private final PrefixNode[] children;

    /** Prefixes of this fork's own first bits that are shorter than {@code depth + STRIDE}; null without any. */
    private volatile PrefixBucket shorts;

    private PrefixFork(int depth, long high, long low, PrefixNode[] children, PrefixBucket shorts) {
        this.depth = depth;
        this.high = high;
        this.low = low;
        this.children = children;
        this.shorts = shorts;
    }

    /** A fork of numbers that begin like the given one, to at least the depth. */
    PrefixFork(int depth, long high, long low) {
        this(depth, high, low, new PrefixNode[FANOUT], null);
    }

    @Override
    int find(long keyHigh, long keyLow, long[] sets, int offset, int words) {
        PrefixBucket beside = shorts;
        int needed = beside == null ? 0 : beside.find(keyHigh, keyLow, sets, offset, words);
        int common = commonBits(high, low, keyHigh, keyLow);
        if (common < depth) {
            return Math.max(needed, common + 1);
        }
        int which = childOf(keyHigh, keyLow);
        PrefixNode child = child(which);
        if (child != null) {
            needed = Math.max(needed, child.find(keyHigh, keyLow, sets, offset, words));
        }
        // Bits that tell the number from what is in a child count for what is in the other children, too.
        return needed >= depth + STRIDE ? needed : Math.max(needed, bitsFromOtherChildren(which));
    }

    int depth() {
        return depth;
    }

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    /** Which child a number that begins like this fork belongs to. */
    int childOf(long numberHigh, long numberLow) {
        if (depth + STRIDE <= 64) {
            return (int) (numberHigh >>> 64 - STRIDE - depth) & FANOUT - 1;
        }
        if (depth >= 64) {
            // The last child of a number's last bits may stand for bits behind them, which are 0.
            int shift = 128 - STRIDE - depth;
            return (int) (shift >= 0 ? numberLow >>> shift : numberLow << -shift) & FANOUT - 1;
        }
        return (int) (numberHigh << STRIDE - (64 - depth) | numberLow >>> 128 - STRIDE - depth) & FANOUT - 1;
    }

    PrefixNode child(int which) {
        return (PrefixNode) CHILD.getAcquire(children, which);
    }

    void child(int which, PrefixNode node) {
        CHILD.setRelease(children, which, node);
    }

    PrefixBucket shorts() {
        return shorts;
    }

    void shorts(PrefixBucket bucket) {
        shorts = bucket;
    }

    /** A fork with the same children and other short prefixes. */
    PrefixFork withShorts(PrefixBucket bucket) {
        return new PrefixFork(depth, high, low, children, bucket);
    }

    boolean isEmpty() {
        for (PrefixNode child : children) {
            if (child != null) {
                return false;
            }
        }
        return shorts == null;
    }

    private int bitsFromOtherChildren(int which) {
        int needed = 0;
        for (int other = 0; other < FANOUT; other++) {
            if (other != which && child(other) != null) {
                int common = Integer.numberOfLeadingZeros(which ^ other) - (Integer.SIZE - STRIDE);
                needed = Math.max(needed, depth + common + 1);
            }
        }
        return needed;
    }
}
