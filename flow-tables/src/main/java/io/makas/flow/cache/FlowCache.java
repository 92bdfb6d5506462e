// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import io.makas.flow.key.KeyExtractor;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.pipeline.Translation;
import io.makas.flow.table.ChangeLog;
import io.makas.flow.timing.Stage;
import io.makas.flow.timing.StageClock;

/**
 * A worker's memory of the pipeline: megaflows, and in front of them a cache of signatures of whole keys.
 *
 * <p>A burst is looked up in stages, each a loop over its packets that does one thing: find the packets that are like the one before
 * (trains), hash the others, read the places that the hashes say, compare. So the processor fetches the memory of many
 * packets at the same time, where packet by packet it would wait for each.
 *
 * <pre>
 *   keys ─► like the one before? ─► front subtables ─► signatures ─► the other subtables ─► pipeline
 *             (answer copied)       (if one or two        (eight bytes a key)
 *                                    answer nearly all)
 * </pre>
 *
 * <p>Where one or two masks answer nearly everything (rules by port, {@code NORMAL} between few stations), their subtables are
 * asked first, and no key is remembered: then the cost does not depend on the number of flows. Else whole keys are remembered,
 * and the cost does not depend on the number of masks.
 *
 * <p>Coherence: a megaflow keeps the generation that it was last found right at. One of an older generation is no answer, unless
 * the {@link ChangeLog} says that nothing has changed since that concerns it.
 *
 * <p>Thread: the worker. A hit allocates nothing; learning an answer does.
 */
public final class FlowCache {

    /** What a look-up answers when the pipeline must be asked. */
    public static final int UNKNOWN = -1;

    /** In the place of a megaflow: that of the packet before. */
    private static final int SAME = -2;

    /** Packets looked up in a cache of signatures between adaptations of its size. */
    private static final int LOOKUPS_BETWEEN_ADAPTATIONS = 1 << 14;

    private static final int MAX_BURST = KeyExtractor.MAX_BURST;

    private final SignatureCache signatures;
    private final MegaflowCache megaflows;
    private final MegaflowStore store;
    private final FrontSubtables front;

    /** Of the packets of a burst: the megaflows found so far, and hashes. */
    private final int[] found = new int[MAX_BURST];

    private final long[] hashes = new long[MAX_BURST];
    private final int[] guesses = new int[MAX_BURST];

    /** Packets of the burst that are still to be found, and those after a stage. */
    private int[] pending = new int[MAX_BURST];

    private int[] left = new int[MAX_BURST];

    private final ChangeLog changes;
    private StageClock clock = StageClock.STOPPED;

    /** Answers must be right by this generation. */
    private long generation;

    private int lookupsUntilAdaptation = LOOKUPS_BETWEEN_ADAPTATIONS;

    /** Keeps what {@link SignatureCache#touch} reads from being optimised away. */
    private long touched;

    /** Whether an answer was learned since the last burst was looked up. */
    private boolean hasLearned;

    private long exactHits;
    private long megaflowHits;
    private long misses;

    /**
     * Makes an empty cache.
     *
     * @param exactEntries keys that are remembered at most, a power of two
     * @param megaflowLimit megaflows at most
     * @param changes tells which megaflows are right still
     */
    public FlowCache(int exactEntries, int megaflowLimit, ChangeLog changes) {
        signatures = new SignatureCache(exactEntries);
        megaflows = new MegaflowCache(megaflowLimit);
        store = megaflows.store;
        front = new FrontSubtables(megaflows);
        this.changes = changes;
        generation = changes.generation();
    }

    /** Has the look-ups of timed bursts timed. */
    public void timeBy(StageClock stageClock) {
        clock = stageClock;
    }

    /**
     * Looks up the packets of a burst. Those not found are to be looked up one by one before the pipeline is asked, since one
     * may bring the answer of the next; that counts as a miss which is not found then either.
     *
     * @param keys the key of packet i is at {@code keys[i * stride]}, zero behind its extent up to the next packet's
     * @param stride words from one key to the next
     * @param extents words that each packet sets, or a negative number for a packet without a key
     * @param count number of packets, at most {@link KeyExtractor#MAX_BURST}
     * @param answers receives the number of each packet's answer, or {@link #UNKNOWN}
     */
    public void lookup(long[] keys, int stride, int[] extents, int count, int[] answers) {
        hasLearned = false;
        int waiting = findTrains(keys, stride, extents, count);
        for (int i = 0; i < front.size() && waiting > 0; i++) {
            waiting = askFront(megaflows.order[i], keys, stride, waiting);
        }
        clock.lap(Stage.MEGAFLOW);
        if (waiting > 0 && front.hasOthers()) {
            waiting = askSignatures(keys, stride, extents, waiting);
            clock.lap(Stage.EXACT_MATCH);
            for (int i = 0; i < waiting; i++) {
                int packet = pending[i];
                found[packet] = searchOthers(keys, packet * stride, hashes[packet]);
            }
        }
        finish(count, answers);
        clock.lap(Stage.MEGAFLOW);
        front.sample(found, count);
    }

    /**
     * Looks up one packet, as {@link #lookup(long[], int, int[], int, int[])} does a burst.
     *
     * @return the place of its megaflow, or {@link #UNKNOWN}
     */
    public int lookup(long[] keys, int offset, int extent) {
        for (int i = 0; i < front.size(); i++) {
            MegaflowSubtable subtable = megaflows.order[i];
            int index = subtable.lookup(store, keys, offset, subtable.signature(keys, offset));
            if (index >= 0 && isRight(index)) {
                megaflowHits++;
                return index;
            }
        }
        if (front.hasOthers()) {
            long hash = hash(keys, offset, extent);
            int index = signatures.lookup(hash);
            if (index >= 0 && megaflows.covers(index, keys, offset) && isRight(index)) {
                exactHits++;
                return index;
            }
            index = searchOthers(keys, offset, hash);
            if (index >= 0) {
                return index;
            }
        }
        misses++;
        return UNKNOWN;
    }

    /**
     * Looks up a packet of the burst that was looked up last and not found: an answer that was learned since may be its own.
     *
     * @return the place of its megaflow, or {@link #UNKNOWN}
     */
    public int lookupAgain(long[] keys, int offset, int extent) {
        if (!hasLearned) {
            misses++;
            return UNKNOWN;
        }
        return lookup(keys, offset, extent);
    }

    /**
     * Remembers an answer that holds for the packet and its like.
     *
     * @return the place of its megaflow, or {@link #UNKNOWN} when there is no room
     */
    public int learn(long[] keys, int offset, int extent, Translation translation) {
        hasLearned = true;
        int index = megaflows.insert(keys, offset, translation);
        front.settle();
        if (index >= 0 && front.hasOthers()) {
            signatures.insert(hash(keys, offset, extent), index);
        }
        return index;
    }

    /** From now on answers must be right by what has changed until now. */
    public void follow() {
        generation = changes.generation();
    }

    /** The generation that answers are right by. */
    public long generation() {
        return generation;
    }

    /** The answer of the megaflow at a place. */
    public CachedAnswer answerOf(int megaflow) {
        return megaflows.answer(megaflow);
    }

    /** The answer with a number that a look-up of this burst gave. */
    public CachedAnswer answer(int number) {
        return megaflows.answers.at(number);
    }

    /** Numbers of answers lie below this. */
    public int answerEnd() {
        return megaflows.answers.end();
    }

    /**
     * Between two bursts: an answer that no megaflow has any more, or null if there is none. To be followed by {@link #release}
     * when what it counted is credited.
     */
    public CachedAnswer nextUnused() {
        return megaflows.answers.nextUnused();
    }

    /** Forgets the answer that {@link #nextUnused} gave. */
    public void release() {
        megaflows.answers.release();
    }

    /** What happened in the cache so far. */
    public CacheStatistics statistics() {
        return new CacheStatistics(
                exactHits,
                megaflowHits,
                misses,
                megaflows.evictions,
                store.count(),
                megaflows.orderCount,
                megaflows.subtablesTried);
    }

    /** Makes all packets wait but those that have no key and those that are like the one before. Returns how many wait. */
    private int findTrains(long[] keys, int stride, int[] extents, int count) {
        int[] places = found;
        int[] queue = pending;
        int waiting = 0;
        int before = 0;
        for (int i = 0; i < count; i++) {
            int extent = extents[i];
            int offset = i * stride;
            if (extent == KeyLayout.IPV4_WORDS && before == extent && isSame(keys, offset, offset - stride)) {
                places[i] = SAME;
            } else {
                places[i] = UNKNOWN;
                queue[waiting] = i;
                waiting += extent >= 0 ? 1 : 0;
            }
            before = extent;
        }
        return waiting;
    }

    /** Asks one subtable for all packets that wait. Returns how many wait then. */
    private int askFront(MegaflowSubtable subtable, long[] keys, int stride, int waiting) {
        int[] queue = pending;
        int[] places = found;
        long[] slots = subtable.slots;
        int slotMask = slots.length - 1;
        for (int i = 0; i < waiting; i++) {
            int packet = queue[i];
            int signature = subtable.signature(keys, packet * stride);
            hashes[packet] = slots[signature & slotMask] ^ (long) signature << Integer.SIZE;
        }
        int rest = 0;
        for (int i = 0; i < waiting; i++) {
            int packet = queue[i];
            int offset = packet * stride;
            // Nearly always the first slot has it.
            long slot = hashes[packet];
            int index = (int) slot - 1;
            if (slot >>> Integer.SIZE != 0
                    || index < 0
                    || store.subtable(index) != subtable.id
                    || !store.covers(index, subtable.mask, subtable.isDeep, keys, offset)) {
                index = subtable.lookup(store, keys, offset, subtable.signature(keys, offset));
            }
            if (index >= 0 && isRight(index)) {
                places[packet] = index;
            } else {
                left[rest++] = packet;
            }
        }
        megaflows.subtablesTried += waiting;
        megaflowHits += waiting - rest;
        swapQueues();
        return rest;
    }

    /** Asks the signatures for all packets that wait. Returns how many wait then; their hashes are known. */
    private int askSignatures(long[] keys, int stride, int[] extents, int waiting) {
        int[] queue = pending;
        for (int i = 0; i < waiting; i++) {
            int packet = queue[i];
            hashes[packet] = hash(keys, packet * stride, extents[packet]);
        }
        touched += signatures.touch(hashes, queue, waiting);
        for (int i = 0; i < waiting; i++) {
            int packet = queue[i];
            guesses[i] = signatures.lookup(hashes[packet]);
        }
        int rest = 0;
        for (int i = 0; i < waiting; i++) {
            int packet = queue[i];
            int index = guesses[i];
            if (index >= 0 && megaflows.covers(index, keys, packet * stride) && isRight(index)) {
                found[packet] = index;
            } else {
                left[rest++] = packet;
            }
        }
        exactHits += waiting - rest;
        lookupsUntilAdaptation -= waiting;
        if (lookupsUntilAdaptation < 0) {
            lookupsUntilAdaptation = LOOKUPS_BETWEEN_ADAPTATIONS;
            signatures.adapt(LOOKUPS_BETWEEN_ADAPTATIONS);
        }
        swapQueues();
        return rest;
    }

    /** Searches the subtables behind those in front, and remembers what is found. */
    private int searchOthers(long[] keys, int offset, long hash) {
        int index = megaflows.lookup(keys, offset, front.size());
        while (index >= 0 && !isRight(index)) {
            index = megaflows.lookup(keys, offset, front.size());
        }
        if (index >= 0) {
            megaflowHits++;
            signatures.insert(hash, index);
        }
        return index;
    }

    /** From places of megaflows to numbers of answers. */
    private void finish(int count, int[] answers) {
        int[] places = found;
        int place = UNKNOWN;
        int answer = UNKNOWN;
        for (int i = 0; i < count; i++) {
            if (places[i] != SAME) {
                place = places[i];
                answer = place < 0 ? UNKNOWN : store.answer(place);
            } else {
                places[i] = place;
                megaflowHits += place >= 0 ? 1 : 0;
            }
            answers[i] = answer;
        }
    }

    /** Whether a megaflow that covers a packet is right still; if not, it is removed. */
    private boolean isRight(int index) {
        if (store.generation(index) < generation && !isRightStill(index)) {
            megaflows.remove(index);
            return false;
        }
        store.meet(index);
        return true;
    }

    private boolean isRightStill(int index) {
        if (changes.since(store.footprint(index), store.generation(index)) != ChangeLog.Verdict.RIGHT) {
            return false;
        }
        store.setGeneration(index, generation);
        return true;
    }

    private void swapQueues() {
        int[] queue = pending;
        pending = left;
        left = queue;
    }

    private static long hash(long[] keys, int offset, int extent) {
        return extent == KeyLayout.IPV4_WORDS ? KeyHash.ofShortKey(keys, offset) : KeyHash.of(keys, offset, extent);
    }

    private static boolean isSame(long[] keys, int a, int b) {
        return (keys[a + 4] ^ keys[b + 4] | keys[a + 3] ^ keys[b + 3]) == 0
                && (keys[a] ^ keys[b] | keys[a + 1] ^ keys[b + 1] | keys[a + 2] ^ keys[b + 2]) == 0;
    }
}
