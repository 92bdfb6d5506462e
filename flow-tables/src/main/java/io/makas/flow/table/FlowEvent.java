// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.table.FlowRemoved.Reason;

/** What a {@link FlowMonitor} tells: what became of a flow, in the order in which it happened. */
public sealed interface FlowEvent {

    /** A flow was added, by an edit or by a packet; one with the same match and priority, if there was one, gave way to it. */
    record Added(FlowEntry entry) implements FlowEvent {}

    /** A flow does something else than before. */
    record Modified(FlowEntry entry) implements FlowEvent {}

    /**
     * A flow went.
     *
     * @param removed the flow, and when it went
     */
    record Removed(FlowRemoved removed) implements FlowEvent {

        /** Why it went. */
        public Reason reason() {
            return removed.reason();
        }
    }

    /**
     * More happened than the monitor had room for. What was told before was right, what happened since is not told:
     * {@link FlowMonitor#resynchronise()} gives the flows that there are now, and goes on from there.
     */
    record Overrun() implements FlowEvent {}
}
