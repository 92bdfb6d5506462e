// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import java.nio.charset.StandardCharsets;

/**
 * What can be set of a table.
 *
 * @param name what people call it, up to 31 bytes
 * @param maxFlows how many flows there can be in it; flows that are there beyond a lowered limit stay
 * @param evicts what becomes of a flow that is added when there is no room: true, and a less important one gives way to it (see
 *     {@link EvictionOrder}); false, and it is refused
 */
public record TableConfig(String name, int maxFlows, boolean evicts) {

    /** Bytes of a name at most ({@code OFP_MAX_TABLE_NAME_LEN} with its final 0, openflow.h). */
    public static final int MAX_NAME_BYTES = 31;

    /** Refuses a name that OpenFlow could not tell, and a limit below 0. */
    public TableConfig {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "table name '" + name + "' is longer than " + MAX_NAME_BYTES + " bytes; choose a shorter one");
        }
        if (maxFlows < 0) {
            throw new IllegalArgumentException("at most " + maxFlows + " flows in table " + name + "; 0 is the least");
        }
    }

    /** What a table starts with: as many flows as there can be in all tables together, and nothing is evicted. */
    static TableConfig initial(int table) {
        return new TableConfig("table" + table, Integer.MAX_VALUE, false);
    }
}
