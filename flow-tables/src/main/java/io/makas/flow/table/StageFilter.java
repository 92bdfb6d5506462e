// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.HashMap;
import java.util.Map;

/**
 * Which values the entries of a subtable have in the stages so far: a counted set of their hashes. "No" is certain; "yes" may
 * be wrong when two hashes are equal, which costs a look at the next stage and nothing else. It grows piece by piece
 * ({@link HashDirectory}).
 *
 * <p>Threads: one control thread writes, any number read. Hashes of entries that a reader may see were written before the
 * version by which it sees them; what is written at the same time does not concern it.
 */
final class StageFilter {

    private static final int FIRST_CAPACITY = 8;

    /** Places of a segment at most, unless its hashes cannot be told apart. */
    private static final int LAST_CAPACITY = 256;

    /** A count that is kept in {@link #large}. */
    private static final byte LARGE = -1;

    /** Hashes (0: never used), and how many entries have each. */
    private static final class Segment {
        final int[] hashes;
        final byte[] counts;

        /** How many first bits of the hashes here are the same. */
        final int depth;

        /** Places used, those with a count of 0 included. For the control thread. */
        int used;

        Segment(int depth, int capacity) {
            this.depth = depth;
            hashes = new int[capacity];
            counts = new byte[capacity];
        }

        /** The place of a hash, or the free one where it belongs. */
        int find(int hash) {
            int last = hashes.length - 1;
            int at = hash & last;
            while (hashes[at] != hash && hashes[at] != 0) {
                at = at + 1 & last;
            }
            return at;
        }

        void put(int hash, byte count) {
            int at = find(hash);
            used += hashes[at] == 0 ? 1 : 0;
            counts[at] = count;
            hashes[at] = hash;
        }
    }

    private final HashDirectory<Segment> segments = new HashDirectory<>(new Segment(0, FIRST_CAPACITY));

    /** Counts that do not fit into a byte, by hash: there are few hashes that so many entries have. For the control thread. */
    private final Map<Integer, Integer> large = new HashMap<>();

    /** Whether some entry may have this hash, never 0. */
    boolean mayContain(int hash) {
        Segment segment = segments.of(hash);
        int at = segment.find(hash);
        return segment.hashes[at] == hash && segment.counts[at] != 0;
    }

    void add(int hash) {
        Segment segment = segments.of(hash);
        int at = segment.find(hash);
        while (segment.hashes[at] == 0 && segment.used * 3 >= segment.hashes.length * 2) {
            makeRoom(hash, segment);
            segment = segments.of(hash);
            at = segment.find(hash);
        }
        if (segment.counts[at] == LARGE) {
            large.merge(hash, 1, Integer::sum);
            return;
        }
        byte count = (byte) (segment.counts[at] + 1);
        if (count == LARGE) {
            large.put(hash, LARGE & 0xff);
        }
        segment.put(hash, count);
    }

    void remove(int hash) {
        Segment segment = segments.of(hash);
        int at = segment.find(hash);
        assert segment.hashes[at] == hash && segment.counts[at] != 0;
        if (segment.counts[at] != LARGE) {
            segment.counts[at]--;
        } else if (large.merge(hash, -1, Integer::sum) < (LARGE & 0xff)) {
            large.remove(hash);
            segment.counts[at]--;
        }
    }

    /** Replaces a segment by one without hashes that no entry has any more, or with more places, or by two. */
    private void makeRoom(int hash, Segment full) {
        int live = 0;
        for (byte count : full.counts) {
            live += count != 0 ? 1 : 0;
        }
        int capacity = Math.max(FIRST_CAPACITY, Integer.highestOneBit(live * 3 + 1));
        if (capacity <= LAST_CAPACITY || full.depth == HashDirectory.MAX_DEPTH) {
            Segment fresh = new Segment(full.depth, capacity);
            move(full, fresh, fresh);
            segments.replace(hash, full.depth, fresh);
        } else {
            Segment first = new Segment(full.depth + 1, LAST_CAPACITY);
            Segment second = new Segment(full.depth + 1, LAST_CAPACITY);
            move(full, first, second);
            segments.divide(hash, full.depth, first, second);
        }
    }

    private static void move(Segment from, Segment first, Segment second) {
        for (int i = 0; i < from.hashes.length; i++) {
            if (from.counts[i] != 0) {
                boolean isSecond = HashDirectory.isSecond(from.hashes[i], from.depth);
                (isSecond ? second : first).put(from.hashes[i], from.counts[i]);
            }
        }
    }
}
