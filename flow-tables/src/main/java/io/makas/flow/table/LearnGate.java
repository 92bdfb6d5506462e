// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.table.Learning.Outcome;

/**
 * Decides whether a flow that a packet asks for is learned. What is learned makes a new version, and caches look again at answers
 * that it may alter; guests choose their packets, and must not keep everybody busy with that: so flows are learned no faster than
 * {@value #MAX_LEARNED_A_SECOND} a second. How many there can be is the limit of the action, and of the table.
 *
 * <p>Thread: the one that holds the tables' lock.
 */
final class LearnGate {

    /** New and altered flows, all together. */
    static final int MAX_LEARNED_A_SECOND = 1_000;

    private static final long SECOND_NS = 1_000_000_000L;

    private final FlowTable[] tables;
    private boolean hasBegun;
    private long secondBeganNs;
    private int learnedThisSecond;

    LearnGate(FlowTable[] tables) {
        this.tables = tables;
    }

    /** What comes of a packet that asks for a flow, if the tables need no edit for that; null if the flow is to be added. */
    Learning answer(FlowMod.Add flow, int limit, long version, long nowNs) {
        FlowEntry known = findSame(flow, version);
        if (known != null) {
            known.refresh(nowNs);
            return new Learning(Outcome.LEARNED, known);
        }
        if (isAtLimit(flow, limit, version)) {
            return Learning.LIMIT_REACHED;
        }
        return takesOne(nowNs) ? null : Learning.LATER;
    }

    /** Whether a flow is there, or the limit allows one more. */
    boolean isWithinLimit(FlowMod.Add flow, int limit, long version) {
        return findSame(flow, version) != null || !isAtLimit(flow, limit, version);
    }

    /** The flow that is there as it was asked for in all respects; null if there is none. */
    private FlowEntry findSame(FlowMod.Add flow, long version) {
        FlowEntry found = tables[flow.table()].classifier().find(flow.match(), flow.priority(), version);
        return found != null && found.isAskedForBy(flow) ? found : null;
    }

    private boolean isAtLimit(FlowMod.Add flow, int limit, long version) {
        return limit != 0 && tables[flow.table()].flowsWithCookie(flow.cookie(), version) >= limit;
    }

    private boolean takesOne(long nowNs) {
        if (!hasBegun || nowNs - secondBeganNs >= SECOND_NS) {
            hasBegun = true;
            secondBeganNs = nowNs;
            learnedThisSecond = 0;
        }
        if (learnedThisSecond == MAX_LEARNED_A_SECOND) {
            return false;
        }
        learnedThisSecond++;
        return true;
    }
}
