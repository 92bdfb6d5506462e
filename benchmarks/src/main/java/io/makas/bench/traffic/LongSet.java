// SPDX-License-Identifier: Apache-2.0
package io.makas.bench.traffic;

/** A set of so many longs that boxed ones would fill the heap. 0 is never in it. */
final class LongSet {

    private final long[] slots;

    /** Room for so many. */
    LongSet(int capacity) {
        slots = new long[Integer.highestOneBit(Math.max(capacity, 2)) * 4];
    }

    /** Adds a value; returns whether it is new. */
    boolean add(long value) {
        int mask = slots.length - 1;
        int at = (int) (value ^ value >>> 32) & mask;
        while (slots[at] != 0) {
            if (slots[at] == value) {
                return false;
            }
            at = at + 1 & mask;
        }
        slots[at] = value;
        return true;
    }
}
