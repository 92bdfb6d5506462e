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

    static Origin of(FlowEntry entry) {
        return new Origin(entry.table(), entry.cookie(), entry.isTableMiss());
    }
}
