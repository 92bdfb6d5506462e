// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One field of a {@link VectorIndex}: which flows have, for each value of it, nothing against that value.
 *
 * <p>The ends of the prefixes that flows ask for divide all values into intervals. All values of an interval have the same prefixes,
 * and so the same row of bits, one for each flow by rank: set where the flow asks for one of these prefixes or for none.
 * Equal rows are kept once.
 *
 * <p>Numbers are those of {@link Dimension#high}: the first bits come first, and they compare without sign. Of a field of 128 bits
 * the first 64 are looked at.
 *
 * <p>Immutable, for any thread.
 */
final class VectorField {

    private static final int[] NO_ROWS = {};
    private static final int DIRECTORY_BITS = 8;
    private static final int DIRECTORY_SHIFT = Long.SIZE - DIRECTORY_BITS;

    /** Behind the row of an interval: whether there are numbers before and behind it of prefixes that its numbers do not have. */
    private static final int HAS_BELOW = 1;

    private static final int HAS_ABOVE = 2;
    private static final int IS_FULL = 4;
    private static final int FLAG_BITS = 3;
    private static final int CELL = 4;

    // How to read a key, and what to consult.
    private final int word;
    private final int shift;
    private final long ones;
    private final long meaning;
    private final boolean isSeenWhole;

    /** Where intervals begin, ascending, with the first bit inverted so that they compare with sign. The first is 0. */
    private final long[] starts;

    /** For each value of the first bits the interval of the lowest such number; one more behind the last. */
    private final char[] directory;

    /**
     * For each interval, side by side: the nearest number before it of a prefix that its numbers do not have; the nearest one behind
     * it; and where its row is in {@link #sets}, with flags.
     */
    private final long[] cells;

    private final long[] sets;

    /** What each flow asks for: the prefix, and how many bits it has, 0 for none. */
    private final long[] prefixes;

    private final byte[] lengths;

    private VectorField(Dimension dimension, long[] prefixes, byte[] lengths, int words) {
        word = dimension.word();
        shift = dimension.shiftToFirst();
        ones = ~behind(dimension.widthOfFirst());
        meaning = dimension.meaning();
        isSeenWhole = dimension.seenBits(1) != 1;
        this.prefixes = prefixes;
        this.lengths = lengths;
        long[] firsts = new long[prefixes.length];
        long[] lasts = new long[prefixes.length];
        int asked = 0;
        for (int rank = 0; rank < prefixes.length; rank++) {
            if (lengths[rank] != 0) {
                firsts[asked] = prefixes[rank] ^ Long.MIN_VALUE;
                lasts[asked++] = (prefixes[rank] | behind(lengths[rank])) ^ Long.MIN_VALUE;
            }
        }
        firsts = Arrays.copyOf(firsts, asked);
        lasts = Arrays.copyOf(lasts, asked);
        Arrays.sort(firsts);
        Arrays.sort(lasts);
        starts = starts(firsts, lasts);
        int count = starts.length;
        cells = new long[count * CELL];
        sets = rowsOf(words);
        directory = new char[(1 << DIRECTORY_BITS) + 1];
        for (int i = 0; i < 1 << DIRECTORY_BITS; i++) {
            directory[i] = (char) indexOf((long) i << DIRECTORY_SHIFT ^ Long.MIN_VALUE);
        }
        directory[1 << DIRECTORY_BITS] = (char) (count - 1);
        noteNeighbours(firsts, lasts);
    }

    /**
     * What flows, by rank, ask of a field; null if none of them asks for a prefix of it.
     *
     * @param words of a row
     */
    static VectorField of(Dimension dimension, List<FlowEntry> flows, int words) {
        long[] prefixes = new long[flows.size()];
        byte[] lengths = new byte[flows.size()];
        boolean isAsked = false;
        for (int rank = 0; rank < prefixes.length; rank++) {
            int length = Math.min(
                    Long.SIZE, dimension.prefixLength(flows.get(rank).match().mask()));
            if (length != 0) {
                lengths[rank] = (byte) length;
                prefixes[rank] = dimension.high(flows.get(rank).match()) & ~behind(length);
                isAsked = true;
            }
        }
        return isAsked ? new VectorField(dimension, prefixes, lengths, words) : null;
    }

    /** The value that a key has. */
    long value(long[] key) {
        return key[word] << shift & ones;
    }

    /** The rows, one after the other. */
    long[] sets() {
        return sets;
    }

    /** The interval that a number is in. */
    int interval(long number) {
        long[] own = starts;
        long wanted = number ^ Long.MIN_VALUE;
        int first = (int) (number >>> DIRECTORY_SHIFT);
        int from = directory[first];
        int left = directory[first + 1] - from + 1;
        // Without a branch that nobody can foresee.
        while (left > 1) {
            int half = left >>> 1;
            from += own[from + half] <= wanted ? half : 0;
            left -= half;
        }
        return from;
    }

    /** Where the row of an interval is. */
    int row(int interval) {
        return (int) cells[interval * CELL + 2] >>> FLAG_BITS;
    }

    /** Whether the row of an interval has all flows. */
    boolean isFull(int interval) {
        return (cells[interval * CELL + 2] & IS_FULL) != 0;
    }

    /** How many first bits of a number in an interval tell it from all prefixes that it does not have; 0 if it has them all. */
    int neededBits(long number, int interval) {
        int at = interval * CELL;
        int flags = (int) cells[at + 2];
        int below = (flags & HAS_BELOW) != 0 ? Long.numberOfLeadingZeros(number ^ cells[at]) + 1 : 0;
        int above = (flags & HAS_ABOVE) != 0 ? Long.numberOfLeadingZeros(number ^ cells[at + 1]) + 1 : 0;
        return Math.max(below, above);
    }

    /** How many first bits of a number tell it from the prefix of a flow, which it does not have. */
    int neededBitsOf(long number, int rank) {
        return Long.numberOfLeadingZeros(number ^ prefixes[rank]) + 1;
    }

    /** Adds first bits of the field, at least one, to those that an answer depends on. */
    void consult(long[] consulted, int bits) {
        consulted[0] |= meaning;
        consulted[word] |= seen(bits);
    }

    /** Whether these bits are among those that an answer depends on already. */
    boolean isConsulted(long[] consulted, int bits) {
        return (seen(bits) & ~consulted[word]) == 0;
    }

    private long seen(int bits) {
        return (isSeenWhole ? ones : -1L << Long.SIZE - bits) >>> shift;
    }

    private static long[] starts(long[] firsts, long[] lasts) {
        long[] all = new long[2 * firsts.length + 1];
        int count = 0;
        all[count++] = Long.MIN_VALUE;
        for (long first : firsts) {
            all[count++] = first;
        }
        for (long last : lasts) {
            if (last != Long.MAX_VALUE) {
                all[count++] = last + 1;
            }
        }
        Arrays.sort(all, 0, count);
        int unique = 0;
        for (int i = 0; i < count; i++) {
            if (i == 0 || all[i] != all[unique - 1]) {
                all[unique++] = all[i];
            }
        }
        return Arrays.copyOf(all, unique);
    }

    private void noteNeighbours(long[] firsts, long[] lasts) {
        int before = 0;
        int behind = 0;
        for (int i = 0; i < starts.length; i++) {
            while (before < lasts.length && lasts[before] < starts[i]) {
                before++;
            }
            while (behind < firsts.length && firsts[behind] <= starts[i]) {
                behind++;
            }
            if (before > 0) {
                cells[i * CELL] = lasts[before - 1] ^ Long.MIN_VALUE;
                cells[i * CELL + 2] |= HAS_BELOW;
            }
            if (behind < firsts.length) {
                cells[i * CELL + 1] = firsts[behind] ^ Long.MIN_VALUE;
                cells[i * CELL + 2] |= HAS_ABOVE;
            }
        }
    }

    /** Makes the rows, and says of each interval which is its. */
    private long[] rowsOf(int words) {
        int count = starts.length;
        long[] all = new long[count * words];
        for (int rank = 0; rank < prefixes.length; rank++) {
            boolean isAny = lengths[rank] == 0;
            int from = isAny ? 0 : indexOf(prefixes[rank] ^ Long.MIN_VALUE);
            int to = isAny ? count - 1 : indexOf((prefixes[rank] | behind(lengths[rank])) ^ Long.MIN_VALUE);
            for (int i = from; i <= to; i++) {
                all[i * words + (rank >> 6)] |= 1L << rank;
            }
        }
        long[] packed = new long[all.length];
        Map<Integer, int[]> known = new HashMap<>();
        int size = 0;
        for (int i = 0; i < count; i++) {
            System.arraycopy(all, i * words, packed, size, words);
            int hash = Arrays.hashCode(Arrays.copyOfRange(packed, size, size + words));
            int[] alike = known.getOrDefault(hash, NO_ROWS);
            int row = size;
            for (int other : alike) {
                row = Arrays.equals(packed, other, other + words, packed, size, size + words) ? other : row;
            }
            int members = 0;
            for (int at = row; at < row + words; at++) {
                members += Long.bitCount(packed[at]);
            }
            cells[i * CELL + 2] |= (long) row << FLAG_BITS | (members == prefixes.length ? IS_FULL : 0);
            if (row == size) {
                known.put(hash, plus(alike, row));
                size += words;
            }
        }
        return Arrays.copyOf(packed, size);
    }

    private static int[] plus(int[] rows, int row) {
        int[] more = Arrays.copyOf(rows, rows.length + 1);
        more[rows.length] = row;
        return more;
    }

    private int indexOf(long signed) {
        int at = Arrays.binarySearch(starts, signed);
        return at < 0 ? -at - 2 : at;
    }

    /** The bits behind the first ones of a number. */
    private static long behind(int length) {
        return length == Long.SIZE ? 0 : -1L >>> length;
    }
}
