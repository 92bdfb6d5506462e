// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.packet.Ethernet;
import io.makas.flow.pipeline.DropReason;
import java.util.Arrays;
import java.util.List;

/**
 * What is to be done to every packet of a megaflow, as a straight line of numbers: the result of a pipeline walk with tables,
 * groups and action sets already resolved. A worker runs it without looking at a record or allocating.
 *
 * <p>{@code code} is a sequence of operations; the first {@code int} of each is one of the {@code OP_} constants, which says
 * how many operands follow. Values wider than 32 bits take two operands, high half first. Outputs send the packet as changed
 * by the operations before them. An empty program drops, for {@link #dropReason()}.
 */
public final class ActionProgram {

    /** Send a copy to port {@code [1]}. The packet goes on. */
    public static final int OP_OUTPUT = 1;

    /** Send the packet itself to port {@code [1]}; always the last operation, or the last of a clone. */
    public static final int OP_OUTPUT_LAST = 2;

    /** Set the bits {@code mask} of the field with ordinal {@code [1]}: value high, value low, mask high, mask low. */
    public static final int OP_SET_FIELD = 3;

    /** The same for 128-bit fields: ordinal, 4 words of value, 4 words of mask. */
    public static final int OP_SET_FIELD_128 = 4;

    /** Push a VLAN tag with TPID {@code [1]} and TCI {@code [2]}, both as on the wire: no PRESENT bit in the TCI. */
    public static final int OP_PUSH_VLAN = 5;

    /** Pop the outer VLAN tag. */
    public static final int OP_POP_VLAN = 6;

    /** Decrement the IPv4 TTL or IPv6 hop limit, which the walk has found to be over 1. */
    public static final int OP_DEC_TTL = 7;

    /**
     * Send the first {@code [1]} bytes, up to 0xffff which means all, to the controllers, with the packet-in context number
     * {@code [2]} of the translation's {@link io.makas.flow.pipeline.Operands}.
     */
    public static final int OP_CONTROLLER = 8;

    /**
     * Run the next {@code [1]} numbers of code on a copy of the packet, then go on behind them with the packet itself. What is
     * always the last operation is so within them.
     */
    public static final int OP_CLONE = 9;

    /** Send a copy of the first {@code [2]} bytes, at least 14, to port {@code [1]}. The packet goes on. */
    public static final int OP_OUTPUT_TRUNCATED = 10;

    /** Let the outputs that follow use queue {@code [1]} of their port; {@link #NO_QUEUE} for the default one. */
    public static final int OP_SET_QUEUE = 11;

    /** Push an MPLS label stack entry: Ethernet type {@code [1]}, the entry {@code [2]} as on the wire. */
    public static final int OP_PUSH_MPLS = 12;

    /** Pop the outer MPLS label stack entry; what was behind it has Ethernet type {@code [1]}. */
    public static final int OP_POP_MPLS = 13;

    /** Decrement the TTL of the outer MPLS entry, which the walk has found to be over 1. */
    public static final int OP_DEC_MPLS_TTL = 14;

    /** Copy the TTL of the header behind the outer MPLS entry to that entry. */
    public static final int OP_COPY_TTL_OUT = 15;

    /** Copy the TTL of the outer MPLS entry to the header behind it. */
    public static final int OP_COPY_TTL_IN = 16;

    /** Pass the meter number {@code [1]} of the translation's operands, or end here with the packet dropped. */
    public static final int OP_METER = 17;

    /** Hand the packet to a collector, as sample number {@code [1]} of the translation's operands says. */
    public static final int OP_SAMPLE = 18;

    /**
     * Extract the packet's key again and go on with the walk that has this {@code recirc_id}, {@code [1]}; always the last
     * operation.
     */
    public static final int OP_RECIRCULATE = 19;

    /**
     * The same with {@code [2]} if the frame is longer than {@code [1]} bytes, else with {@code [3]}; always the last
     * operation.
     */
    public static final int OP_RECIRCULATE_BY_LENGTH = 20;

    /** The queue of a port that packets use if nothing else was said. */
    public static final int NO_QUEUE = -1;

    /** How deep clones may lie in clones: a worker has a cursor ready for each. */
    public static final int MAX_CLONE_DEPTH = 64;

    /** No port: {@link #soleOutput()} of a program that is more than one output. */
    public static final int NO_PORT = 0;

    private static final Field[] FIELDS = Field.values();

    private final int[] code;
    private final int soleOutput;
    private final DropReason dropReason;

    /**
     * Makes a program of finished code.
     *
     * @param code the operations; empty to drop
     * @param dropReason why packets are dropped when {@code code} is empty, else null
     * @throws IllegalArgumentException if a worker could not run it: an unknown or incomplete operation, no such field,
     *     something behind an operation that is always the last, or clones within clones beyond {@link #MAX_CLONE_DEPTH}
     */
    public ActionProgram(int[] code, DropReason dropReason) {
        if ((code.length == 0) != (dropReason != null)) {
            throw new IllegalArgumentException("an empty program, and no other, has a drop reason: " + dropReason);
        }
        requireWellFormed(code, 0, code.length, 0);
        this.code = code.clone();
        this.soleOutput = code.length == 2 && code[0] == OP_OUTPUT_LAST ? code[1] : NO_PORT;
        this.dropReason = dropReason;
    }

    /** How many {@code int}s an operation takes, itself included; of {@link #OP_CLONE} without the code that it runs. */
    public static int lengthOf(int operation) {
        return switch (operation) {
            case OP_POP_VLAN, OP_DEC_TTL, OP_DEC_MPLS_TTL, OP_COPY_TTL_OUT, OP_COPY_TTL_IN -> 1;
            case OP_OUTPUT, OP_OUTPUT_LAST, OP_CLONE, OP_SET_QUEUE -> 2;
            case OP_POP_MPLS, OP_METER, OP_SAMPLE, OP_RECIRCULATE -> 2;
            case OP_PUSH_VLAN, OP_CONTROLLER, OP_OUTPUT_TRUNCATED, OP_PUSH_MPLS -> 3;
            case OP_RECIRCULATE_BY_LENGTH -> 4;
            case OP_SET_FIELD -> 6;
            case OP_SET_FIELD_128 -> 10;
            default -> throw new IllegalArgumentException("no operation " + operation);
        };
    }

    /** How far it is from the operation at {@code at} to the next one: behind the code that a {@link #OP_CLONE} runs. */
    public static int lengthAt(int[] code, int at) {
        int length = lengthOf(code[at]);
        return code[at] == OP_CLONE ? length + code[at + 1] : length;
    }

    /** The operations. Not to be changed. */
    public int[] code() {
        return code;
    }

    /** The port when the program is one output and nothing else, by far the most common one; else {@link #NO_PORT}. */
    public int soleOutput() {
        return soleOutput;
    }

    /** Why the packet is dropped, or null when the program has operations. */
    public DropReason dropReason() {
        return dropReason;
    }

    /**
     * The operations as actions, for people; allocates. Meters, samples and recirculation are no actions and not among them:
     * {@link #toString} has all.
     */
    public List<Action> toActions() {
        return Decompiler.actions(code);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ActionProgram that && Arrays.equals(code, that.code) && dropReason == that.dropReason;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(code);
    }

    @Override
    public String toString() {
        return code.length == 0 ? "drop(" + dropReason.label() + ")" : Disassembler.text(code);
    }

    private static void requireWellFormed(int[] code, int from, int to, int depth) {
        int next;
        for (int at = from; at < to; at = next) {
            int operands = at + lengthOf(code[at]);
            if (operands > to) {
                throw new IllegalArgumentException("operation " + code[at] + " at " + at + " lacks operands");
            }
            next = operands;
            switch (code[at]) {
                case OP_OUTPUT_LAST, OP_RECIRCULATE, OP_RECIRCULATE_BY_LENGTH -> {
                    if (next < to) {
                        throw new IllegalArgumentException("operations behind the last output at " + at);
                    }
                }
                case OP_SET_FIELD -> requireField(code[at + 1], false);
                case OP_SET_FIELD_128 -> requireField(code[at + 1], true);
                case OP_OUTPUT_TRUNCATED -> {
                    if (code[at + 2] < Ethernet.HEADER_BYTES) {
                        throw new IllegalArgumentException("a frame of " + code[at + 2] + " bytes at " + at);
                    }
                }
                case OP_CLONE -> {
                    if (code[at + 1] < 0 || code[at + 1] > to - operands) {
                        throw new IllegalArgumentException("a clone of " + code[at + 1] + " numbers at " + at);
                    }
                    if (depth == MAX_CLONE_DEPTH) {
                        throw new IllegalArgumentException(
                                "more than " + MAX_CLONE_DEPTH + " clones in clones at " + at);
                    }
                    next = operands + code[at + 1];
                    requireWellFormed(code, operands, next, depth + 1);
                }
                default -> {
                    // Any operands will do.
                }
            }
        }
    }

    private static void requireField(int ordinal, boolean wide) {
        if (ordinal < 0 || ordinal >= FIELDS.length) {
            throw new IllegalArgumentException("no field has the ordinal " + ordinal);
        }
        if ((FIELDS[ordinal].widthBits() == 128) != wide) {
            throw new IllegalArgumentException(FIELDS[ordinal] + " has " + FIELDS[ordinal].widthBits() + " bits");
        }
    }
}
