// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.port;

import io.makas.dataplane.sys.Memory;
import java.util.Arrays;

/**
 * One direction of a {@link MemoryPort}: a bounded queue of frames in memory of its own, so that neither end allocates.
 *
 * <p>Thread: any; every method takes the ring's lock. It is for tests and tools, not for speed.
 */
final class FrameRing {

    private final byte[][] slots;
    private final int[] lengthsBytes;
    private final long[] offloads;
    private long added;
    private long taken;

    FrameRing(int frames, int usualFrameBytes) {
        slots = new byte[frames][usualFrameBytes];
        lengthsBytes = new int[frames];
        offloads = new long[frames];
    }

    /** Adds a copy of a frame. Returns false when the ring is full. */
    synchronized boolean add(byte[] frame, long offload) {
        if (added - taken == slots.length) {
            return false;
        }
        int slot = (int) (added++ % slots.length);
        System.arraycopy(frame, 0, roomFor(slot, frame.length), 0, frame.length);
        offloads[slot] = offload;
        lengthsBytes[slot] = frame.length;
        return true;
    }

    /** Adds a copy of the frame at an address. Returns false when the ring is full. */
    synchronized boolean add(long address, int lengthBytes, long offload) {
        if (added - taken == slots.length) {
            return false;
        }
        int slot = (int) (added++ % slots.length);
        Memory.copyOut(address, roomFor(slot, lengthBytes), 0, lengthBytes);
        offloads[slot] = offload;
        lengthsBytes[slot] = lengthBytes;
        return true;
    }

    /** Number of frames in the ring. */
    synchronized int size() {
        return (int) (added - taken);
    }

    /** Takes the next frame, or null. */
    synchronized byte[] take() {
        if (added == taken) {
            return null;
        }
        int slot = (int) (taken++ % slots.length);
        return Arrays.copyOf(slots[slot], lengthsBytes[slot]);
    }

    /** Takes the next frame and copies it to an address. Returns its length in bytes, or 0 when there is none. */
    synchronized int take(long toAddress) {
        if (added == taken) {
            return 0;
        }
        int slot = (int) (taken++ % slots.length);
        Memory.copyIn(slots[slot], 0, toAddress, lengthsBytes[slot]);
        return lengthsBytes[slot];
    }

    /** Length of the next frame in bytes, or 0 when there is none. */
    synchronized int nextBytes() {
        return added == taken ? 0 : lengthsBytes[(int) (taken % slots.length)];
    }

    /** What is left to be done with the next frame, if there is one. */
    synchronized long nextOffload() {
        return offloads[(int) (taken % slots.length)];
    }

    /** Forgets all frames. */
    synchronized void clear() {
        taken = added;
    }

    /** A slot is as long as the longest frame that it ever held. */
    private byte[] roomFor(int slot, int lengthBytes) {
        if (slots[slot].length < lengthBytes) {
            slots[slot] = new byte[lengthBytes];
        }
        return slots[slot];
    }
}
