// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * Which values the entries of a subtable have in the stages so far: a counted set of their hashes. "No" is certain; "yes" may
 * be wrong when two hashes are equal, which costs a look at the next stage and nothing else.
 *
 * <p>Threads: one control thread writes, any number read. Hashes of entries that a reader may see were written before the
 * version by which it sees them; what is written at the same time does not concern it.
 */
final class StageFilter {

    private static final int FIRST_CAPACITY = 8;

    /** An open-addressed table: a hash of 0 marks a place that was never used. Read by any thread. */
    private static final class Cells {
        final int[] hashes;
        final int[] counts;

        Cells(int capacity) {
            hashes = new int[capacity];
            counts = new int[capacity];
        }

        /** The place of a hash, or of the free place where it belongs. */
        int find(int hash) {
            int mask = hashes.length - 1;
            int at = hash & mask;
            while (hashes[at] != hash && hashes[at] != 0) {
                at = at + 1 & mask;
            }
            return at;
        }
    }

    private volatile Cells cells = new Cells(FIRST_CAPACITY);

    /** Places used, those with a count of 0 included. For the control thread. */
    private int used;

    /** Whether some entry may have this hash, never 0. */
    boolean mayContain(int hash) {
        Cells current = cells;
        int at = current.find(hash);
        return current.hashes[at] == hash && current.counts[at] != 0;
    }

    void add(int hash) {
        if (used >= cells.hashes.length / 2) {
            rebuild();
        }
        Cells current = cells;
        int at = current.find(hash);
        used += current.hashes[at] == 0 ? 1 : 0;
        current.counts[at]++;
        current.hashes[at] = hash;
    }

    void remove(int hash) {
        Cells current = cells;
        int at = current.find(hash);
        assert current.counts[at] > 0;
        current.counts[at]--;
    }

    private void rebuild() {
        Cells old = cells;
        int live = 0;
        for (int count : old.counts) {
            live += count != 0 ? 1 : 0;
        }
        Cells fresh = new Cells(Math.max(FIRST_CAPACITY, Integer.highestOneBit(live * 4 + 1)));
        for (int i = 0; i < old.hashes.length; i++) {
            if (old.counts[i] != 0) {
                int at = fresh.find(old.hashes[i]);
                fresh.hashes[at] = old.hashes[i];
                fresh.counts[at] = old.counts[i];
            }
        }
        used = live;
        cells = fresh;
    }
}
