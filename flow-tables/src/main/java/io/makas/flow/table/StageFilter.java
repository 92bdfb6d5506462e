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

    /**
     * An open-addressed table of pairs, a hash and how many entries have it; a hash of 0 marks a place that was never used.
     * Replaced, when it is full, by the control thread.
     */
    private volatile int[] cells = new int[FIRST_CAPACITY * 2];

    /** Places used, those with a count of 0 included. For the control thread. */
    private int used;

    /** Whether some entry may have this hash, never 0. */
    boolean mayContain(int hash) {
        int[] current = cells;
        int at = find(current, hash);
        return current[at] == hash && current[at + 1] != 0;
    }

    void add(int hash) {
        if (used * 4 >= cells.length) {
            rebuild();
        }
        int[] current = cells;
        int at = find(current, hash);
        used += current[at] == 0 ? 1 : 0;
        current[at + 1]++;
        current[at] = hash;
    }

    void remove(int hash) {
        int[] current = cells;
        int at = find(current, hash);
        assert current[at] == hash && current[at + 1] > 0;
        current[at + 1]--;
    }

    /** The place of a hash, or the free one where it belongs. */
    private static int find(int[] cells, int hash) {
        int last = cells.length - 1;
        int at = hash * 2 & last;
        while (cells[at] != hash && cells[at] != 0) {
            at = at + 2 & last;
        }
        return at;
    }

    private void rebuild() {
        int[] old = cells;
        int live = 0;
        for (int at = 0; at < old.length; at += 2) {
            live += old[at + 1] != 0 ? 1 : 0;
        }
        int[] fresh = new int[2 * Math.max(FIRST_CAPACITY, Integer.highestOneBit(live * 4 + 1))];
        for (int at = 0; at < old.length; at += 2) {
            if (old[at + 1] != 0) {
                int place = find(fresh, old[at]);
                fresh[place] = old[at];
                fresh[place + 1] = old[at + 1];
            }
        }
        used = live;
        cells = fresh;
    }
}
