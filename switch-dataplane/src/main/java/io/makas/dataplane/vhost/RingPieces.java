// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

/**
 * The pieces of memory that a chain of descriptors names, already at our addresses and checked: what the usual frame, one
 * descriptor, does without.
 *
 * <p>Thread: the worker of the ring.
 */
final class RingPieces {

    /** Most pieces of one frame; a driver uses one for each page of a large one. */
    static final int CAPACITY = 1024;

    final long[] host = new long[CAPACITY];
    final int[] bytes = new int[CAPACITY];
    int count;
    /** Bytes of all pieces. */
    long totalBytes;

    private final GuestMemory memory;

    RingPieces(GuestMemory memory) {
        this.memory = memory;
    }

    void clear() {
        count = 0;
        totalBytes = 0;
    }

    /**
     * Appends what a descriptor names, in several pieces if it spans regions.
     *
     * @return null, or why it cannot be
     */
    String add(long address, long length) {
        long at = address;
        long left = length;
        while (left > 0) {
            long contiguous = Math.min(left, memory.contiguousBytes(at));
            if (contiguous <= 0) {
                return "a descriptor of " + length + " bytes at 0x" + Long.toHexString(address)
                        + " is not in the guest's memory";
            }
            if (count == CAPACITY) {
                return "a chain of more than " + CAPACITY + " pieces";
            }
            int piece = (int) Math.min(contiguous, Integer.MAX_VALUE);
            host[count] = memory.host(at, piece);
            bytes[count++] = piece;
            totalBytes += piece;
            at += piece;
            left -= piece;
        }
        return null;
    }

    /** Copies bytes from the pieces to an address, {@code skip} bytes behind their begin; they have that many. */
    void copyOut(long skip, long to, int lengthBytes) {
        long skipped = skip;
        int done = 0;
        for (int i = 0; done < lengthBytes; i++) {
            if (skipped >= bytes[i]) {
                skipped -= bytes[i];
                continue;
            }
            int piece = Math.min(lengthBytes - done, (int) (bytes[i] - skipped));
            RingMemory.copyAny(host[i] + skipped, to + done, piece);
            done += piece;
            skipped = 0;
        }
    }

    /** Copies bytes into the pieces, {@code skip} bytes behind their begin; they have room for that many. */
    void copyIn(long from, long skip, int lengthBytes) {
        long skipped = skip;
        int done = 0;
        for (int i = 0; done < lengthBytes; i++) {
            if (skipped >= bytes[i]) {
                skipped -= bytes[i];
                continue;
            }
            int piece = Math.min(lengthBytes - done, (int) (bytes[i] - skipped));
            RingMemory.copyAny(from + done, host[i] + skipped, piece);
            done += piece;
            skipped = 0;
        }
    }
}
