// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.Footprint;
import java.util.Arrays;

/**
 * The megaflows, a row of numbers each, at a place that they keep while they live:
 *
 * <pre>
 *  word  one cache line
 *   0    subtable:16 | -:15 | met:1 | answer:32      subtable 0: no megaflow here
 *   1    generation that it was last found right at
 *  2-6   the first {@value io.makas.flow.key.KeyLayout#IPV4_WORDS} words of the key, masked
 *   7    -:32 | signature in its subtable:32
 *        elsewhere, 18 words: the later words of the key, for masks that look at them
 * </pre>
 *
 * <p>When all places are taken, a hand goes round and takes one that no packet has met since it came by last (second chance). So
 * a flood of new megaflows replaces itself, not what others use.
 *
 * <p>Thread: the worker. Allocates when made, and once for each {@value #TAIL_CHUNK} places that have later words.
 */
final class MegaflowStore {

    /** Words of a megaflow. */
    static final int STRIDE = 8;

    /** Where the generation is. */
    static final int GENERATION = 1;

    /** Where the key begins. */
    static final int KEY = 2;

    static final int SIGNATURE = 7;

    static final long ANSWER_BITS = 0xffff_ffffL;
    static final long MET = 1L << 32;
    static final int SUBTABLE_SHIFT = 48;

    /** Words before the first megaflow: in a large array the megaflows then begin where cache lines do. */
    private static final int LEAD = 6;

    private static final int TAIL_WORDS = KeyLayout.RECEIVED_WORDS - KeyLayout.IPV4_WORDS;
    private static final int TAIL_CHUNK = 1 << 10;

    /** Places of megaflows whose footprint is kept; those beyond are walked again after any change. */
    private static final int MAX_FOOTPRINTS = 1 << 17;

    /** Places that the hand looks at before it takes one that was met; each but the last was met since it came by. */
    private static final int PATIENCE = 256;

    /** The rows. Read directly by the stages over a burst; changed here, and by them in what was met only. */
    final long[] words;

    private final long[][] tails;
    private final Footprint[] footprints;
    private final int capacity;
    private final int[] free;
    private int freeCount;
    private int end;
    private int hand;

    MegaflowStore(int capacity) {
        this.capacity = capacity;
        this.words = new long[Math.addExact(Math.multiplyExact(capacity, STRIDE), LEAD)];
        this.footprints = new Footprint[Math.min(capacity, MAX_FOOTPRINTS)];
        this.tails = new long[(capacity + TAIL_CHUNK - 1) / TAIL_CHUNK][];
        this.free = new int[capacity];
    }

    /** Where the row of a megaflow begins. */
    static int row(int index) {
        return index * STRIDE + LEAD;
    }

    /** Places that were ever used. */
    int end() {
        return end;
    }

    /** Megaflows there are. */
    int count() {
        return end - freeCount;
    }

    /** The subtable of a megaflow; 0 if there is none at this place. */
    int subtable(int index) {
        return (int) (words[row(index)] >>> SUBTABLE_SHIFT);
    }

    int answer(int index) {
        return (int) words[row(index)];
    }

    int signature(int index) {
        return (int) words[row(index) + SIGNATURE];
    }

    long generation(int index) {
        return words[row(index) + GENERATION];
    }

    /** What the megaflow depends on; anything if that was not kept. */
    Footprint footprint(int index) {
        return index < footprints.length ? footprints[index] : Footprint.ANYTHING;
    }

    void setGeneration(int index, long generation) {
        words[row(index) + GENERATION] = generation;
    }

    /** A free place, or −1 when there is none. */
    int allocate() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        return end < capacity ? end++ : -1;
    }

    /** Writes a megaflow to the place that was allocated for it. */
    void put(int index, MegaflowSubtable subtable, long[] packet, int offset, int answer, Translation translation) {
        int row = row(index);
        long[] mask = subtable.mask;
        for (int i = 0; i < KeyLayout.IPV4_WORDS; i++) {
            words[row + KEY + i] = packet[offset + i] & mask[i];
        }
        words[row] = (long) subtable.id << SUBTABLE_SHIFT | answer;
        words[row + GENERATION] = translation.generation();
        words[row + SIGNATURE] = subtable.signature(packet, offset) & ANSWER_BITS;
        if (index < footprints.length) {
            footprints[index] = translation.footprint();
        }
        if (subtable.isDeep) {
            long[] tail = tail(index);
            int from = index % TAIL_CHUNK * TAIL_WORDS;
            for (int i = 0; i < TAIL_WORDS; i++) {
                tail[from + i] = packet[offset + KeyLayout.IPV4_WORDS + i] & mask[KeyLayout.IPV4_WORDS + i];
            }
        }
    }

    /** Forgets a megaflow. */
    void free(int index) {
        Arrays.fill(words, row(index), row(index) + STRIDE, 0);
        if (index < footprints.length) {
            footprints[index] = null;
        }
        free[freeCount++] = index;
    }

    /** Whether a megaflow of this mask covers a packet. */
    boolean covers(int index, long[] mask, boolean isDeep, long[] packet, int offset) {
        long[] rows = words;
        int key = row(index) + KEY;
        long difference = (packet[offset] & mask[0] ^ rows[key])
                | (packet[offset + 1] & mask[1] ^ rows[key + 1])
                | (packet[offset + 2] & mask[2] ^ rows[key + 2])
                | (packet[offset + 3] & mask[3] ^ rows[key + 3])
                | (packet[offset + 4] & mask[4] ^ rows[key + 4]);
        return difference == 0 && (!isDeep || coversTail(index, mask, packet, offset));
    }

    /** Notes that a packet has met a megaflow. */
    void meet(int index) {
        int row = row(index);
        long first = words[row];
        if ((first & MET) == 0) {
            words[row] = first | MET;
        }
    }

    /** The megaflow to give way when there is no place left: one that was not met lately; −1 if there is none about. */
    int victim() {
        int last = -1;
        for (int i = 0; i < PATIENCE; i++) {
            int index = hand;
            hand = hand + 1 >= end ? 0 : hand + 1;
            long first = words[row(index)];
            if (first >>> SUBTABLE_SHIFT != 0) {
                last = index;
                if ((first & MET) == 0) {
                    return index;
                }
                words[row(index)] = first & ~MET;
            }
        }
        return last;
    }

    private boolean coversTail(int index, long[] mask, long[] packet, int offset) {
        long[] tail = tails[index / TAIL_CHUNK];
        int from = index % TAIL_CHUNK * TAIL_WORDS;
        long difference = 0;
        for (int i = 0; i < TAIL_WORDS; i++) {
            difference |= packet[offset + KeyLayout.IPV4_WORDS + i] & mask[KeyLayout.IPV4_WORDS + i] ^ tail[from + i];
        }
        return difference == 0;
    }

    private long[] tail(int index) {
        int chunk = index / TAIL_CHUNK;
        if (tails[chunk] == null) {
            tails[chunk] = new long[TAIL_CHUNK * TAIL_WORDS];
        }
        return tails[chunk];
    }
}
