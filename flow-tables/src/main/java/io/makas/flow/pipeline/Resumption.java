// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import java.util.List;

/** Something that an interrupted walk has still to do. Immutable. */
sealed interface Resumption {

    /**
     * Execute actions.
     *
     * @param isActionSet whether they are of the action set
     */
    record Actions(List<Action> actions, Origin origin, boolean isActionSet) implements Resumption {}

    /**
     * Follow the instructions of a flow that come behind its actions.
     *
     * @param isOutermost whether the flow was found by the walk itself, and not by a resubmit
     */
    record Rest(Instructions instructions, Origin origin, boolean isOutermost) implements Resumption {}

    /**
     * Look a table up and go on from there.
     *
     * @param inPort input port to look up with, or 0 for the packet's own
     */
    record Visit(int table, int inPort, boolean isOutermost) implements Resumption {}
}
