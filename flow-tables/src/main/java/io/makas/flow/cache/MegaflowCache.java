// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Remembers the pipeline's answers with their masks: one megaflow serves every packet that agrees with it in the bits that the
 * walk looked at.
 *
 * <p>Tuple space search: one {@link MegaflowSubtable} a mask, tried in the order of their recent hits. Megaflows never
 * contradict each other (each is right for every packet that it covers), so the first hit is as good as any. Of many masks only
 * the first are tried, as many as the chance to find something is worth beside the walk that it saves. What the others have is found
 * by the {@link SignatureCache}, or after a walk, which tells the mask.
 *
 * <p>Thread: the worker. Bounded in megaflows, of which one not met lately gives way to a new one, and in masks.
 */
final class MegaflowCache {

    /** Masks at most. */
    static final int MAX_MASKS = 4_096;

    /** Masks that a look-up tries at most; a walk is cheaper than more. */
    static final int MAX_TRIED = 48;

    /** Masks that are tried even where hardly any look-up finds something. */
    private static final int MIN_TRIED = 4;

    /** Look-ups after which it is judged anew how many masks are worth trying. */
    private static final int LOOKUPS_A_JUDGEMENT = 1 << 10;

    /** What a walk costs, in masks tried. */
    private static final int WALK_IN_MASKS = 64;

    /** Megaflows that give way at once when there are too many masks. */
    private static final int VICTIMS_FOR_A_MASK = 4;

    /** A mask, to find its subtable by. */
    private record Mask(long[] words) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Mask that && Arrays.equals(words, that.words);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(words);
        }
    }

    final MegaflowStore store;
    final AnswerTable answers = new AnswerTable();

    private final Map<Mask, MegaflowSubtable> byMask = new HashMap<>();

    /** By their numbers. */
    MegaflowSubtable[] subtables = new MegaflowSubtable[16];

    private int[] freeIds = new int[16];
    private int freeIdCount;
    private int nextId = 1;

    /** In the order in which they are tried; the first {@link #orderCount} count. */
    MegaflowSubtable[] order = new MegaflowSubtable[16];

    int orderCount;

    /** Subtables tried by all look-ups: with the number of look-ups, the masks tried a hit. */
    long subtablesTried;

    /** Megaflows that gave way to others. */
    long evictions;

    private int triedNow = MAX_TRIED;
    private int lookupsUntilJudgement = LOOKUPS_A_JUDGEMENT;
    private int foundSinceJudgement;

    MegaflowCache(int capacity) {
        store = new MegaflowStore(capacity);
    }

    /**
     * The place of a megaflow that covers a packet, or −1.
     *
     * @param from the first subtable to try, in their order
     */
    int lookup(long[] packet, int offset, int from) {
        int count = Math.min(orderCount, triedNow);
        if (--lookupsUntilJudgement == 0) {
            judge();
        }
        for (int i = from; i < count; i++) {
            MegaflowSubtable subtable = order[i];
            int index = subtable.lookup(store, packet, offset, subtable.signature(packet, offset));
            if (index >= 0) {
                foundSinceJudgement++;
                subtablesTried += i + 1 - from;
                return index;
            }
        }
        subtablesTried += Math.max(0, count - from);
        return -1;
    }

    /** Whether what is at a place covers a packet. */
    boolean covers(int index, long[] packet, int offset) {
        MegaflowSubtable subtable = subtables[store.subtable(index)];
        return subtable != null && store.covers(index, subtable.mask, subtable.isDeep, packet, offset);
    }

    CachedAnswer answer(int index) {
        return answers.at(store.answer(index));
    }

    /**
     * Adds an answer for the packet that asked for it, or replaces what there is with the same mask.
     *
     * @return its place, or −1 when there are too many masks
     */
    int insert(long[] packet, int offset, Translation translation) {
        MegaflowSubtable subtable = subtableOf(translation.mask());
        if (subtable == null) {
            return -1;
        }
        int signature = subtable.signature(packet, offset);
        int known = subtable.lookup(store, packet, offset, signature);
        if (known >= 0) {
            CachedAnswer answer = answers.acquire(translation);
            answers.abandon(store.answer(known));
            store.put(known, subtable, packet, offset, answer.index, translation);
            return known;
        }
        // Its own last megaflow must not take the subtable along.
        int index = store.allocate();
        if (index < 0) {
            evict();
            index = store.allocate();
            subtable = subtableOf(translation.mask());
        }
        CachedAnswer answer = answers.acquire(translation);
        store.put(index, subtable, packet, offset, answer.index, translation);
        subtable.insert(signature, index);
        return index;
    }

    /** Removes the megaflow at a place. */
    void remove(int index) {
        MegaflowSubtable subtable = subtables[store.subtable(index)];
        subtable.remove(store.signature(index), index);
        answers.abandon(store.answer(index));
        store.free(index);
        if (subtable.size() == 0) {
            drop(subtable);
        }
    }

    /** Brings the two subtables that a sample of packets was found in most often to the front, and others nearer to it. */
    void sortByHits() {
        for (int pass = 0; pass < 2; pass++) {
            for (int i = orderCount - 1; i > 0; i--) {
                if (order[i].hits > order[i - 1].hits) {
                    MegaflowSubtable better = order[i];
                    order[i] = order[i - 1];
                    order[i - 1] = better;
                }
            }
        }
    }

    /** How many of {@code of} packets of the sample were found in the first subtables. */
    int shareOfFirst(int count, int of) {
        long first = 0;
        long all = 1;
        for (int i = 0; i < orderCount; i++) {
            all += order[i].hits;
            first += i < count ? order[i].hits : 0;
        }
        return (int) (first * of / all);
    }

    /** Lets the sample count half as much as the next one. */
    void ageHits() {
        for (int i = 0; i < orderCount; i++) {
            order[i].hits >>= 1;
        }
    }

    private void judge() {
        int worth = (int) ((long) foundSinceJudgement * WALK_IN_MASKS / LOOKUPS_A_JUDGEMENT);
        triedNow = Math.min(MAX_TRIED, MIN_TRIED + worth);
        foundSinceJudgement = 0;
        lookupsUntilJudgement = LOOKUPS_A_JUDGEMENT;
    }

    private void evict() {
        int victim = store.victim();
        // All places are taken, so there is one among any few of them.
        remove(victim);
        evictions++;
    }

    /** The subtable of a mask, a new one if need be, or null when there are too many. */
    private MegaflowSubtable subtableOf(long[] mask) {
        MegaflowSubtable known = byMask.get(new Mask(mask));
        if (known != null) {
            return known;
        }
        if (orderCount >= MAX_MASKS) {
            for (int i = 0; i < VICTIMS_FOR_A_MASK && orderCount >= MAX_MASKS; i++) {
                int victim = store.victim();
                if (victim >= 0) {
                    remove(victim);
                    evictions++;
                }
            }
            if (orderCount >= MAX_MASKS) {
                return null;
            }
        }
        MegaflowSubtable added = new MegaflowSubtable(newId(), mask, KeyLayout.IPV4_WORDS);
        byMask.put(new Mask(added.mask), added);
        if (orderCount == order.length) {
            order = Arrays.copyOf(order, 2 * orderCount);
        }
        order[orderCount++] = added;
        subtables[added.id] = added;
        return added;
    }

    private int newId() {
        if (freeIdCount > 0) {
            return freeIds[--freeIdCount];
        }
        if (nextId == subtables.length) {
            subtables = Arrays.copyOf(subtables, 2 * nextId);
        }
        return nextId++;
    }

    private void drop(MegaflowSubtable subtable) {
        byMask.remove(new Mask(subtable.mask));
        int at = 0;
        while (order[at] != subtable) {
            at++;
        }
        System.arraycopy(order, at + 1, order, at, --orderCount - at);
        order[orderCount] = null;
        subtables[subtable.id] = null;
        if (freeIdCount == freeIds.length) {
            freeIds = Arrays.copyOf(freeIds, 2 * freeIdCount);
        }
        freeIds[freeIdCount++] = subtable.id;
    }
}
