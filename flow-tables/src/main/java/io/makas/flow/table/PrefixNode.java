// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/** A part of a {@link PrefixTrie}. */
abstract sealed class PrefixNode permits PrefixBucket, PrefixFork {

    /**
     * Adds the subtables that have a prefix of the given number to a set.
     *
     * @param high the number's first 64 bits
     * @param low the rest
     * @param sets receives the subtables, from {@code offset} on, {@code words} words at most
     * @return how many of the number's first bits tell it from all prefixes here that it does not have
     */
    abstract int find(long high, long low, long[] sets, int offset, int words);

    /** How many first bits two numbers have in common, 0 to 128. */
    static int commonBits(long high, long low, long otherHigh, long otherLow) {
        return high != otherHigh
                ? Long.numberOfLeadingZeros(high ^ otherHigh)
                : 64 + Long.numberOfLeadingZeros(low ^ otherLow);
    }
}
