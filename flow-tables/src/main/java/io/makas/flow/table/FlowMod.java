// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Instructions;
import io.makas.flow.match.Match;
import java.util.Set;

/** One edit of the flow tables ({@code ofp_flow_mod}, OpenFlow 1.3.5 §6.4). Immutable. */
public sealed interface FlowMod extends PipelineMod {

    /** The priority of flows whose text says none ({@code OFP_DEFAULT_PRIORITY}, openflow.h). */
    int DEFAULT_PRIORITY = 0x8000;

    /**
     * Adds a flow. One with the same table, match and priority gives way to it: its duration restarts, its counters go on
     * unless {@link FlowFlag#RESET_COUNTS} says otherwise.
     *
     * @param table 0 to 254
     * @param priority 0 to 65535; the matching flow of the highest priority wins
     * @param match which packets
     * @param instructions what to do with them
     * @param cookie a number of the controller's choice
     * @param idleTimeoutS seconds without a packet after which the flow goes, 0 to 65535; 0 for never
     * @param hardTimeoutS seconds after which the flow goes in any case, 0 to 65535; 0 for never
     * @param flags what else is asked for
     * @param importance 0 to 65535; where the table is full and evicts, less important flows go first
     *     ({@code ofp_flow_mod}, OpenFlow 1.4.1 §7.3.4.1)
     */
    record Add(
            int table,
            int priority,
            Match match,
            Instructions instructions,
            long cookie,
            int idleTimeoutS,
            int hardTimeoutS,
            Set<FlowFlag> flags,
            int importance)
            implements FlowMod {

        /** Makes the flags immutable. */
        public Add {
            flags = Set.copyOf(flags);
        }

        /** A flow that stays, with cookie 0 and importance 0. */
        public Add(int table, int priority, Match match, Instructions instructions) {
            this(table, priority, match, instructions, 0, 0, 0, Set.of(), 0);
        }
    }

    /**
     * Changes the instructions of the flows that a filter accepts; their counters, timeouts and cookies stay. No flow is no
     * error, and none is added.
     *
     * @param which the flows, of one table
     * @param instructions what they do from now on
     * @param flags {@link FlowFlag#RESET_COUNTS} or nothing
     */
    record Modify(FlowFilter which, Instructions instructions, Set<FlowFlag> flags) implements FlowMod {

        /** Makes the flags immutable. */
        public Modify {
            flags = Set.copyOf(flags);
        }
    }

    /** Deletes the flows that a filter accepts, of one table or all. No flow is no error. */
    record Delete(FlowFilter which) implements FlowMod {}
}
