// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.timing;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often something took how long. Buckets are an eighth to a quarter of their times wide, from 1 ns to for ever.
 *
 * <p>Threads: one writes, without locked instructions; any reads, slightly late.
 */
public final class TimeHistogram {

    /** Buckets for each power of two, as bits. */
    private static final int STEP_BITS = 2;

    private static final int STEPS = 1 << STEP_BITS;
    private static final int BUCKETS = Long.SIZE << STEP_BITS;
    private static final int TOTAL_NS = BUCKETS;
    private static final int LONGEST_NS = BUCKETS + 1;

    private final AtomicLongArray words = new AtomicLongArray(BUCKETS + 2);

    /** Something took so long each of {@code count} times. */
    public void add(long ns, long count) {
        long time = Math.max(0, ns);
        AtomicLongArray counts = words;
        int bucket = bucketOf(time);
        counts.setOpaque(bucket, counts.getPlain(bucket) + count);
        counts.setOpaque(TOTAL_NS, counts.getPlain(TOTAL_NS) + time * count);
        longest(time);
    }

    /** Something took so long, which is already counted among others. */
    public void longest(long ns) {
        if (ns > words.getPlain(LONGEST_NS)) {
            words.setOpaque(LONGEST_NS, ns);
        }
    }

    /** What it is now. */
    public Snapshot snapshot() {
        long[] counts = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] = words.getOpaque(i);
        }
        return new Snapshot(counts, words.getOpaque(TOTAL_NS), words.getOpaque(LONGEST_NS));
    }

    private static int bucketOf(long ns) {
        if (ns < STEPS) {
            return (int) ns;
        }
        int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(ns);
        return exponent << STEP_BITS | (int) (ns >>> exponent - STEP_BITS) & STEPS - 1;
    }

    /** The longest time of a bucket. */
    private static long endOf(int bucket) {
        if (bucket < STEPS) {
            return bucket;
        }
        int exponent = bucket >>> STEP_BITS;
        long width = 1L << exponent - STEP_BITS;
        return (STEPS + (bucket & STEPS - 1)) * width + width - 1;
    }

    /**
     * A histogram at one moment.
     *
     * @param counts times in each bucket; not to be changed
     * @param totalNs sum of all times, in nanoseconds
     * @param longestNs the longest of them
     */
    public record Snapshot(long[] counts, long totalNs, long longestNs) {

        /** Times counted. */
        public long count() {
            long sum = 0;
            for (long count : counts) {
                sum += count;
            }
            return sum;
        }

        /** A time that so many percent of the times did not exceed, to the bucket; 0 if there are none. */
        public long percentileNs(double percent) {
            double wanted = Math.max(1, count() * percent / 100);
            long seen = 0;
            for (int bucket = 0; bucket < counts.length; bucket++) {
                seen += counts[bucket];
                if (seen >= wanted) {
                    return Math.min(endOf(bucket), longestNs);
                }
            }
            return 0;
        }
    }
}
