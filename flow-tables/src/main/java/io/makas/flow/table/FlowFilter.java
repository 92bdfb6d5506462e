// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import java.util.List;

/**
 * Which flows a question or an edit is about (OpenFlow 1.3.5 §6.4): those that pass every part.
 *
 * @param table the table, or {@link #ALL_TABLES}
 * @param match flows with this match or a more specific one; if strict, with this match
 * @param strictPriority flows of this priority and with exactly this match; {@link #NOT_STRICT} for no such wish
 * @param cookie bits of the flow's cookie
 * @param cookieMask which bits of the cookie count; 0 for no filter
 * @param outPort flows that have an output to this port; {@link #ANY_PORT} for no filter
 * @param outGroup flows that hand packets to this group; {@link #ANY_GROUP} for no filter
 */
public record FlowFilter(
        int table, Match match, int strictPriority, long cookie, long cookieMask, int outPort, int outGroup) {

    /** Every table ({@code OFPTT_ALL}). */
    public static final int ALL_TABLES = 255;

    /** Equal or more specific matches, whatever the priority. */
    public static final int NOT_STRICT = -1;

    /** No filter by output port ({@code OFPP_ANY}). */
    public static final int ANY_PORT = 0xffffffff;

    /** No filter by group ({@code OFPG_ANY}). */
    public static final int ANY_GROUP = 0xffffffff;

    /** Every flow. */
    public static final FlowFilter ALL = inTable(ALL_TABLES);

    /** Clears the bits of the cookie that do not count. */
    public FlowFilter {
        cookie &= cookieMask;
    }

    /** Flows whatever group they hand packets to. */
    public FlowFilter(int table, Match match, int strictPriority, long cookie, long cookieMask, int outPort) {
        this(table, match, strictPriority, cookie, cookieMask, outPort, ANY_GROUP);
    }

    /** Every flow of a table. */
    public static FlowFilter inTable(int table) {
        return new FlowFilter(table, Match.ANY, NOT_STRICT, 0, 0, ANY_PORT, ANY_GROUP);
    }

    /** The flow with this match and priority. */
    public static FlowFilter strictly(int table, int priority, Match match) {
        return new FlowFilter(table, match, priority, 0, 0, ANY_PORT, ANY_GROUP);
    }

    /** The same, for flows with this match or a more specific one only. */
    public FlowFilter within(Match newMatch) {
        return new FlowFilter(table, newMatch, strictPriority, cookie, cookieMask, outPort, outGroup);
    }

    /** The same, for flows with these bits in the cookie only. */
    public FlowFilter withCookie(long newCookie, long newCookieMask) {
        return new FlowFilter(table, match, strictPriority, newCookie, newCookieMask, outPort, outGroup);
    }

    /** The same, for flows with an output to this port only. */
    public FlowFilter withOutPort(int newOutPort) {
        return new FlowFilter(table, match, strictPriority, cookie, cookieMask, newOutPort, outGroup);
    }

    /** The same, for flows that hand packets to this group only. */
    public FlowFilter withOutGroup(int newOutGroup) {
        return new FlowFilter(table, match, strictPriority, cookie, cookieMask, outPort, newOutGroup);
    }

    /** Whether the filter is about one match and priority. */
    public boolean isStrict() {
        return strictPriority != NOT_STRICT;
    }

    /** Whether a flow passes. */
    public boolean accepts(FlowEntry entry) {
        if (table != ALL_TABLES && table != entry.table()) {
            return false;
        }
        boolean matched = isStrict()
                ? entry.priority() == strictPriority && entry.match().equals(match)
                : entry.match().isWithin(match);
        return matched
                && (entry.cookie() & cookieMask) == cookie
                && (outPort == ANY_PORT || hasOutput(entry.instructions()))
                && (outGroup == ANY_GROUP
                        || References.groupsOf(entry.instructions()).contains(outGroup));
    }

    private boolean hasOutput(Instructions instructions) {
        return hasOutput(instructions.apply()) || hasOutput(instructions.write());
    }

    private boolean hasOutput(List<Action> actions) {
        for (Action action : actions) {
            if (action instanceof Action.Output output && output.port() == outPort
                    || action instanceof Action.OutputReserved reserved
                            && reserved.port().number() == outPort) {
                return true;
            }
        }
        return false;
    }
}
