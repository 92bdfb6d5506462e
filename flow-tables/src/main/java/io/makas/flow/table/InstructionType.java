// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;

/** The types of instructions that OpenFlow 1.3 has ({@code ofp_instruction_type}, openflow.h), for {@link TableFeatures}. */
public enum InstructionType {
    /** Go on with a later table. */
    GOTO_TABLE(1),
    /** Write bits of the metadata. */
    WRITE_METADATA(2),
    /** Put actions into the action set. */
    WRITE_ACTIONS(3),
    /** Execute actions at once. */
    APPLY_ACTIONS(4),
    /** Empty the action set. */
    CLEAR_ACTIONS(5),
    /** Pass a meter. */
    METER(6);

    private final int number;

    InstructionType(int number) {
        this.number = number;
    }

    /** The number in messages. */
    public int number() {
        return number;
    }

    /** Instructions that have one of this type in a flow of a table. */
    Instructions example(int table) {
        Action output = new Action.Output(1);
        return switch (this) {
            case GOTO_TABLE -> Instructions.NONE.thenGoto(table + 1);
            case WRITE_METADATA -> Instructions.NONE.writingMetadata(1, 1);
            case WRITE_ACTIONS -> Instructions.write(output);
            case APPLY_ACTIONS -> Instructions.apply(output);
            case CLEAR_ACTIONS -> Instructions.NONE.clearing();
            case METER -> Instructions.NONE.throughMeter(1);
        };
    }
}
