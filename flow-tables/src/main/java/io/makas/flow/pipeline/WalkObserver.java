// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.table.FlowEntry;

/** Is told of a walk while it happens; walks for packets have none. */
interface WalkObserver {

    /**
     * A table was looked up.
     *
     * @param entry what was found, or null
     * @param depth resubmits that the walk is inside of
     * @param key the packet as it was looked up; not to be kept
     * @param consulted the bits of the key that the look-up depended on; not to be kept
     */
    void lookedUp(int table, FlowEntry entry, int depth, long[] key, long[] consulted);

    /** The action set is executed now. */
    void executesActionSet();

    /**
     * An action was executed.
     *
     * @param remark what came of it, if that is not plain from the action; else ""
     * @param depth resubmits that the walk is inside of
     */
    void executed(Action action, String remark, int depth);
}
