// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

import java.util.Arrays;

/**
 * The megaflows of one mask: a hash table of the masked words, with linear probing.
 *
 * <p>Thread: the worker. Grows when a megaflow is added, never when one is looked up.
 */
final class MegaflowSubtable {

    private static final int INITIAL_SLOTS = 16;

    private final int[] maskWords;
    private final long[] mask;
    private long[] keys;
    private int[] indexes;
    private int size;

    /** Hits since the subtables were last sorted by them. */
    long hits;

    MegaflowSubtable(long[] fullMask) {
        int count = 0;
        for (long word : fullMask) {
            count += word == 0 ? 0 : 1;
        }
        maskWords = new int[count];
        mask = new long[count];
        int next = 0;
        for (int i = 0; i < fullMask.length; i++) {
            if (fullMask[i] != 0) {
                maskWords[next] = i;
                mask[next++] = fullMask[i];
            }
        }
        keys = new long[INITIAL_SLOTS * count];
        indexes = new int[INITIAL_SLOTS];
        Arrays.fill(indexes, -1);
    }

    /** Whether this is the subtable of a mask. */
    boolean hasMask(long[] fullMask) {
        int next = 0;
        for (int i = 0; i < fullMask.length; i++) {
            if (fullMask[i] != 0) {
                if (next == mask.length || maskWords[next] != i || mask[next] != fullMask[i]) {
                    return false;
                }
                next++;
            }
        }
        return next == mask.length;
    }

    /** The index of the megaflow that covers the packet whose key is at {@code packet[offset]}, or −1. */
    int lookup(long[] packet, int offset) {
        int slotMask = indexes.length - 1;
        int slot = (int) hash(packet, offset) & slotMask;
        while (indexes[slot] >= 0) {
            if (equal(packet, offset, slot * mask.length)) {
                return indexes[slot];
            }
            slot = slot + 1 & slotMask;
        }
        return -1;
    }

    /** Adds the megaflow of a packet; there must be none yet. */
    void insert(long[] packet, int offset, int index) {
        if (size * 2 >= indexes.length) {
            grow();
        }
        long[] masked = new long[mask.length];
        for (int i = 0; i < mask.length; i++) {
            masked[i] = packet[offset + maskWords[i]] & mask[i];
        }
        place(masked, 0, index);
        size++;
    }

    private void place(long[] masked, int from, int index) {
        long hash = KeyHash.start();
        for (int i = 0; i < mask.length; i++) {
            hash = KeyHash.mix(hash, masked[from + i]);
        }
        int slotMask = indexes.length - 1;
        int slot = (int) KeyHash.finish(hash) & slotMask;
        while (indexes[slot] >= 0) {
            slot = slot + 1 & slotMask;
        }
        indexes[slot] = index;
        System.arraycopy(masked, from, keys, slot * mask.length, mask.length);
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldIndexes = indexes;
        keys = new long[oldKeys.length * 2];
        indexes = new int[oldIndexes.length * 2];
        Arrays.fill(indexes, -1);
        for (int slot = 0; slot < oldIndexes.length; slot++) {
            if (oldIndexes[slot] >= 0) {
                place(oldKeys, slot * mask.length, oldIndexes[slot]);
            }
        }
    }

    private long hash(long[] packet, int offset) {
        long hash = KeyHash.start();
        for (int i = 0; i < mask.length; i++) {
            hash = KeyHash.mix(hash, packet[offset + maskWords[i]] & mask[i]);
        }
        return KeyHash.finish(hash);
    }

    private boolean equal(long[] packet, int offset, int keyStart) {
        for (int i = 0; i < mask.length; i++) {
            if ((packet[offset + maskWords[i]] & mask[i]) != keys[keyStart + i]) {
                return false;
            }
        }
        return true;
    }
}
