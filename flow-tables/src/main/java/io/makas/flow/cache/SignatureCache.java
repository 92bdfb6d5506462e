// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

/**
 * Remembers for whole keys, by a signature of 32 bits, at which place of the {@link MegaflowStore} their megaflow is: the first
 * look-up where the megaflows have many masks.
 *
 * <p>Eight bytes a key, eight keys in a cache line, of which a key may be in any; a look-up compares the four of its half, and the
 * other four if it is not among them:
 * <pre>
 *   signature:32 | place + 1:32        0: free
 * </pre>
 *
 * <p>Correctness: an answer is a guess. Whoever asks compares the packet with the megaflow that is at the place then, whatever it is:
 * a megaflow that covers the packet is right, if the guess came about by chance or if the place has changed hands since. So
 * nothing here needs to be forgotten when megaflows come and go.
 *
 * <p>A sender that makes keys of one line's makes others lose their entries in that line, which costs them a search among the
 * megaflows; it cannot know which keys those are.
 *
 * <p>A key that meets a full line is put there once in {@value #RELUCTANCE} times, so that more keys than there is room for, one
 * after the other, do not push each other out before any comes again. As long as lines are full often, more of the array is used,
 * which was allocated as a whole but costs processor caches only for the part in use: keys then move lines one by one as they
 * are met.
 *
 * <p>Thread: the worker. Allocates when made, then never.
 */
final class SignatureCache {

    private static final int WAYS = 8;
    private static final int HALF = WAYS / 2;
    private static final int INITIAL_ENTRIES = 1 << 13;
    private static final int RELUCTANCE = 8;
    private static final long SIGNATURE_BITS = -1L << Integer.SIZE;

    /** Words before the first line: in a large array the lines are then the processor's. */
    private static final int LEAD = 6;

    private final long[] entries;
    private int usedEntries;
    private int fullLines;
    private int dice;

    /**
     * Makes an empty cache.
     *
     * @param entries number of entries, a power of two
     */
    SignatureCache(int entries) {
        if (Integer.bitCount(entries) != 1) {
            throw new IllegalArgumentException(entries + " entries is not a power of two");
        }
        int rounded = Math.max(entries, WAYS);
        this.entries = new long[Math.addExact(rounded, LEAD)];
        this.usedEntries = Math.min(rounded, INITIAL_ENTRIES);
    }

    /** Reads the line of each key, for nothing but to have the processor fetch them all at the same time. */
    long touch(long[] hashes, int[] packets, int count) {
        long[] table = entries;
        int mask = usedEntries - WAYS;
        long sum = 0;
        for (int i = 0; i < count; i++) {
            sum += table[((int) hashes[packets[i]] & mask) + LEAD];
        }
        return sum;
    }

    /** The place where the megaflow of a key may be, or −1. */
    int lookup(long hash) {
        long[] table = entries;
        int line = ((int) hash & usedEntries - WAYS) + LEAD;
        int half = (int) hash & HALF;
        int found = match(table, line + half, hash);
        return (found != 0 ? found : match(table, line + (half ^ HALF), hash)) - 1;
    }

    /** Remembers the place of a key's megaflow, if there is room or it is worth another's. */
    void insert(long hash, int index) {
        int line = ((int) hash & usedEntries - WAYS) + LEAD;
        int half = (int) hash & HALF;
        int chosen = -1;
        for (int way = 0; way < WAYS; way++) {
            int at = line + (half ^ way);
            if ((entries[at] ^ hash) >>> Integer.SIZE == 0) {
                chosen = at;
                break;
            }
            chosen = chosen < 0 && entries[at] == 0 ? at : chosen;
        }
        if (chosen < 0) {
            fullLines++;
            if (random() % RELUCTANCE != 0) {
                return;
            }
            chosen = line + (random() & WAYS - 1);
        }
        entries[chosen] = hash & SIGNATURE_BITS | index + 1;
    }

    /** Uses more of the array if lines were full often since the last time that this was asked, about each {@code lookups}. */
    void adapt(int lookups) {
        if (fullLines > lookups / 32 && usedEntries < entries.length - LEAD) {
            usedEntries *= 2;
        }
        fullLines = 0;
    }

    /** Entries in use. */
    int usedEntries() {
        return usedEntries;
    }

    /** The only one of four entries with this signature, low half, without a branch; 0 if there is none. */
    private static int match(long[] table, int at, long hash) {
        long a = table[at] ^ hash;
        long b = table[at + 1] ^ hash;
        long c = table[at + 2] ^ hash;
        long d = table[at + 3] ^ hash;
        long low = (a & ifZero(a >>> Integer.SIZE))
                | (b & ifZero(b >>> Integer.SIZE))
                | (c & ifZero(c >>> Integer.SIZE))
                | (d & ifZero(d >>> Integer.SIZE));
        boolean none = (ifZero(a >>> Integer.SIZE)
                        | ifZero(b >>> Integer.SIZE)
                        | ifZero(c >>> Integer.SIZE)
                        | ifZero(d >>> Integer.SIZE))
                == 0;
        return none ? 0 : (int) low ^ (int) hash;
    }

    /** All ones if a number of 32 bits is zero, else zero. */
    private static long ifZero(long number) {
        return number - 1 >> Long.SIZE - 1;
    }

    private int random() {
        dice = dice * 1_664_525 + 1_013_904_223;
        return dice >>> 16;
    }
}
