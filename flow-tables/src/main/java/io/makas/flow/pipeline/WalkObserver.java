// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.table.FlowEntry;

/**
 * Is told of a walk while it happens; walks for packets have none. What is told between the beginning and the end of an action
 * happened because of it: look-ups of a resubmit, actions of a group's buckets or of a clone.
 *
 * <p>Keys are the packet as it is at that moment, and not to be kept.
 */
interface WalkObserver {

    /**
     * A table was looked up.
     *
     * @param entry what was found, or null
     * @param key the packet as it was looked up
     * @param consulted the bits of the key that the look-up depended on; not to be kept
     */
    void lookedUp(int table, FlowEntry entry, long[] key, long[] consulted);

    /** The flow that was found last is followed to its end: its other instructions are carried out, too. */
    void followed();

    /** The action set is executed now. */
    void executesActionSet();

    /** An action begins. */
    void begins(Action action, long[] key);

    /**
     * The action that began last, and has not ended, ends.
     *
     * @param remark what came of it, if that is not plain from the action; else ""
     */
    void ends(String remark, long[] key);

    /** A part of an action begins, such as a bucket of a group. */
    void beginsPart(String title);

    /** The part that began last ends. */
    void endsPart();

    /** The packet leaves as it is now, by a port or, with the number {@code OFPP_CONTROLLER}, to the controllers. */
    void sends(int port, long[] key);
}
