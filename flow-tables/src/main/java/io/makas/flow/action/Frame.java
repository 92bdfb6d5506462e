// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import java.lang.foreign.MemorySegment;

/**
 * A frame that a program may change: a place in memory, with room before it for pushed tags. A cursor that its owner sets
 * anew for each packet, never an object for each packet.
 */
public final class Frame {

    /** The segment that holds the frame; one and the same for all frames of a worker. */
    public MemorySegment memory;

    /** Offset of the first byte of the frame in {@link #memory}. */
    public long address;

    /** Length in bytes. Nobody reads or writes at or past {@code address + lengthBytes}. */
    public int lengthBytes;

    /** Bytes before {@link #address} that may be used, and are used up by pushed tags. */
    public int headroomBytes;

    /** What the owner calls the buffer; programs do not look at it. */
    public long handle;

    /** The queue that outputs of the frame use, or {@link ActionProgram#NO_QUEUE}. */
    public int queue = ActionProgram.NO_QUEUE;

    /** Points the cursor at a frame that uses no queue yet. */
    public void set(MemorySegment newMemory, long newAddress, int newLengthBytes, int newHeadroomBytes) {
        memory = newMemory;
        address = newAddress;
        lengthBytes = newLengthBytes;
        headroomBytes = newHeadroomBytes;
        queue = ActionProgram.NO_QUEUE;
    }
}
