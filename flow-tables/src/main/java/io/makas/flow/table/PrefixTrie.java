// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * The prefixes of one field that the flows of a table ask for, and the subtables that ask for them. One walk tells, for the
 * value that a packet has there, which subtables can have a flow for it, and how many of its first bits that depends on.
 *
 * <p>It is a radix tree whose leaves are rows of prefixes ({@link PrefixBucket}) and which divides a row that has become long by
 * the next bits in which it differs ({@link PrefixFork}): a few dozen bytes a prefix, and for a million addresses about six
 * steps.
 *
 * <p>Property: of all prefixes that a number does not have, none is one of another number either that agrees with it in as many
 * first bits as {@link #find} answered.
 *
 * <p>Threads: one control thread edits, any number look up meanwhile without a lock. A prefix that is there during the whole of a
 * look-up is found by it: nodes are changed only by adding what lies behind everything there, or replaced, by one write, by nodes
 * that have all that the old ones have but for the one prefix that is taken out.
 */
final class PrefixTrie {

    private final boolean isWide;

    /** Null without prefixes. Written by the control thread. */
    private volatile PrefixNode root;

    /** How many flows the subtable had with the prefix that was edited last, before. For the control thread. */
    private int flowsBefore;

    /**
     * Makes an empty trie.
     *
     * @param isWide whether the numbers have more than 64 bits
     */
    PrefixTrie(boolean isWide) {
        this.isWide = isWide;
    }

    /**
     * Adds the subtables that have a prefix of the given number to a set.
     *
     * @param high the number's first 64 bits; a shorter number's bits come first, then zeros
     * @param low the rest
     * @param sets receives the subtables, from {@code offset} on, {@code words} words at most
     * @return how many of the number's first bits tell it from all prefixes that it does not have; 0 if it has them all
     */
    int find(long high, long low, long[] sets, int offset, int words) {
        PrefixNode node = root;
        return node == null ? 0 : node.find(high, low, sets, offset, words);
    }

    /**
     * Counts a flow with a prefix, whose bits behind its length are 0.
     *
     * @return whether it is the subtable's first flow with this prefix
     */
    boolean add(long high, long low, int length, int subtable) {
        PrefixNode before = root;
        PrefixNode after = plus(before, high, low, length, subtable);
        if (after != before) {
            root = after;
        }
        return flowsBefore == 0;
    }

    /**
     * Counts a flow with a prefix that is there no more.
     *
     * @return whether it was the subtable's last flow with this prefix
     */
    boolean remove(long high, long low, int length, int subtable) {
        PrefixNode before = root;
        PrefixNode after = minus(before, high, low, length, subtable);
        if (after != before) {
            root = after;
        }
        return flowsBefore == 1;
    }

    private PrefixNode plus(PrefixNode node, long high, long low, int length, int subtable) {
        return switch (node) {
            case null -> plus(PrefixBucket.empty(isWide), high, low, length, subtable);
            case PrefixBucket bucket -> {
                PrefixBucket grown = plus(bucket, high, low, length, subtable);
                yield grown.size() > PrefixBucket.MANY ? divided(grown) : grown;
            }
            case PrefixFork fork -> plus(fork, high, low, length, subtable);
        };
    }

    private PrefixBucket plus(PrefixBucket bucket, long high, long low, int length, int subtable) {
        int at = bucket.indexOf(high, low, length);
        flowsBefore = at < 0 ? 0 : bucket.flows(at, subtable);
        return bucket.plus(at, high, low, length, subtable);
    }

    private PrefixFork plus(PrefixFork fork, long high, long low, int length, int subtable) {
        int common = Math.min(length, PrefixNode.commonBits(high, low, fork.high(), fork.low()));
        if (common < Math.min(length, fork.depth())) {
            return plus(parentOf(fork, common), high, low, length, subtable);
        }
        if (length < fork.depth() + PrefixFork.STRIDE) {
            PrefixBucket shorts = fork.shorts() == null ? PrefixBucket.empty(isWide) : fork.shorts();
            fork.shorts(plus(shorts, high, low, length, subtable));
        } else {
            int which = fork.childOf(high, low);
            fork.child(which, plus(fork.child(which), high, low, length, subtable));
        }
        return fork;
    }

    /** A fork above another one, for numbers that have only so many bits in common with it. */
    private PrefixFork parentOf(PrefixFork fork, int common) {
        int depth = common / PrefixFork.STRIDE * PrefixFork.STRIDE;
        PrefixFork parent = new PrefixFork(depth, fork.high(), fork.low());
        PrefixBucket above = null;
        PrefixBucket beside = null;
        PrefixBucket shorts = fork.shorts();
        for (int i = 0; shorts != null && i < shorts.size(); i++) {
            if (shorts.length(i) < depth + PrefixFork.STRIDE) {
                above = (above == null ? PrefixBucket.empty(isWide) : above).plus(shorts, i);
            } else {
                beside = (beside == null ? PrefixBucket.empty(isWide) : beside).plus(shorts, i);
            }
        }
        parent.shorts(above);
        parent.child(parent.childOf(fork.high(), fork.low()), fork.withShorts(beside));
        return parent;
    }

    /** A fork with the prefixes of a bucket, where the first of them part. */
    private PrefixFork divided(PrefixBucket bucket) {
        int longest = 0;
        for (int i = 1; i < bucket.size(); i++) {
            longest = bucket.length(i) > bucket.length(longest) ? i : longest;
        }
        long high = bucket.high(longest);
        long low = bucket.low(longest);
        int common = bucket.length(longest);
        for (int i = 0; i < bucket.size(); i++) {
            common = Math.min(common, Math.min(bucket.length(i), bucket.commonBits(i, high, low)));
        }
        PrefixFork fork = new PrefixFork(common / PrefixFork.STRIDE * PrefixFork.STRIDE, high, low);
        PrefixBucket shorts = null;
        for (int i = 0; i < bucket.size(); i++) {
            if (bucket.length(i) < fork.depth() + PrefixFork.STRIDE) {
                shorts = (shorts == null ? PrefixBucket.empty(isWide) : shorts).plus(bucket, i);
            } else {
                int which = fork.childOf(bucket.high(i), bucket.low(i));
                PrefixBucket child = (PrefixBucket) fork.child(which);
                fork.child(which, (child == null ? PrefixBucket.empty(isWide) : child).plus(bucket, i));
            }
        }
        fork.shorts(shorts);
        return fork;
    }

    private PrefixNode minus(PrefixNode node, long high, long low, int length, int subtable) {
        return switch (node) {
            case PrefixBucket bucket -> {
                int at = bucket.indexOf(high, low, length);
                flowsBefore = bucket.flows(at, subtable);
                PrefixBucket rest = bucket.minus(at, subtable);
                yield rest.size() == 0 ? null : rest;
            }
            case PrefixFork fork -> {
                if (length < fork.depth() + PrefixFork.STRIDE) {
                    fork.shorts((PrefixBucket) minus(fork.shorts(), high, low, length, subtable));
                } else {
                    int which = fork.childOf(high, low);
                    fork.child(which, minus(fork.child(which), high, low, length, subtable));
                }
                yield fork.isEmpty() ? null : fork;
            }
        };
    }
}
