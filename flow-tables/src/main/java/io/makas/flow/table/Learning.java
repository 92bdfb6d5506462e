// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * What came of a packet that a flow was to be learned from.
 *
 * @param outcome what came of it
 * @param entry the flow that was learned, now or before; null if there is none
 */
public record Learning(Outcome outcome, FlowEntry entry) {

    /** What can come of it. */
    public enum Outcome {
        /** The flow is there. */
        LEARNED,
        /** As many flows as the action allows are there already. */
        LIMIT_REACHED,
        /** The table has no room, or the flow cannot be; it is the same for every packet like this one. */
        REFUSED,
        /** Not now: the tables are being edited, or too much was learned in this second. The next packet may try again. */
        LATER
    }

    static final Learning LIMIT_REACHED = new Learning(Outcome.LIMIT_REACHED, null);
    static final Learning REFUSED = new Learning(Outcome.REFUSED, null);
    static final Learning LATER = new Learning(Outcome.LATER, null);
}
