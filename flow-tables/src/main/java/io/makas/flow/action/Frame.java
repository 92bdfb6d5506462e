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

    /** What the owner says of what the sender left undone, 0 for nothing; programs do not look at it. */
    public long offload;

    /** Where the IP header begins, which pushed and popped tags do not move; 0 unless there is an {@link #offload}. */
    public long networkAddress;

    /**
     * By how many bytes the frame is longer than the longest segment that it is to be cut into; 0 if it is not. Tags count in
     * both alike.
     */
    public int excessBytes;

    /** Points the cursor at a finished frame that uses no queue yet. */
    public void set(MemorySegment newMemory, long newAddress, int newLengthBytes, int newHeadroomBytes) {
        memory = newMemory;
        address = newAddress;
        lengthBytes = newLengthBytes;
        headroomBytes = newHeadroomBytes;
        queue = ActionProgram.NO_QUEUE;
        offload = 0;
        networkAddress = 0;
        excessBytes = 0;
    }

    /** Length of the longest frame that leaves when this one does: of a segment, if it is to be cut. */
    public int longestSegmentBytes() {
        return lengthBytes - excessBytes;
    }
}
