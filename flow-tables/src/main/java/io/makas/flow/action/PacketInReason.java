// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

/** Why a packet is sent to the controllers ({@code ofp_packet_in_reason}, openflow.h). */
public enum PacketInReason {
    /** The table-miss flow sent it. */
    NO_MATCH(0, "no_match"),
    /** A flow sent it. */
    ACTION(1, "action"),
    /** Its TTL was 0 or 1 where it was to be decremented. */
    INVALID_TTL(2, "invalid_ttl"),
    /** The action set sent it ({@code OFPR_ACTION_SET} of OpenFlow 1.4); only where a flow asks for this reason. */
    ACTION_SET(3, "action_set"),
    /** A group sent it ({@code OFPR_GROUP} of OpenFlow 1.4); only where a flow asks for this reason. */
    GROUP(4, "group"),
    /** A packet-out sent it ({@code OFPR_PACKET_OUT} of OpenFlow 1.4); only where a flow asks for this reason. */
    PACKET_OUT(5, "packet_out");

    private final int code;
    private final String text;

    PacketInReason(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The number in OpenFlow. */
    public int code() {
        return code;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
