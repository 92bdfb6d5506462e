// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * An open-addressed hash table of chains of entries; a chain holds the entries with one match, the highest priority first.
 *
 * <p>Threads: one control thread edits; any number of readers search meanwhile without a lock. It is right for them because
 * of what a reader at version V needs, the entries visible at V:
 *
 * <ul>
 *   <li>they were linked before V was published, so the reader, which has read V, sees them and the places before them;
 *   <li>a place, once used, is never unused again within one array ({@code tag} stays, {@code head} becomes null), so probing
 *       goes past what was removed;
 *   <li>a larger array is filled before it is published, and the old one stays right for those who still read it;
 *   <li>entries go only when no reader needs them, or a reader that does finds out and starts again
 *       ({@link FlowTables#isIntact}).
 * </ul>
 */
final class EntrySlots {

    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(FlowEntry[].class);
    private static final int FIRST_CAPACITY = 8;

    /** Hashes (0: never used) and the chains that have them. */
    private static final class Cells {
        final int[] tags;
        final FlowEntry[] heads;

        Cells(int capacity) {
            tags = new int[capacity];
            heads = new FlowEntry[capacity];
        }

        FlowEntry head(int at) {
            return (FlowEntry) HEAD.getAcquire(heads, at);
        }

        void head(int at, FlowEntry entry) {
            HEAD.setRelease(heads, at, entry);
        }
    }

    /** Written by the control thread. */
    private volatile Cells cells = new Cells(FIRST_CAPACITY);

    /** Places used, and those of them with a chain. For the control thread. */
    private int used;

    private int chains;

    /** Finds the entry of the highest priority that is visible and matches, or null. {@code hash} is never 0. */
    FlowEntry find(int hash, FlowMask mask, long[] key, long version) {
        Cells current = cells;
        int last = current.tags.length - 1;
        for (int at = hash & last; current.tags[at] != 0; at = at + 1 & last) {
            FlowEntry head = current.tags[at] == hash ? current.head(at) : null;
            if (head != null && mask.matches(key, head.match().packed())) {
                FlowEntry entry = head;
                while (entry != null && !entry.isVisibleAt(version)) {
                    entry = entry.next();
                }
                return entry;
            }
        }
        return null;
    }

    /** The first entry with a match, visible or not, or null. For the control thread. */
    FlowEntry first(int hash, Match match) {
        int at = place(hash, match);
        return at < 0 ? null : cells.head(at);
    }

    /** Puts an entry before those of its match that have no higher priority. */
    void link(int hash, FlowEntry entry) {
        int at = place(hash, entry.match());
        if (at < 0) {
            begin(hash, entry);
            return;
        }
        FlowEntry before = null;
        FlowEntry after = cells.head(at);
        while (after != null && after.priority() > entry.priority()) {
            before = after;
            after = after.next();
        }
        entry.next(after);
        replace(at, before, entry);
    }

    /** Takes an entry out. It keeps its {@code next}, so that a reader that stands on it finds its way. */
    void unlink(int hash, FlowEntry entry) {
        int at = place(hash, entry.match());
        FlowEntry before = null;
        for (FlowEntry each = cells.head(at); each != entry; each = each.next()) {
            before = each;
        }
        replace(at, before, entry.next());
        chains -= cells.head(at) == null ? 1 : 0;
    }

    /** Calls with each entry, visible or not. For the control thread. */
    void forEach(Consumer<FlowEntry> visitor) {
        for (FlowEntry head : cells.heads) {
            for (FlowEntry entry = head; entry != null; entry = entry.next()) {
                visitor.accept(entry);
            }
        }
    }

    private void replace(int at, FlowEntry before, FlowEntry entry) {
        if (before == null) {
            cells.head(at, entry);
        } else {
            before.next(entry);
        }
    }

    private int place(int hash, Match match) {
        Cells current = cells;
        int last = current.tags.length - 1;
        for (int at = hash & last; current.tags[at] != 0; at = at + 1 & last) {
            FlowEntry head = current.tags[at] == hash ? current.heads[at] : null;
            if (head != null && Arrays.equals(head.match().packed(), match.packed())) {
                return at;
            }
        }
        return -1;
    }

    private void begin(int hash, FlowEntry entry) {
        if (used * 3 >= cells.tags.length * 2) {
            rebuild();
        }
        Cells current = cells;
        int last = current.tags.length - 1;
        int at = hash & last;
        while (current.heads[at] != null) {
            at = at + 1 & last;
        }
        used += current.tags[at] == 0 ? 1 : 0;
        chains++;
        current.head(at, entry);
        current.tags[at] = hash;
    }

    private void rebuild() {
        Cells old = cells;
        Cells fresh = new Cells(Math.max(FIRST_CAPACITY, Integer.highestOneBit(chains * 4 + 1)));
        int last = fresh.tags.length - 1;
        for (int i = 0; i < old.tags.length; i++) {
            if (old.heads[i] != null) {
                int at = old.tags[i] & last;
                while (fresh.tags[at] != 0) {
                    at = at + 1 & last;
                }
                fresh.tags[at] = old.tags[i];
                fresh.heads[at] = old.heads[i];
            }
        }
        used = chains;
        cells = fresh;
    }
}
