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

    private int[] code = new int[8];
    private int length;

    /** Where the last operation starts, and ends, that sends the packet somewhere. */
    private int lastSend;

    private int sendsEnd;

    /** Whether nothing is sent anywhere so far. */
    boolean isSilent() {
        return sendsEnd == 0;
    }

    /** Whether the program is longer than a worker may be kept busy with for one packet. */
    boolean isTooLong() {
        return length > MAX_LENGTH;
    }

    /** Forgets everything. */
    void clear() {
        length = 0;
        sendsEnd = 0;
    }

    void output(int port) {
        lastSend = length;
        add(ActionProgram.OP_OUTPUT);
        add(port);
        sendsEnd = length;
    }

    void controller(int maxBytes, int context) {
        lastSend = length;
        add(ActionProgram.OP_CONTROLLER);
        add(maxBytes);
        add(context);
        sendsEnd = length;
    }

    void setField(Field field, MaskedValue value) {
        boolean isWide = field.widthBits() > 64;
        add(isWide ? ActionProgram.OP_SET_FIELD_128 : ActionProgram.OP_SET_FIELD);
        add(field.ordinal());
        if (isWide) {
            addLong(value.high());
        }
        addLong(value.low());
        if (isWide) {
            addLong(value.maskHigh());
        }
        addLong(value.maskLow());
    }

    void pushVlan(int tpid, int tci) {
        add(ActionProgram.OP_PUSH_VLAN);
        add(tpid);
        add(tci);
    }

    void popVlan() {
        add(ActionProgram.OP_POP_VLAN);
    }

    void decTtl() {
        add(ActionProgram.OP_DEC_TTL);
    }

    /** The program: nothing is done to the packet after it was last sent, and the last send takes the packet itself. */
    ActionProgram finish(DropReason reasonIfSilent) {
        if (isSilent()) {
            return new ActionProgram(EMPTY, reasonIfSilent);
        }
        int[] sent = Arrays.copyOf(code, sendsEnd);
        if (sent[lastSend] == ActionProgram.OP_OUTPUT) {
            sent[lastSend] = ActionProgram.OP_OUTPUT_LAST;
        }
        return new ActionProgram(sent, null);
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
