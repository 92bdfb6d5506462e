// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.Arrays;

/**
 * A few prefixes in a row, each with the subtables that have it. To be read from the first to the last: that is quick because
 * they lie side by side, and small because they need no objects of their own.
 *
 * <p>Threads: one control thread edits, any number read meanwhile. A prefix is added behind the last one, then the size is
 * written; what is taken out is taken out of a copy.
 */
final class PrefixBucket extends PrefixNode {

    /** How many prefixes there may be before they are better divided by their bits. */
    static final int MANY = 24;

    private static final int ROOM = 4;

    private final long[] highs;

    /** Null where all numbers have 64 bits or fewer. */
    private final long[] lows;

    private final byte[] lengths;
    private final SubtableSet[] owners;

    /** Of the flows of a prefix that is in one subtable. For the control thread. */
    private final int[] counts;

    /** Written by the control thread, after what it counts. */
    private volatile int size;

    private PrefixBucket(long[] highs, long[] lows, byte[] lengths, SubtableSet[] owners, int[] counts, int size) {
        this.highs = highs;
        this.lows = lows;
        this.lengths = lengths;
        this.owners = owners;
        this.counts = counts;
        this.size = size;
    }

    /** A bucket without prefixes, of numbers of up to 64 bits or of up to 128. */
    static PrefixBucket empty(boolean isWide) {
        return new PrefixBucket(
                new long[ROOM],
                isWide ? new long[ROOM] : null,
                new byte[ROOM],
                new SubtableSet[ROOM],
                new int[ROOM],
                0);
    }

    @Override
    int find(long high, long low, long[] sets, int offset, int words) {
        int count = size;
        int needed = 0;
        for (int i = 0; i < count; i++) {
            int common = commonBits(i, high, low);
            if (common >= length(i)) {
                owners[i].addTo(sets, offset, words);
            } else {
                needed = Math.max(needed, common + 1);
            }
        }
        return needed;
    }

    int size() {
        return size;
    }

    long high(int index) {
        return highs[index];
    }

    long low(int index) {
        return lows == null ? 0 : lows[index];
    }

    /** How many bits a prefix has, 1 to 128. */
    int length(int index) {
        return lengths[index] & 0xff;
    }

    /** How many first bits a number has in common with a prefix, whose bits behind its length are 0. */
    int commonBits(int index, long high, long low) {
        int common = Long.numberOfLeadingZeros(highs[index] ^ high);
        return common < 64 || lows == null ? common : 64 + Long.numberOfLeadingZeros(lows[index] ^ low);
    }

    /** Counts a flow with a prefix; answers this bucket, or the one that takes its place. */
    PrefixBucket plus(long high, long low, int length, SubtableSet owner) {
        int at = indexOf(high, low, length);
        if (at < 0) {
            return append(high, low, length, owner, 1);
        }
        SubtableSet set = owners[at];
        int id = owner.onlyMember();
        if (set.isSingle() && set.contains(id)) {
            counts[at]++;
        } else if (set.contains(id)) {
            set.count(id, 1);
        } else {
            owners[at] = set.with(id, counts[at]);
        }
        return this;
    }

    /** Adds what lies at an index of another bucket. */
    PrefixBucket plus(PrefixBucket from, int index) {
        return append(from.high(index), from.low(index), from.length(index), from.owners[index], from.counts[index]);
    }

    /** Counts a flow with a prefix that is there no more; answers this bucket, or the one that takes its place. */
    PrefixBucket minus(long high, long low, int length, SubtableSet owner) {
        int at = indexOf(high, low, length);
        SubtableSet set = owners[at];
        if (set.isSingle()) {
            return --counts[at] > 0 ? this : without(at);
        }
        int id = owner.onlyMember();
        if (set.count(id, -1) == 0) {
            SubtableSet rest = set.without(id);
            counts[at] = rest.onlyCount();
            owners[at] = rest;
        }
        return this;
    }

    private PrefixBucket append(long high, long low, int length, SubtableSet owner, int count) {
        int at = size;
        PrefixBucket bucket = at < highs.length ? this : withRoom(at + ROOM);
        bucket.highs[at] = high;
        if (lows != null) {
            bucket.lows[at] = low;
        }
        bucket.lengths[at] = (byte) length;
        bucket.owners[at] = owner;
        bucket.counts[at] = count;
        bucket.size = at + 1;
        return bucket;
    }

    private PrefixBucket without(int index) {
        PrefixBucket rest = withRoom(highs.length);
        int last = size - 1;
        rest.highs[index] = highs[last];
        if (lows != null) {
            rest.lows[index] = lows[last];
        }
        rest.lengths[index] = lengths[last];
        rest.owners[index] = owners[last];
        rest.counts[index] = counts[last];
        rest.owners[last] = null;
        rest.size = last;
        return rest;
    }

    private PrefixBucket withRoom(int capacity) {
        return new PrefixBucket(
                Arrays.copyOf(highs, capacity),
                lows == null ? null : Arrays.copyOf(lows, capacity),
                Arrays.copyOf(lengths, capacity),
                Arrays.copyOf(owners, capacity),
                Arrays.copyOf(counts, capacity),
                size);
    }

    private int indexOf(long high, long low, int length) {
        for (int i = 0; i < size; i++) {
            if (highs[i] == high && length(i) == length && low(i) == low) {
                return i;
            }
        }
        return -1;
    }
}
