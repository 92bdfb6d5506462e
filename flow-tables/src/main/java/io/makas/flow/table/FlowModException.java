// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/** An edit of flows, groups or meters that cannot be; none of the edits that came with it was made. */
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
        BAD_SET_ARGUMENT,
        /** An action that hands packets to a group that is not there (bad action, bad out group). */
        BAD_OUT_GROUP,
        /** A group to add is there already (group-mod failed, group exists). */
        GROUP_EXISTS,
        /** A group to change is not there (group-mod failed, unknown group). */
        UNKNOWN_GROUP,
        /** No such group can be (group-mod failed, invalid group). */
        INVALID_GROUP,
        /** Watched ports and groups mean nothing in a group of this type (group-mod failed, watch unsupported). */
        WATCH_UNSUPPORTED,
        /** What is to be watched is no port, or a group that is not there (group-mod failed, bad watch). */
        BAD_WATCH,
        /** No room for more groups (group-mod failed, out of groups). */
        OUT_OF_GROUPS,
        /** No room for more buckets in a group (group-mod failed, out of buckets). */
        OUT_OF_BUCKETS,
        /** A bucket to insert is there already, or one that is named is not (group-mod failed, bad bucket). */
        BAD_BUCKET,
        /** Groups that hand packets to each other in too long a row (group-mod failed, chaining unsupported). */
        CHAIN_TOO_LONG,
        /** Groups that hand packets to each other in a circle (group-mod failed, loop). */
        GROUP_LOOP,
        /** A group to delete that another group refers to (group-mod failed, chained group). */
        CHAINED_GROUP,
        /** A meter to add is there already (meter-mod failed, meter exists). */
        METER_EXISTS,
        /** A meter to change, or for packets to pass, is not there (meter-mod failed, unknown meter). */
        UNKNOWN_METER,
        /** No such meter can be (meter-mod failed, invalid meter). */
        INVALID_METER,
        /** A rate out of its range (meter-mod failed, bad rate). */
        BAD_METER_RATE,
        /** A burst size out of its range, or one where none is (meter-mod failed, bad burst). */
        BAD_METER_BURST,
        /** A band of a meter that cannot be (meter-mod failed, bad band value). */
        BAD_METER_BAND,
        /** No room for more meters (meter-mod failed, out of meters). */
        OUT_OF_METERS,
        /** No room for more bands in a meter (meter-mod failed, out of bands). */
        OUT_OF_BANDS
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
