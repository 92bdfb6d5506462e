// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.FlowMask;
import io.makas.flow.match.Match;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A hash table of chains of entries; a chain holds the entries with one match, the highest priority first. It consists of small
 * open-addressed tables that are divided when they are full ({@link HashDirectory}).
 *
 * <p>Threads: one control thread edits; any number of readers search meanwhile without a lock. It is right for them because
 * of what a reader at version V needs, the entries visible at V:
 *
 * <ul>
 *   <li>they were linked before V was published, so the reader, which has read V, sees them and the places before them;
 *   <li>a place, once used, is never unused again within one segment ({@code tag} stays, {@code head} becomes null), so probing
 *       goes past what was removed;
 *   <li>segments that take another one's place are filled before they are published, and the old one stays right for those who
 *       still read it;
 *   <li>entries go only when no reader needs them, or a reader that does finds out and starts again
 *       ({@link FlowTables#isIntact}).
 * </ul>
 */
final class EntrySlots {

    private static final VarHandle HEAD = MethodHandles.arrayElementVarHandle(FlowEntry[].class);
    private static final int FIRST_CAPACITY = 8;

    /** Places of a segment at most, unless its hashes cannot be told apart. */
    private static final int LAST_CAPACITY = 256;

    /** Hashes (0: never used) and the chains that have them. */
    private static final class Segment {
        final int[] tags;
        final FlowEntry[] heads;

        /** How many first bits of the hashes here are the same. */
        final int depth;

        /** Places used, and those of them with a chain. For the control thread. */
        int used;

        int chains;

        Segment(int depth, int capacity) {
            this.depth = depth;
            tags = new int[capacity];
            heads = new FlowEntry[capacity];
        }

        FlowEntry head(int at) {
            return (FlowEntry) HEAD.getAcquire(heads, at);
        }

        void head(int at, FlowEntry entry) {
            HEAD.setRelease(heads, at, entry);
        }

        /** Where the chain with a match is, or −1. */
        int place(int hash, Match match) {
            int last = tags.length - 1;
            for (int at = hash & last; tags[at] != 0; at = at + 1 & last) {
                FlowEntry head = tags[at] == hash ? heads[at] : null;
                if (head != null && Arrays.equals(head.match().packed(), match.packed())) {
                    return at;
                }
            }
            return -1;
        }

        /** Begins a chain, for which there is room. */
        void begin(int hash, FlowEntry entry) {
            int last = tags.length - 1;
            int at = hash & last;
            while (heads[at] != null) {
                at = at + 1 & last;
            }
            used += tags[at] == 0 ? 1 : 0;
            chains++;
            head(at, entry);
            tags[at] = hash;
        }

        boolean isFull() {
            return used * 3 >= tags.length * 2;
        }
    }

    private final HashDirectory<Segment> segments = new HashDirectory<>(new Segment(0, FIRST_CAPACITY));

    /** Finds the entry of the highest priority that is visible and matches, or null. {@code hash} is never 0. */
    FlowEntry find(int hash, FlowMask mask, long[] key, long version) {
        Segment segment = segments.of(hash);
        int[] tags = segment.tags;
        int last = tags.length - 1;
        for (int at = hash & last; tags[at] != 0; at = at + 1 & last) {
            FlowEntry head = tags[at] == hash ? segment.head(at) : null;
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
        Segment segment = segments.of(hash);
        int at = segment.place(hash, match);
        return at < 0 ? null : segment.head(at);
    }

    /** Puts an entry before those of its match that have no higher priority. */
    void link(int hash, FlowEntry entry) {
        Segment segment = segments.of(hash);
        int at = segment.place(hash, entry.match());
        if (at < 0) {
            while (segment.isFull()) {
                makeRoom(hash, segment);
                segment = segments.of(hash);
            }
            segment.begin(hash, entry);
            return;
        }
        FlowEntry before = null;
        FlowEntry after = segment.head(at);
        while (after != null && after.priority() > entry.priority()) {
            before = after;
            after = after.next();
        }
        entry.next(after);
        replace(segment, at, before, entry);
    }

    /** Takes an entry out. It keeps its {@code next}, so that a reader that stands on it finds its way. */
    void unlink(int hash, FlowEntry entry) {
        Segment segment = segments.of(hash);
        int at = segment.place(hash, entry.match());
        FlowEntry before = null;
        for (FlowEntry each = segment.head(at); each != entry; each = each.next()) {
            before = each;
        }
        replace(segment, at, before, entry.next());
        segment.chains -= segment.head(at) == null ? 1 : 0;
    }

    /** Calls with each entry, visible or not. For the control thread. */
    void forEach(Consumer<FlowEntry> visitor) {
        segments.forEach(segment -> {
            for (FlowEntry head : segment.heads) {
                for (FlowEntry entry = head; entry != null; entry = entry.next()) {
                    visitor.accept(entry);
                }
            }
        });
    }

    private static void replace(Segment segment, int at, FlowEntry before, FlowEntry entry) {
        if (before == null) {
            segment.head(at, entry);
        } else {
            before.next(entry);
        }
    }

    /** Replaces a segment by one that has no used places without a chain, or more places, or by two. */
    private void makeRoom(int hash, Segment full) {
        int capacity = Math.max(FIRST_CAPACITY, Integer.highestOneBit(full.chains * 3 + 1));
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
        for (int i = 0; i < from.tags.length; i++) {
            if (from.heads[i] != null) {
                boolean isSecond = HashDirectory.isSecond(from.tags[i], from.depth);
                (isSecond ? second : first).begin(from.tags[i], from.heads[i]);
            }
        }
    }
}
