// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.cache;

/**
 * The megaflows of one mask: a hash table with linear probing of signatures, 32 bits of a hash each, and places in the
 * {@link MegaflowStore}. A key is compared only where the signature agrees.
 *
 * <p>A slot is {@code signature:32 | place + 1:32}, or 0. Its home follows from the signature, so that nothing else is read when
 * the table grows, or closes the gap that a removed megaflow leaves.
 *
 * <p>Thread: the worker. Grows when a megaflow is added, never when one is looked up.
 */
final class MegaflowSubtable {

    private static final int INITIAL_SLOTS = 16;

    /** Its number, from 1 on. */
    final int id;

    /** The whole mask, {@code KeyLayout.RECEIVED_WORDS} words. */
    final long[] mask;

    /** Whether the mask looks behind what an IPv4 packet sets. */
    final boolean isDeep;

    /** The words that the mask looks at, and their masks: what is hashed. */
    private final int[] hashedWords;

    private final long[] hashedMask;

    /** Slots, a power of two. Read directly by the stages over a burst. */
    long[] slots = new long[INITIAL_SLOTS];

    private int size;

    /** Packets found among a sample, since subtables were last sorted by it. */
    int hits;

    MegaflowSubtable(int id, long[] mask, int shallowWords) {
        this.id = id;
        this.mask = mask.clone();
        int count = 0;
        boolean deep = false;
        for (int i = 0; i < mask.length; i++) {
            count += mask[i] == 0 ? 0 : 1;
            deep |= i >= shallowWords && mask[i] != 0;
        }
        isDeep = deep;
        hashedWords = new int[count];
        hashedMask = new long[count];
        int next = 0;
        for (int i = 0; i < mask.length; i++) {
            if (mask[i] != 0) {
                hashedWords[next] = i;
                hashedMask[next++] = mask[i];
            }
        }
    }

    int size() {
        return size;
    }

    /** What stands for the bits of a packet that the mask looks at. */
    int signature(long[] packet, int offset) {
        return (int) KeyHash.ofMasked(packet, offset, hashedWords, hashedMask);
    }

    /** The place of the megaflow that covers a packet, or −1. */
    int lookup(MegaflowStore store, long[] packet, int offset, int signature) {
        long[] table = slots;
        int slotMask = table.length - 1;
        for (int slot = signature & slotMask; table[slot] != 0; slot = slot + 1 & slotMask) {
            long entry = table[slot];
            if ((int) (entry >>> 32) == signature && store.covers((int) entry - 1, mask, isDeep, packet, offset)) {
                return (int) entry - 1;
            }
        }
        return -1;
    }

    /** Adds a megaflow; there must be none yet that covers its packets. */
    void insert(int signature, int index) {
        if (++size * 2 > slots.length) {
            grow();
        }
        place((long) signature << 32 | index + 1);
    }

    /** Removes a megaflow that is here, and moves those behind it up to the gap if that is nearer to their homes. */
    void remove(int signature, int index) {
        long[] table = slots;
        int slotMask = table.length - 1;
        long sought = (long) signature << 32 | index + 1;
        int gap = signature & slotMask;
        while (table[gap] != sought) {
            gap = gap + 1 & slotMask;
        }
        int slot = gap;
        while (true) {
            slot = slot + 1 & slotMask;
            long entry = table[slot];
            if (entry == 0) {
                break;
            }
            int home = (int) (entry >>> 32) & slotMask;
            if ((slot - home & slotMask) >= (slot - gap & slotMask)) {
                table[gap] = entry;
                gap = slot;
            }
        }
        table[gap] = 0;
        size--;
    }

    private void place(long entry) {
        int slotMask = slots.length - 1;
        int slot = (int) (entry >>> 32) & slotMask;
        while (slots[slot] != 0) {
            slot = slot + 1 & slotMask;
        }
        slots[slot] = entry;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[old.length * 2];
        for (long entry : old) {
            if (entry != 0) {
                place(entry);
            }
        }
    }
}
