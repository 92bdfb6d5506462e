// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/**
 * A flow that went, and why. Its counters are read from the entry: they may still grow while workers hand in what they have
 * counted, so ask for them when these have done so.
 */
public record FlowRemoved(FlowEntry entry, Reason reason, long removedNs) {

    /** Why a flow went ({@code ofp_flow_removed_reason}, openflow.h). */
    public enum Reason {
        /** No packet for longer than its idle timeout. */
        IDLE_TIMEOUT,
        /** Its hard timeout was over. */
        HARD_TIMEOUT,
        /** An edit deleted it. */
        DELETE,
        /** The group that it sent to was deleted. */
        GROUP_DELETE,
        /** The meter that it sent through was deleted ({@code OFPRR_METER_DELETE}, OpenFlow 1.4.1). */
        METER_DELETE,
        /** It gave way to a new flow in a full table ({@code OFPRR_EVICTION}, OpenFlow 1.4.1). */
        EVICTION
    }

    /** Whether controllers want to know. */
    public boolean isWanted() {
        return entry.flags().contains(FlowFlag.SEND_FLOW_REM);
    }

    /** The flow and its final counters. */
    public FlowStatistics statistics() {
        return entry.statistics(removedNs);
    }
}
