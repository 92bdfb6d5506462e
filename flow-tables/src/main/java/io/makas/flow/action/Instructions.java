// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import java.util.List;

/**
 * What a flow does with its packets, in the order in which it happens whatever the order in a message (OpenFlow 1.3.5 §5.9):
 * meter, apply, clear, write, write-metadata, goto. Immutable, for any thread.
 *
 * @param meter the meter that the packet passes first, 1 to 0xffff0000 unsigned, or {@link #NO_METER}
 * @param apply actions that are executed at once
 * @param clear whether the action set is emptied
 * @param write actions that are put into the action set, which is executed where the walk ends
 * @param metadata bits for the metadata
 * @param metadataMask which bits of the metadata are written; 0 for none
 * @param gotoTable the table where the walk goes on, or {@link #NO_TABLE}
 */
public record Instructions(
        int meter,
        List<Action> apply,
        boolean clear,
        List<Action> write,
        long metadata,
        long metadataMask,
        int gotoTable) {

    /** No meter. */
    public static final int NO_METER = 0;

    /** The largest id of a meter ({@code OFPM_MAX}, openflow.h); unsigned. */
    public static final int MAX_METER = 0xffff0000;

    /** The walk ends here. */
    public static final int NO_TABLE = -1;

    /** Drop. */
    public static final Instructions NONE = new Instructions(NO_METER, List.of(), false, List.of(), 0, 0, NO_TABLE);

    /** Makes the lists immutable. */
    public Instructions {
        apply = List.copyOf(apply);
        write = List.copyOf(write);
    }

    /** Executes actions at once and ends. */
    public static Instructions apply(Action... actions) {
        return apply(List.of(actions));
    }

    /** Executes actions at once and ends. */
    public static Instructions apply(List<Action> actions) {
        return actions.isEmpty() ? NONE : new Instructions(NO_METER, actions, false, List.of(), 0, 0, NO_TABLE);
    }

    /** Puts actions into the action set and ends. */
    public static Instructions write(Action... actions) {
        return new Instructions(NO_METER, List.of(), false, List.of(actions), 0, 0, NO_TABLE);
    }

    /** The same, but the walk goes on at a table. */
    public Instructions thenGoto(int table) {
        return new Instructions(meter, apply, clear, write, metadata, metadataMask, table);
    }

    /** The same, with the action set emptied before anything is written to it. */
    public Instructions clearing() {
        return new Instructions(meter, apply, true, write, metadata, metadataMask, gotoTable);
    }

    /** The same, with bits of the metadata written. */
    public Instructions writingMetadata(long value, long mask) {
        return new Instructions(meter, apply, clear, write, value & mask, mask, gotoTable);
    }

    /** The same, with a meter before everything else. */
    public Instructions throughMeter(int newMeter) {
        return new Instructions(newMeter, apply, clear, write, metadata, metadataMask, gotoTable);
    }
}
