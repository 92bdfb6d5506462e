// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.vhost;

import io.makas.dataplane.memory.FrameBatch;
import io.makas.dataplane.sys.Memory;

/**
 * The part of a split ring that is the same for both directions: taking heads of chains out of the available ring, walking a
 * chain, putting used ones back, and who is to be signalled when.
 *
 * <p>Every word of the guest's is read once. An index, a head or an address that cannot be makes the ring
 * {@linkplain GuestRing#breakDown broken}.
 *
 * <p>Thread: as {@link GuestRing}.
 */
final class SplitQueue {

    /** Answer of {@link #pending} for a broken ring. */
    static final int BROKEN = -1;

    /** Heads of the burst. */
    final int[] head = new int[FrameBatch.CAPACITY];
    /** Address of each head's descriptor. */
    final long[] address = new long[FrameBatch.CAPACITY];
    /** Length, flags and next of each head's descriptor, in one word as they are in memory. */
    final long[] word = new long[FrameBatch.CAPACITY];

    final RingPieces pieces;

    private final GuestRing owner;
    private final GuestMemory memory;
    private final int number;
    private final int size;
    private final int mask;
    private final long descriptors;
    private final long available;
    private final long used;
    private final boolean eventIndex;
    private final boolean indirect;

    /** Next entry of the available ring to look at, and, as all are used in order, next of the used ring to write. */
    private int next;
    /** Used index when the guest was last asked whether to signal it. */
    private int signalled;

    SplitQueue(GuestRing owner) {
        RingSetup setup = owner.setup();
        this.owner = owner;
        this.memory = setup.memory();
        this.pieces = new RingPieces(memory);
        this.number = setup.number();
        this.size = setup.size();
        this.mask = size - 1;
        this.descriptors = setup.descriptors();
        this.available = setup.driver();
        this.used = setup.device();
        this.eventIndex = setup.has(VirtioFeatures.EVENT_IDX);
        this.indirect = setup.has(VirtioFeatures.INDIRECT_DESC);
        // What a switch that was killed had not yet used is taken anew: the ring itself says where that is.
        this.next = RingMemory.acquireShort(used + SplitRing.INDEX);
        this.signalled = next;
    }

    /** Where to go on. */
    int base() {
        return next;
    }

    /** How many chains wait, or {@link #BROKEN}. */
    int pending() {
        if (owner.broken() != null) {
            return BROKEN;
        }
        int index = RingMemory.acquireShort(available + SplitRing.INDEX);
        int pending = index - next & 0xffff;
        if (pending > size) {
            owner.breakDown("its index went from " + next + " to " + index + ", further than its " + size + " entries");
            return BROKEN;
        }
        return pending;
    }

    /** Reads the next heads and their descriptors. Returns false when the ring is broken. */
    boolean read(int count) {
        long entries = available + SplitRing.ENTRIES;
        int from = next;
        int highest = 0;
        for (int i = 0; i < count; i++) {
            int index = Memory.ALL.get(RingMemory.SHORT, entries + (long) (from + i & mask) * 2) & 0xffff;
            head[i] = index;
            highest = Math.max(highest, index);
        }
        if (highest >= size) {
            owner.breakDown("descriptor " + highest + " of " + size);
            return false;
        }
        for (int i = 0; i < count; i++) {
            long at = descriptors + (long) head[i] * SplitRing.DESCRIPTOR_BYTES;
            address[i] = Memory.ALL.get(RingMemory.LONG, at);
            word[i] = Memory.ALL.get(RingMemory.LONG, at + SplitRing.DESCRIPTOR_LENGTH);
        }
        return true;
    }

    /** Length of a descriptor, unsigned, from its {@link #word}. */
    static long length(long word) {
        return word & 0xffff_ffffL;
    }

    /** Flags of a descriptor. */
    static int flags(long word) {
        return (int) (word >>> 32) & 0xffff;
    }

    /**
     * Walks the chain of a head into {@link #pieces}, after what is there already.
     *
     * @param writable whether we write to it, hence {@link SplitRing#F_WRITE} or nothing
     * @return false when the ring is broken
     */
    boolean walk(int i, int writable) {
        long chainAddress = address[i];
        long chainWord = word[i];
        int flags = flags(chainWord);
        if ((flags & SplitRing.F_INDIRECT) == 0) {
            return walk(descriptors, size, chainAddress, chainWord, writable);
        }
        long length = length(chainWord);
        if (!indirect
                || (flags & SplitRing.F_NEXT) != 0
                || length == 0
                || length % SplitRing.DESCRIPTOR_BYTES != 0
                || length > SplitRing.descriptorsBytes(SplitRing.MAX_SIZE)) {
            owner.breakDown("an indirect table of " + length + " bytes with flags " + flags
                    + (indirect ? "" : ", which was not negotiated"));
            return false;
        }
        long table = memory.host(chainAddress, length);
        if (table == GuestMemory.NOWHERE) {
            owner.breakDown(
                    "an indirect table at 0x" + Long.toHexString(chainAddress) + " is not in the guest's memory");
            return false;
        }
        long firstAddress = Memory.ALL.get(RingMemory.LONG, table);
        long firstWord = Memory.ALL.get(RingMemory.LONG, table + SplitRing.DESCRIPTOR_LENGTH);
        return walk(table, (int) (length / SplitRing.DESCRIPTOR_BYTES), firstAddress, firstWord, writable);
    }

    private boolean walk(long table, int tableSize, long firstAddress, long firstWord, int writable) {
        long pieceAddress = firstAddress;
        long pieceWord = firstWord;
        for (int left = tableSize; ; left--) {
            int flags = flags(pieceWord);
            if ((flags & (SplitRing.F_WRITE | SplitRing.F_INDIRECT)) != writable) {
                owner.breakDown("a descriptor has flags " + flags + " where "
                        + (writable != 0 ? "a writable" : "a readable") + " one is due");
                return false;
            }
            String wrong = pieces.add(pieceAddress, length(pieceWord));
            if (wrong != null) {
                owner.breakDown(wrong);
                return false;
            }
            if ((flags & SplitRing.F_NEXT) == 0) {
                return true;
            }
            int index = (int) (pieceWord >>> 48);
            if (index >= tableSize || left == 1) {
                owner.breakDown("a chain goes on at descriptor " + index + " of " + tableSize
                        + (left == 1 ? ", in a circle" : ""));
                return false;
            }
            long at = table + (long) index * SplitRing.DESCRIPTOR_BYTES;
            pieceAddress = Memory.ALL.get(RingMemory.LONG, at);
            pieceWord = Memory.ALL.get(RingMemory.LONG, at + SplitRing.DESCRIPTOR_LENGTH);
        }
    }

    /** Notes that a head was used, {@code offset} entries from the next. Not published yet. */
    void use(int offset, int usedHead, int lengthBytes) {
        Memory.ALL.set(
                RingMemory.LONG,
                used + SplitRing.ENTRIES + (long) (next + offset & mask) * SplitRing.USED_ENTRY_BYTES,
                (long) lengthBytes << 32 | usedHead);
    }

    /** Publishes the first used heads, and signals the guest if it asked for that. */
    void publish(int count) {
        next = next + count & 0xffff;
        RingMemory.releaseShort(used + SplitRing.INDEX, next);
        if (owner.setup().call() == null) {
            return;
        }
        RingMemory.storeLoadFence();
        if (eventIndex) {
            int event = RingMemory.acquireShort(available + SplitRing.usedEvent(size));
            // Whether the index passed the one that the guest waits for since it was last asked.
            if ((next - event - 1 & 0xffff) < (next - signalled & 0xffff)) {
                owner.call();
            }
            signalled = next;
        } else if ((RingMemory.acquireShort(available) & SplitRing.NO_INTERRUPT) == 0) {
            owner.call();
        }
    }

    /** Asks the guest to signal what it makes available next. Returns whether something is available already. */
    boolean arm() {
        if (eventIndex) {
            RingMemory.releaseShort(used + SplitRing.availableEvent(size), next);
        }
        RingMemory.releaseShort(used, 0);
        RingMemory.storeLoadFence();
        return pending() != 0;
    }

    /** Asks the guest not to signal. */
    void disarm() {
        if (eventIndex) {
            // An index that it has passed already, and will not pass for a whole round of the counter.
            RingMemory.releaseShort(used + SplitRing.availableEvent(size), next - 1);
        }
        RingMemory.releaseShort(used, SplitRing.NO_NOTIFY);
    }

    @Override
    public String toString() {
        return "split ring " + number + " of " + size;
    }
}
