// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.table.FlowEntry;

/**
 * Where an action comes from, as packet-ins and resubmits want to know.
 *
 * @param table the table of the flow
 * @param cookie its cookie
 * @param isTableMiss whether it is the table-miss flow
 */
record Origin(int table, long cookie, boolean isTableMiss) {

    /** The cookie of packet-ins that are no single flow's (OpenFlow 1.3.5 §7.4.1). */
    static final long NO_COOKIE = -1;

    static Origin of(FlowEntry entry) {
        return new Origin(entry.table(), entry.cookie(), entry.isTableMiss());
    }

    /** The same for actions of an action set or a bucket, which are no single flow's. */
    Origin ofActionSet() {
        return new Origin(table, NO_COOKIE, isTableMiss);
    }
}
