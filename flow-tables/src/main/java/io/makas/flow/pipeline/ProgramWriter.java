// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.Arrays;

/** Writes the code of an {@link ActionProgram}, operation by operation. For one walk. */
final class ProgramWriter {

    /** Numbers that a program may have: as many bytes as Open vSwitch allows, and some 8,000 outputs. */
    private static final int MAX_LENGTH = 16_384;

    private static final int[] EMPTY = {};
    private static final int CLONE_HEAD = ActionProgram.lengthOf(ActionProgram.OP_CLONE);

    /** No queue of a port: it is unknown which one outputs would use. */
    private static final int UNKNOWN_QUEUE = Integer.MIN_VALUE;

    /** Where a part of the program begins that is to run on a copy, and what was before. */
    record Copy(int start, int changesBefore, int wantedBefore, int queueBefore) {}

    private int[] code = new int[8];
    private int length;

    /** Where the last operation ends that has an effect outside the packet. */
    private int effectsEnd;

    /** How many operations change the packet. */
    private int changes;

    /** The queue that the packet's outputs are to use, and the one that they use by what was written so far. */
    private int wantedQueue = ActionProgram.NO_QUEUE;

    private int queue = ActionProgram.NO_QUEUE;

    /** Whether nothing is sent anywhere so far. */
    boolean isSilent() {
        return effectsEnd == 0;
    }

    /** Whether the program is longer than a worker may be kept busy with for one packet. */
    boolean isTooLong() {
        return length > MAX_LENGTH;
    }

    /** Forgets everything. */
    void clear() {
        length = 0;
        effectsEnd = 0;
    }

    void output(int port) {
        useQueue();
        effect(ActionProgram.OP_OUTPUT, port);
    }

    void outputTruncated(int port, int maxBytes) {
        useQueue();
        effect(ActionProgram.OP_OUTPUT_TRUNCATED, port, maxBytes);
    }

    void controller(int maxBytes, int context) {
        effect(ActionProgram.OP_CONTROLLER, maxBytes, context);
    }

    void sample(int sample) {
        effect(ActionProgram.OP_SAMPLE, sample);
    }

    /** Ends the packet here if a meter says so: what is outside of a copy must not end with it. */
    void meter(int meter) {
        changes++;
        effect(ActionProgram.OP_METER, meter);
    }

    /** Ends what is done to the packet until it is looked at again. */
    void recirculate(int id) {
        effect(ActionProgram.OP_RECIRCULATE, id);
    }

    /** The same, by whether the frame is longer than some bytes. */
    void recirculateByLength(int bytes, int idIfLonger, int idElse) {
        effect(ActionProgram.OP_RECIRCULATE_BY_LENGTH, bytes, idIfLonger, idElse);
    }

    /** Lets the outputs that follow use a queue, or {@link ActionProgram#NO_QUEUE}. */
    void queue(int newQueue) {
        wantedQueue = newQueue;
    }

    /** The queue that outputs would use now. */
    int queue() {
        return wantedQueue;
    }

    void setField(Field field, MaskedValue value) {
        if (field.widthBits() > 64) {
            change(ActionProgram.OP_SET_FIELD_128, field.ordinal());
            addLong(value.high());
            addLong(value.low());
            addLong(value.maskHigh());
        } else {
            change(ActionProgram.OP_SET_FIELD, field.ordinal());
            addLong(value.low());
        }
        addLong(value.maskLow());
    }

    void pushVlan(int tpid, int tci) {
        change(ActionProgram.OP_PUSH_VLAN, tpid, tci);
    }

    void popVlan() {
        change(ActionProgram.OP_POP_VLAN);
    }

    void decTtl() {
        change(ActionProgram.OP_DEC_TTL);
    }

    void pushMpls(int ethType, int entry) {
        change(ActionProgram.OP_PUSH_MPLS, ethType, entry);
    }

    void popMpls(int ethType) {
        change(ActionProgram.OP_POP_MPLS, ethType);
    }

    void decMplsTtl() {
        change(ActionProgram.OP_DEC_MPLS_TTL);
    }

    void copyTtlOut() {
        change(ActionProgram.OP_COPY_TTL_OUT);
    }

    void copyTtlIn() {
        change(ActionProgram.OP_COPY_TTL_IN);
    }

    /** Begins a part that is to run on a copy of the packet. Parts may be within parts. */
    Copy beginCopy() {
        Copy copy = new Copy(length, changes, wantedQueue, queue);
        add(ActionProgram.OP_CLONE);
        add(0);
        return copy;
    }

    /**
     * Ends a part that is to run on a copy. There will be no copy if nothing comes of the part, or if the packet itself is the
     * same afterwards.
     */
    void endCopy(Copy copy) {
        int body = copy.start + CLONE_HEAD;
        wantedQueue = copy.wantedBefore;
        if (length == 0) {
            return;
        }
        if (effectsEnd <= body) {
            length = copy.start;
        } else if (changes == copy.changesBefore && !endsInRecirculation(body)) {
            cut(copy.start, CLONE_HEAD);
        } else {
            endWithPacket(body);
            code[copy.start + 1] = length - body;
            queue = queue == copy.queueBefore ? queue : UNKNOWN_QUEUE;
        }
        changes = copy.changesBefore;
    }

    /** The program: nothing is done to the packet after it was last sent, and the last send takes the packet itself. */
    ActionProgram finish(DropReason reasonIfSilent) {
        if (isSilent()) {
            return new ActionProgram(EMPTY, reasonIfSilent);
        }
        endWithPacket(0);
        return new ActionProgram(Arrays.copyOf(code, length), null);
    }

    /** Ends the program, or a part of it, where it has no effect any more, and lets its last operation have the packet itself. */
    private void endWithPacket(int from) {
        length = effectsEnd;
        int last = lastOperation(from);
        while (code[last] == ActionProgram.OP_CLONE) {
            // Nobody needs the packet behind the last copy.
            cut(last, CLONE_HEAD);
            last = lastOperation(last);
        }
        if (code[last] == ActionProgram.OP_OUTPUT) {
            code[last] = ActionProgram.OP_OUTPUT_LAST;
        }
    }

    private boolean endsInRecirculation(int from) {
        int last = code[lastOperation(from)];
        return last == ActionProgram.OP_RECIRCULATE || last == ActionProgram.OP_RECIRCULATE_BY_LENGTH;
    }

    private int lastOperation(int from) {
        int last = from;
        for (int at = from; at < length; ) {
            last = at;
            at += ActionProgram.lengthOf(code[at]) + (code[at] == ActionProgram.OP_CLONE ? code[at + 1] : 0);
        }
        return last;
    }

    private void cut(int from, int count) {
        System.arraycopy(code, from + count, code, from, length - from - count);
        length -= count;
        effectsEnd -= count;
    }

    private void useQueue() {
        if (queue != wantedQueue) {
            add(ActionProgram.OP_SET_QUEUE);
            add(wantedQueue);
            queue = wantedQueue;
        }
    }

    private void effect(int... operation) {
        for (int number : operation) {
            add(number);
        }
        effectsEnd = length;
    }

    private void change(int... operation) {
        changes++;
        for (int number : operation) {
            add(number);
        }
    }

    private void addLong(long value) {
        add((int) (value >>> 32));
        add((int) value);
    }

    private void add(int value) {
        if (length == code.length) {
            code = Arrays.copyOf(code, length * 2);
        }
        code[length++] = value;
    }
}
