// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

/** What of a packet decides where {@code bundle}, {@code multipath} and groups of type select send it. */
public enum HashFields {
    /** Ethernet source. */
    ETH_SRC("eth_src"),
    /** VLAN id, Ethernet type, Ethernet addresses, IP addresses and protocol, TCP, UDP and SCTP ports; either way alike. */
    SYMMETRIC_L4("symmetric_l4"),
    /** IP addresses and protocol, TCP and SCTP ports; either way alike. */
    SYMMETRIC_L3L4("symmetric_l3l4"),
    /** IP addresses and protocol, TCP, SCTP and UDP ports; either way alike. */
    SYMMETRIC_L3L4_UDP("symmetric_l3l4+udp"),
    /** IP addresses; either way alike. */
    SYMMETRIC_L3("symmetric_l3"),
    /** IP source. */
    NW_SRC("nw_src"),
    /** IP destination. */
    NW_DST("nw_dst");

    private final String text;

    HashFields(String text) {
        this.text = text;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
