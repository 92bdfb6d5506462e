// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

/**
 * Decides which subtables are asked before anything else: all of them if there are no more than two, else one or two that
 * answered nearly all packets of a sample.
 *
 * <p>Thread: the worker. Allocates nothing once it is made.
 */
final class FrontSubtables {

    /** Front subtables at most. */
    private static final int MAX_FRONT = 2;

    /** Of {@value #SHARES} packets, those that the front subtables must answer to be there. */
    private static final int FRONT_SHARES = 14;

    private static final int SHARES = 16;

    /** Bursts of which one is a sample. */
    private static final int BURSTS_A_SAMPLE = 16;

    private static final int SAMPLES_A_TURN = 64;

    private final MegaflowCache megaflows;
    private int size;
    private int burstsUntilSample = 1;
    private int samplesUntilSort = SAMPLES_A_TURN;

    FrontSubtables(MegaflowCache megaflows) {
        this.megaflows = megaflows;
    }

    /** How many subtables are in front, from the first in the order on. */
    int size() {
        // What is found wrong is removed, and its subtable with the last one.
        return Math.min(size, megaflows.orderCount);
    }

    /** Whether there are subtables besides. */
    boolean hasOthers() {
        return megaflows.orderCount > size;
    }

    /** To be called when there may be a subtable more. */
    void settle() {
        size = megaflows.orderCount <= MAX_FRONT ? megaflows.orderCount : size;
    }

    /** Counts for some bursts where their packets were found, and after some time puts the subtables in order. */
    void sample(int[] found, int count) {
        if (--burstsUntilSample > 0) {
            return;
        }
        burstsUntilSample = BURSTS_A_SAMPLE;
        for (int i = 0; i < count; i++) {
            if (found[i] >= 0) {
                megaflows.subtables[megaflows.store.subtable(found[i])].hits++;
            }
        }
        if (--samplesUntilSort == 0) {
            samplesUntilSort = SAMPLES_A_TURN;
            megaflows.sortByHits();
            size = 0;
            for (int candidates = 1; candidates <= MAX_FRONT && size == 0; candidates++) {
                size = megaflows.shareOfFirst(candidates, SHARES) >= FRONT_SHARES ? candidates : 0;
            }
            megaflows.ageHits();
            settle();
        }
    }
}
