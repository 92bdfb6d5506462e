// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

/** The port numbers with a meaning of their own ({@code ofp_port_no} in openflow.h). */
public enum ReservedPort {
    /** Back out of the port that the packet came in by. */
    IN_PORT(0xfffffff8, "in_port"),
    /** Whatever a learning Ethernet switch would do. */
    NORMAL(0xfffffffa, "normal"),
    /** All ports that take part in flooding, but for the one that the packet came in by. */
    FLOOD(0xfffffffb, "flood"),
    /** All ports but for the one that the packet came in by. */
    ALL(0xfffffffc, "all"),
    /** The node that the switch runs on. */
    LOCAL(0xfffffffe, "local");

    private final int number;
    private final String text;

    ReservedPort(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /** The number in OpenFlow, an unsigned 32-bit one. */
    public int number() {
        return number;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
