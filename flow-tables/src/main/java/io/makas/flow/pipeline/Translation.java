// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.ActionProgram;
import io.makas.flow.table.FlowEntry;

/**
 * The answer of a walk through the pipeline: what to do, for which packets, and whom to credit.
 *
 * <p>Correctness property: every packet whose key equals the walked key in the bits of {@code mask} gets the same program
 * from the same tables. A mask may have bits that did not matter (the megaflow is then narrower than it could be), but it
 * never lacks one that did.
 *
 * @param mask the bits of the received words that the walk looked at, {@code KeyLayout.RECEIVED_WORDS} long; not to be changed
 * @param program what to do
 * @param entries the flow entries that the packet matched, in the order of the walk; each is credited once per packet
 * @param tables ids of the tables that were looked up, in order; tells lookups from matches
 * @param generation the pipeline's generation that the walk saw: an answer of an older generation must not be cached
 * @param cacheable false when the answer holds for this packet alone
 * @param source what was learned of the sender's address, which each packet shows to be in use; null if nothing was
 */
public record Translation(
        long[] mask,
        ActionProgram program,
        FlowEntry[] entries,
        int[] tables,
        long generation,
        boolean cacheable,
        LearnedAddress source) {

    /** An answer of a walk that learned nothing. */
    public Translation(
            long[] mask, ActionProgram program, FlowEntry[] entries, int[] tables, long generation, boolean cacheable) {
        this(mask, program, entries, tables, generation, cacheable, null);
    }
}
