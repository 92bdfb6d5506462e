// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * A few prefixes in a row, each with the subtables that have it. To be read from the first to the last: that is quick because
 * they lie side by side, and small because they need no objects of their own.
 *
 * <pre>
 *  value, its first 64 bits | the rest, where numbers are wide | flows:32 | subtable:23 | shared:1 | length:8
 * </pre>
 *
 * <p>A prefix that several subtables have is marked as shared, and its {@link SubtableSet} lies in a row beside.
 *
 * <p>Threads: one control thread edits, any number read meanwhile. A prefix is added behind the last one, then the size is
 * written; what is taken out is taken out of a copy. A prefix that becomes shared, or is no more, changes by one write of a
 * word; who has read it before finds the set or none, and takes none for all.
 */
final class PrefixBucket extends PrefixNode {

    /** How many prefixes there may be before they are better divided by their bits. */
    static final int MANY = 24;

    private static final int ROOM = 4;
    private static final int SHARED = 1 << 8;
    private static final int SUBTABLE_SHIFT = 9;
    private static final int SUBTABLE_BITS = 0x7fffff;
    private static final long ONE_FLOW = 1L << 32;

    /** Words of a prefix: 2, or 3 where numbers are wide. */
    private final int stride;

    private final long[] cells;

    /** The sets of shared prefixes; null without any. */
    private SubtableSet[] sets;

    /** Written by the control thread, after what it counts. */
    private volatile int size;

    private PrefixBucket(int stride, long[] cells, SubtableSet[] sets, int size) {
        this.stride = stride;
        this.cells = cells;
        this.sets = sets;
        this.size = size;
    }

    /** A bucket without prefixes, of numbers of up to 64 bits or of up to 128. */
    static PrefixBucket empty(boolean isWide) {
        int stride = isWide ? 3 : 2;
        return new PrefixBucket(stride, new long[ROOM * stride], null, 0);
    }

    @Override
    int find(long high, long low, long[] found, int offset, int words) {
        int count = size;
        int needed = 0;
        for (int i = 0; i < count; i++) {
            int common = commonBits(i, high, low);
            int about = (int) about(i);
            if (common >= (about & 0xff)) {
                addTo(found, offset, words, i, about);
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
        return cells[index * stride];
    }

    long low(int index) {
        return stride == 2 ? 0 : cells[index * stride + 1];
    }

    /** How many bits a prefix has, 1 to 128. */
    int length(int index) {
        return (int) about(index) & 0xff;
    }

    /** How many first bits a number has in common with a prefix, whose bits behind its length are 0. */
    int commonBits(int index, long high, long low) {
        int common = Long.numberOfLeadingZeros(cells[index * stride] ^ high);
        return common < 64 || stride == 2 ? common : 64 + Long.numberOfLeadingZeros(low(index) ^ low);
    }

    /** Where a prefix is; −1 if it is not here. */
    int indexOf(long high, long low, int length) {
        long[] own = cells;
        int count = size;
        for (int i = 0; i < count; i++) {
            if (own[i * stride] == high && length(i) == length && low(i) == low) {
                return i;
            }
        }
        return -1;
    }

    /** How many flows of a subtable have the prefix at an index. */
    int flows(int index, int subtable) {
        long about = about(index);
        if (isShared(about)) {
            return sets[index].countOf(subtable);
        }
        return subtableOf((int) about) == subtable ? (int) (about >>> 32) : 0;
    }

    /**
     * Counts a flow of a subtable with a prefix; answers this bucket, or the one that takes its place.
     *
     * @param at {@link #indexOf} the prefix
     */
    PrefixBucket plus(int at, long high, long low, int length, int subtable) {
        if (at < 0) {
            return append(high, low, ONE_FLOW | (long) subtable << SUBTABLE_SHIFT | length, null);
        }
        long about = about(at);
        if (isShared(about)) {
            SubtableSet set = sets[at];
            if (!set.contains(subtable)) {
                sets[at] = set.with(subtable, 1);
            } else {
                set.count(subtable, 1);
            }
        } else if (subtableOf((int) about) == subtable) {
            about(at, about + ONE_FLOW);
        } else {
            if (sets == null) {
                sets = new SubtableSet[cells.length / stride];
            }
            sets[at] = SubtableSet.of(subtableOf((int) about), (int) (about >>> 32))
                    .with(subtable, 1);
            // Who sees the mark must see the set, or take its absence for a set of all.
            VarHandle.releaseFence();
            about(at, SHARED | length);
        }
        return this;
    }

    /** Adds what lies at an index of another bucket. */
    PrefixBucket plus(PrefixBucket from, int index) {
        long about = from.about(index);
        return append(from.high(index), from.low(index), about, isShared(about) ? from.sets[index] : null);
    }

    /** Counts a flow with the prefix at an index that is there no more; answers this bucket, or the one in its place. */
    PrefixBucket minus(int at, int subtable) {
        long about = about(at);
        if (!isShared(about)) {
            about(at, about - ONE_FLOW);
            return about >>> 32 > 1 ? this : without(at);
        }
        if (sets[at].count(subtable, -1) == 0) {
            SubtableSet rest = sets[at].without(subtable);
            if (rest.isSingle()) {
                about(at, rest.onlyCount() * ONE_FLOW | (long) rest.onlyMember() << SUBTABLE_SHIFT | length(at));
            } else {
                sets[at] = rest;
            }
        }
        return this;
    }

    private void addTo(long[] found, int offset, int words, int index, int about) {
        if ((about & SHARED) == 0) {
            int subtable = subtableOf(about);
            if (subtable >> 6 < words) {
                found[offset + (subtable >> 6)] |= 1L << subtable;
            }
            return;
        }
        VarHandle.acquireFence();
        SubtableSet[] current = sets;
        SubtableSet set = current == null ? null : current[index];
        if (set == null) {
            Arrays.fill(found, offset, offset + words, -1L);
        } else {
            set.addTo(found, offset, words);
        }
    }

    private PrefixBucket append(long high, long low, long about, SubtableSet set) {
        int at = size;
        PrefixBucket bucket = at * stride < cells.length ? this : copy(cells.length + ROOM * stride);
        int cell = at * stride;
        bucket.cells[cell] = high;
        if (stride > 2) {
            bucket.cells[cell + 1] = low;
        }
        if (set != null) {
            if (bucket.sets == null) {
                bucket.sets = new SubtableSet[bucket.cells.length / stride];
            }
            bucket.sets[at] = set;
        }
        bucket.cells[cell + stride - 1] = about;
        bucket.size = at + 1;
        return bucket;
    }

    private PrefixBucket without(int index) {
        PrefixBucket rest = copy(cells.length);
        int last = size - 1;
        System.arraycopy(cells, last * stride, rest.cells, index * stride, stride);
        if (sets != null) {
            rest.sets[index] = sets[last];
            rest.sets[last] = null;
        }
        rest.size = last;
        return rest;
    }

    private PrefixBucket copy(int words) {
        SubtableSet[] ownSets = sets == null ? null : Arrays.copyOf(sets, words / stride);
        return new PrefixBucket(stride, Arrays.copyOf(cells, words), ownSets, size);
    }

    private long about(int index) {
        return cells[index * stride + stride - 1];
    }

    private void about(int index, long value) {
        cells[index * stride + stride - 1] = value;
    }

    private static boolean isShared(long about) {
        return (about & SHARED) != 0;
    }

    private static int subtableOf(int about) {
        return about >>> SUBTABLE_SHIFT & SUBTABLE_BITS;
    }
}
