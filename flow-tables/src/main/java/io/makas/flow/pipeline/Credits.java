// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;

/**
 * Whom a translation's packets are counted for, each of them once for every time that it is here.
 *
 * @param entries the flow entries that the packet matched, in the order of the walk; not to be changed
 * @param tables ids of the tables that were looked up, in order; tells lookups from matches; not to be changed
 * @param source what was learned of the sender's address, which each packet shows to be in use; null if nothing was
 */
public record Credits(FlowEntry[] entries, int[] tables, LearnedAddress source) {

    /** Nobody. */
    public static final Credits NONE = new Credits(new FlowEntry[0], new int[0], null);
}
