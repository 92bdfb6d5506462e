// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.worker;

/**
 * Upper bounds of what a worker owns.
 *
 * @param exactMatchEntries entries of each exact-match cache: a power of two, 2 to 2^24
 * @param megaflows megaflows cached at most, from 1
 * @param highestPortNumber highest OpenFlow port number, 1 to 65279 (0xfeff)
 */
public record WorkerLimits(int exactMatchEntries, int megaflows, int highestPortNumber) {

    /** A million flows: 72 MB, of which only what is in use costs processor caches; 1,023 ports. */
    public static final WorkerLimits DEFAULT = new WorkerLimits(1 << 20, 1 << 20, 1_023);

    /** Checks the bounds. */
    public WorkerLimits {
        if (Integer.bitCount(exactMatchEntries) != 1 || exactMatchEntries < 2 || exactMatchEntries > 1 << 24) {
            throw new IllegalArgumentException(
                    "exact-match entries " + exactMatchEntries + " must be a power of two from 2 to 16777216");
        }
        if (megaflows < 1) {
            throw new IllegalArgumentException("megaflows " + megaflows + " must be 1 or more");
        }
        if (highestPortNumber < 1 || highestPortNumber > 0xfeff) {
            throw new IllegalArgumentException("highest port number " + highestPortNumber + " must be 1 to 65279");
        }
    }
}
