// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/** An edit that cannot be; none of the edits that came with it was made. */
public final class FlowModException extends Exception {

    private static final long serialVersionUID = 1;

    /** What is wrong, in OpenFlow's terms ({@code ofp_error_type} and its codes, openflow.h). */
    public enum Kind {
        /** No room in the table (flow-mod failed, table full). */
        TABLE_FULL,
        /** No such table, or all of them where one is needed (flow-mod failed, bad table id). */
        BAD_TABLE_ID,
        /** Another flow of the same priority has packets in common (flow-mod failed, overlap). */
        OVERLAP,
        /** A timeout out of its range (flow-mod failed, bad timeout). */
        BAD_TIMEOUT,
        /** A priority out of its range (flow-mod failed, unknown). */
        BAD_PRIORITY,
        /** An importance out of its range (flow-mod failed, unknown). */
        BAD_IMPORTANCE,
        /** A flag that means nothing here (flow-mod failed, bad flags). */
        BAD_FLAGS,
        /** Goto does not lead to a later table (bad instruction, bad table id). */
        BAD_GOTO_TABLE,
        /** An output to a number that is no port's (bad action, bad out port). */
        BAD_OUT_PORT,
        /** An action that is not known, or not for this place (bad action, bad type). */
        BAD_ACTION_TYPE,
        /** An argument of an action is out of its range (bad action, bad argument). */
        BAD_ARGUMENT,
        /** An action needs a header that the match does not promise (bad action, match inconsistent). */
        MATCH_INCONSISTENT,
        /** A field that cannot be set (bad action, bad set type). */
        BAD_SET_TYPE,
        /** A value that the set field cannot have (bad action, bad set argument). */
        BAD_SET_ARGUMENT
    }

    private final int index;
    private final Kind kind;

    /**
     * Says what is wrong.
     *
     * @param index place of the edit among those that came with it, from 0
     */
    public FlowModException(int index, Kind kind, String message) {
        super(message);
        this.index = index;
        this.kind = kind;
    }

    /** Place of the edit among those that came with it, from 0. */
    public int index() {
        return index;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
