// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.MaskedValue;
import java.util.List;

/**
 * The flow that a {@link Action.Learn} adds: what is fixed of it, and what comes from the packet that is learned from
 * (ovs-actions(7), "The learn action").
 *
 * @param table the table that it is added to
 * @param priority its priority
 * @param cookie its cookie
 * @param idleTimeoutS its idle timeout in seconds, 0 for none
 * @param hardTimeoutS its hard timeout in seconds, 0 for none
 * @param finIdleTimeoutS its idle timeout once a TCP connection ends, 0 for no change
 * @param finHardTimeoutS its hard timeout once a TCP connection ends, 0 for no change
 * @param sendFlowRemoved whether its end is told
 * @param deleteLearned whether the flows it added go when the flow with this action goes
 * @param limit how many flows of this table and cookie there may be, 0 for no limit
 * @param resultTo receives 1 if the flow could be added and 0 if the limit forbade it; null for no such wish
 * @param parts its match and its actions, in order
 */
public record LearnSpec(
        int table,
        int priority,
        long cookie,
        int idleTimeoutS,
        int hardTimeoutS,
        int finIdleTimeoutS,
        int finHardTimeoutS,
        boolean sendFlowRemoved,
        boolean deleteLearned,
        int limit,
        FieldRange resultTo,
        List<Part> parts) {

    /** Makes the list immutable. */
    public LearnSpec {
        parts = List.copyOf(parts);
    }

    /** A part of the learned flow. */
    public sealed interface Part {

        /** Its match wants these bits to have this value, aligned to bit 0. */
        record MatchValue(FieldRange to, MaskedValue value) implements Part {}

        /** Its match wants these bits to be what those are in the packet that is learned from. */
        record MatchField(FieldRange to, FieldRange from) implements Part {}

        /** Its actions set these bits to this value, aligned to bit 0. */
        record LoadValue(FieldRange to, MaskedValue value) implements Part {}

        /** Its actions set these bits to what those are in the packet that is learned from. */
        record LoadField(FieldRange to, FieldRange from) implements Part {}

        /** Its actions send to the port whose number is in these bits of the packet that is learned from. */
        record OutputField(FieldRange port) implements Part {}
    }
}
