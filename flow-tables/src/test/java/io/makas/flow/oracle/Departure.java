// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

/** Where Open vSwitch 3.1 is known to do otherwise than Makas, and why that is so. The plain switch can do either. */
enum Departure {
    /** It executes the action set of a packet that missed in a later table; OpenFlow 1.3.5 §5.4 drops the packet. */
    ACTION_SET_AFTER_MISS,
    /**
     * A TTL that expires ends the list of actions at hand, and no more: the action set is executed, and what resubmitted goes
     * on. OpenFlow 1.3.5 §5.12 has the packet rejected.
     */
    EXPIRED_TTL_ENDS_ONE_LIST,
    /** A pushed tag has id and priority 0; OpenFlow 1.3.5 §5.12.1 copies them from the outer tag. */
    PUSHED_TAG_IS_EMPTY,
    /**
     * Where a flow may set a VLAN id, but the packet has lost its tag on the way, a tag is pushed; in OpenFlow 1.3.5 §5.12 only a
     * push action pushes.
     */
    SET_VLAN_ID_PUSHES,
    /**
     * The first MPLS entry has the explicit null label of IPv4 or IPv6, the class from the DSCP, and TTL 64 where there is no IP or its
     * TTL is 0;
     * OpenFlow 1.3.5 §5.12.1 has 0 where there is nothing to copy.
     */
    FIRST_LABEL_IS_EXPLICIT_NULL,
    /** {@code pop_mpls} to another type than MPLS takes off all entries; OpenFlow 1.3.5 §5.12 the outer one. */
    POP_TO_OTHER_TYPE_POPS_ALL,
    /** {@code clone} begins with the packet's action set, and executes it; Makas has an empty one begin there. */
    CLONE_EXECUTES_ACTION_SET,
    /** {@code exit} leaves the action set unexecuted; its own manual has it executed. */
    EXIT_SKIPS_ACTION_SET,
    /** {@code exit} in {@code clone} ends the actions of the packet, too. */
    EXIT_LEAVES_CLONE,
    /** A packet-in is whole, whatever {@code max_len} says, since nothing is buffered; OpenFlow 1.3.5 §5.12 cuts it. */
    PACKET_IN_IS_WHOLE,
    /**
     * A packet-in from the action set, also of an expired TTL, says the table (and the cookie) of the flow that the packet met
     * first. Makas says the table of the flow met last, behind which the set is executed.
     */
    ACTION_SET_IS_OF_FIRST_FLOW,
    /** A packet-in from the action set or a bucket has a flow's cookie; OpenFlow 1.3.5 §7.4.1 has it all ones. */
    ACTION_SET_HAS_COOKIE,
    /**
     * Bytes of a later fragment are changed as if a transport header lay there, where addresses, ports or ICMP types are set; there is
     * none in later fragments. Not followed, just told.
     */
    LATER_FRAGMENTS_ARE_REWRITTEN,
    /** Behind an IPv6 fragment header, be it of a whole packet, checksums are not mended when an address is set. Just told. */
    FRAGMENT_HEADER_STOPS_MENDING,
    /** A packet for which a group has no bucket is not counted for the group; OpenFlow 1.3.5 §5.8 counts what it processes. */
    GROUP_WITHOUT_BUCKET_IS_NOT_COUNTED,
    /** A flow that would surely push a third tag is refused; Makas pushes it. */
    THIRD_TAG_IS_REFUSED,
    /**
     * Actions that are written are checked against the packet as changed by those that are applied; Makas checks them against the
     * match alone, since the set is executed later.
     */
    WRITTEN_ACTIONS_FOLLOW_APPLIED_ONES,
    /** A TCP header whose data offset is wrong has no ports (since 3.0); OpenFlow does not say so. */
    TCP_LENGTH_IS_CHECKED
}
