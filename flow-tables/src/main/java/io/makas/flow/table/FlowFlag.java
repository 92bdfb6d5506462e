// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

/** What else a flow or an edit asks for ({@code ofp_flow_mod_flags}, openflow.h). */
public enum FlowFlag {
    /** Tell the controllers when the flow is removed. */
    SEND_FLOW_REM("send_flow_rem"),
    /** Refuse to add the flow when another of the same priority has packets in common with it. */
    CHECK_OVERLAP("check_overlap"),
    /** Set the counters of the flow that is replaced or modified to 0. */
    RESET_COUNTS("reset_counts"),
    /** Do not count packets. */
    NO_PKT_COUNTS("no_packet_counts"),
    /** Do not count bytes. */
    NO_BYT_COUNTS("no_byte_counts");

    private final String text;

    FlowFlag(String text) {
        this.text = text;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
