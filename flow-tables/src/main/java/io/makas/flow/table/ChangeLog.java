// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongConsumer;

/**
 * What has changed lately in all that walks go by, so that a cache need not forget what is right still.
 *
 * <pre>
 *   generation   41            42                      43                    44
 *   changes      flow added    port gone: anything     -                     three flows removed
 *                                                      (nothing that alters   as three, or, if there
 *                                                       an answer)            are many, as one
 * </pre>
 *
 * <h2>Correctness property</h2>
 *
 * An answer that was found in generation g covers the packets that agree with one packet in its mask. <em>If {@link #since} says
 * {@link Verdict#RIGHT} of its footprint and g, a walk of any of these packets by what there was when it was asked gives the same
 * answer</em>: the same program, and the same to be credited. It may say {@link Verdict#DOUBTFUL} of an answer that is right
 * still; that costs a walk.
 *
 * <p>Why it holds. A walk is determined by the packet and by what it reads besides: of tables the flow that a look-up finds, of the
 * address table the port of an address, and groups, meters and ports. All else that it reads cannot change. Take one of the packets,
 * and follow the walk at g and the one now, side by side: up to some step they have read the same, so they are at the same step with
 * the same key.
 *
 * <ul>
 *   <li><b>A look-up</b> in table t that found a flow f of priority p. The flows of t are the same now but for those in the log.
 *       Say c is one of these and {@link Change#mayAlter} denied: then (1) t is none of its table, or (2) c matches the packet
 *       here neither then nor now, as both specify some bit, differently, that the walk had not overwritten at any of its look-ups
 *       and that therefore is here as it was received; or (3) the priority of c is lower than that of any flow that the
 *       walk found, p among them. Of the flows of a priority of at least p that match the packet none has come or gone, f
 *       itself included (f matches the packet and has no lower priority than itself, so (2) and (3) would not have excused it). So
 *       f is found again. If no flow was found, (3) excuses nobody, and none is found now.
 *       <br>Bits of a key that are not known when a packet comes in (registers, metadata) excuse nobody.
 *       <br>A look-up that meets a conjunction finds by more than priority; its answer counts as one of priority −1, so (3) excuses
 *       nobody, while by (2) the same parts of conjunctions match as before, and the same flows.
 *       <br>A look-up that needed bits that the key does not hold, so that the walk was interrupted there, is one that found
 *       none. Which bits a look-up needs is not laid down: a walk now may go on where the answer has the packet looked at
 *       again. Both come to the same.
 *   <li><b>Where flows of one priority match</b> the same packet, OpenFlow leaves open which is found. That may change whenever
 *       subtables change their order, or an index begins or ends; then an answer that is right still is one of those that are
 *       right, though a walk might now give the other one.
 *   <li><b>{@code NORMAL}</b> looks for the packet's addresses and VLAN as they are then, which the answer fixes. Each change of
 *       what is known of an address is in the log by these. An address that could not be learned may be learned later; the
 *       log tells that there may be room about once a second, and until then an answer without it is right.
 *   <li><b>{@code learn}</b> finds the flow there, and refreshes it, as long as no flow of the same table and match came or
 *       went. A walk that was refused it depends on anything.
 *   <li><b>Groups, meters, ports</b>, and the first interruption of a walk, from which on answers say which packets were
 *       received and which go on: these are in the log as changes that concern every answer.
 *   <li><b>An interrupted walk</b> goes on from a state that its number stands for, and which never changes.
 * </ul>
 *
 * So the next step is the same, too, and by induction the whole walk, its program and what it credits. Idle timeouts
 * do not alter answers by themselves: a flow that times out goes by an edit. Counters, cookies of other flows and who follows
 * flows alter none.
 *
 * <p>The log has the last {@value #CAPACITY} changes. What is asked of an older generation is answered by
 * {@link Verdict#FORGOTTEN}. Each {@value #BLOCK} changes are also kept joined as one: where they have something in common that
 * an answer has not, one comparison does for all.
 *
 * <p>Threads: control threads, and walks that learn, append, one at a time (they lock each other out, for as long as it takes to
 * write a few words). Any thread asks, without a lock: a change that is overwritten meanwhile is noticed by its number. What is
 * changed is published before the generation that has it; so who has seen a generation, and reads then, reads nothing older.
 */
public final class ChangeLog {

    /** What is known of an answer. */
    public enum Verdict {
        /** It is right still. */
        RIGHT,
        /** It may be wrong. */
        DOUBTFUL,
        /** More has changed since than is remembered, or than is worth comparing: it may be wrong. */
        FORGOTTEN
    }

    /** How many changes are remembered. */
    static final int CAPACITY = 1_024;

    /** How many changes are joined. */
    static final int BLOCK = 16;

    /** More changes of one edit are joined, by tables. */
    static final int MAX_OF_AN_EDIT = 64;

    /** Comparisons, after which a walk is cheaper. */
    static final int MAX_COMPARISONS = 96;

    private final AtomicReferenceArray<Change> ring = new AtomicReferenceArray<>(CAPACITY);

    /** Joined changes of each block that is full; null where they cannot be joined. */
    private final AtomicReferenceArray<Change> blocks = new AtomicReferenceArray<>(CAPACITY / BLOCK);

    /** Changes of the block that is being filled. Guarded by this. */
    private final Change[] block = new Change[BLOCK];

    /** The number of the last change; from 0 on. Written under the lock, before the generation. */
    private volatile long last = -1;

    /** Written under the lock. */
    private volatile long generation;

    /** Makes an empty one, of generation 0. */
    public ChangeLog() {
        // Nothing has changed yet.
    }

    /** Grows with everything that may alter answers. */
    public long generation() {
        return generation;
    }

    /**
     * Whether an answer is still right for all of its packets. Allocates nothing.
     *
     * @param answer what it depends on
     * @param then the generation that it was found in, or in which it was known to be right
     */
    public Verdict since(Footprint answer, long then) {
        if (answer.isAnything) {
            return generation == then ? Verdict.RIGHT : Verdict.DOUBTFUL;
        }
        long number = last;
        int comparisons = 0;
        while (number >= 0) {
            Change change = ring.getAcquire((int) number & CAPACITY - 1);
            if (change.number() != number) {
                return Verdict.FORGOTTEN;
            }
            if (change.generation() <= then) {
                return Verdict.RIGHT;
            }
            if (comparisons++ == MAX_COMPARISONS) {
                return Verdict.FORGOTTEN;
            }
            if ((number & BLOCK - 1) == BLOCK - 1) {
                Change joined = blocks.getAcquire((int) (number / BLOCK) & CAPACITY / BLOCK - 1);
                if (joined != null && joined.number() == number && !joined.mayAlter(answer)) {
                    // Those of them that are older than the answer do no harm.
                    number -= BLOCK;
                    continue;
                }
            }
            if (change.mayAlter(answer)) {
                return Verdict.DOUBTFUL;
            }
            number--;
        }
        return Verdict.RIGHT;
    }

    /** An address was learned, has moved, or was forgotten. */
    public void addressChanged(int vlan, long address) {
        append(List.of(Change.ofAddress(vlan, address)), generation -> {});
    }

    /** Several addresses were forgotten. */
    public void addressesChanged() {
        append(List.of(Change.ofAddresses()), generation -> {});
    }

    /** Addresses that could not be learned may be learned now. */
    public void roomForAddresses() {
        append(List.of(Change.ofRoom()), generation -> {});
    }

    /**
     * Begins a generation.
     *
     * @param changes what has changed; too many are joined
     * @param publish is called with the generation's number before anybody else knows it
     */
    synchronized void append(List<Change> changes, LongConsumer publish) {
        long next = generation + 1;
        publish.accept(next);
        long number = last;
        for (Change change : changes.size() > MAX_OF_AN_EDIT ? joined(changes) : changes) {
            number++;
            change.place(number, next);
            ring.setRelease((int) number & CAPACITY - 1, change);
            int at = (int) number & BLOCK - 1;
            block[at] = change;
            if (at == BLOCK - 1) {
                Change joined = Change.join(block, 0, BLOCK);
                if (joined != null) {
                    joined.place(number, next);
                }
                blocks.setRelease((int) (number / BLOCK) & CAPACITY / BLOCK - 1, joined);
            }
            last = number;
        }
        generation = next;
    }

    /** Fewer changes that concern each answer that one of the given ones does. */
    private static List<Change> joined(List<Change> changes) {
        Change[] all = changes.toArray(new Change[0]);
        int size = (all.length + MAX_OF_AN_EDIT - 1) / MAX_OF_AN_EDIT;
        List<Change> fewer = new ArrayList<>();
        for (int from = 0; from < all.length; from += size) {
            Change joined = Change.join(all, from, Math.min(all.length, from + size));
            if (joined == null) {
                return List.of(Change.ofAnything());
            }
            fewer.add(joined);
        }
        return fewer;
    }
}
