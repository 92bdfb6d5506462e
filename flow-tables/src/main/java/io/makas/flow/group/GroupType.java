// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.group;

/** Which buckets of a group a packet is for ({@code ofp_group_type}, openflow.h). */
public enum GroupType {
    /** All of them, each with a copy of its own. */
    ALL("all"),
    /** One, chosen by a hash of the packet; heavier buckets more often. */
    SELECT("select"),
    /** The only one. */
    INDIRECT("indirect"),
    /** The first that is live. */
    FAST_FAILOVER("ff");

    private final String text;

    GroupType(String text) {
        this.text = text;
    }

    /** The name in {@code ovs-ofctl} syntax. */
    public String text() {
        return text;
    }
}
