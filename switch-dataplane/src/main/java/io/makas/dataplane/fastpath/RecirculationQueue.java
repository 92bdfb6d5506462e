// SPDX-License-Identifier: Apache-2.0
package io.makas.dataplane.fastpath;

import io.makas.dataplane.sys.Memory;
import io.makas.flow.action.Frame;
import io.makas.flow.pipeline.Operands;

/**
 * The frames of a burst whose walk is to go on with a new key, first in first out. Bounded, as each round of a packet may make
 * copies that ask for another one.
 *
 * <p>Thread: the worker. Allocates nothing once it is made.
 */
final class RecirculationQueue {

    /** Frames at most: some for each of a burst. */
    static final int CAPACITY = 512;

    /** How often one packet may go round; Open vSwitch lets it five times in its own datapath. */
    static final int MAX_ROUNDS = 16;

    private final long[] handle = new long[CAPACITY];
    private final long[] address = new long[CAPACITY];
    private final int[] lengthBytes = new int[CAPACITY];
    private final int[] headroomBytes = new int[CAPACITY];
    private final int[] queue = new int[CAPACITY];
    private final int[] id = new int[CAPACITY];
    private final int[] round = new int[CAPACITY];
    private final int[] receivedBytes = new int[CAPACITY];
    private final long[] offload = new long[CAPACITY];
    private final long[] networkAddress = new long[CAPACITY];
    private final int[] excessBytes = new int[CAPACITY];
    private final Operands[] operands = new Operands[CAPACITY];
    private int first;
    private int count;

    /** Which walk the packet taken last goes on with. */
    int takenId;

    /** How often it has gone round, this time included: from 1 on. */
    int takenRound;

    /** How long it was when it was received. */
    int takenReceivedBytes;

    /** What keeps its interrupted walk from being forgotten, which lasts until the next one is taken. */
    Operands takenOperands = Operands.NONE;

    /**
     * Appends a frame.
     *
     * @param walk the walk that it goes on with
     * @param rounds how often its packet has gone round before
     * @param received its packet's length when it was received
     * @param keeping what its program's numbers stood for, and what keeps the interrupted walk from being forgotten
     * @return false if it must not go round any more, or there is no room
     */
    boolean add(Frame frame, int walk, int rounds, int received, Operands keeping) {
        if (rounds == MAX_ROUNDS || count == CAPACITY) {
            return false;
        }
        int at = (first + count++) % CAPACITY;
        handle[at] = frame.handle;
        address[at] = frame.address;
        lengthBytes[at] = frame.lengthBytes;
        headroomBytes[at] = frame.headroomBytes;
        queue[at] = frame.queue;
        offload[at] = frame.offload;
        networkAddress[at] = frame.networkAddress;
        excessBytes[at] = frame.excessBytes;
        id[at] = walk;
        round[at] = rounds + 1;
        receivedBytes[at] = received;
        operands[at] = keeping;
        return true;
    }

    /** Takes the first frame into the cursor; false if there is none. */
    boolean take(Frame frame) {
        if (count == 0) {
            return false;
        }
        int at = first;
        first = (first + 1) % CAPACITY;
        count--;
        frame.set(Memory.ALL, address[at], lengthBytes[at], headroomBytes[at]);
        frame.handle = handle[at];
        frame.queue = queue[at];
        frame.offload = offload[at];
        frame.networkAddress = networkAddress[at];
        frame.excessBytes = excessBytes[at];
        takenId = id[at];
        takenRound = round[at];
        takenReceivedBytes = receivedBytes[at];
        takenOperands = operands[at];
        operands[at] = null;
        return true;
    }
}
