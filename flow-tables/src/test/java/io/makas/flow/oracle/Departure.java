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
    /** Controllers are not told of an expired TTL unless they have asked for it; Makas leaves that to the channel. */
    EXPIRED_TTL_IS_NOT_TOLD,
    /** A pushed tag has id and priority 0; OpenFlow 1.3.5 §5.12.1 copies them from the outer tag. */
    PUSHED_TAG_IS_EMPTY,
    /**
     * Where a flow may set a VLAN id, but the packet has lost its tag on the way, a tag is pushed; in OpenFlow 1.3.5 §5.12 only a
     * push action pushes.
     */
    SET_VLAN_ID_PUSHES,
    /** A packet-in is whole, whatever {@code max_len} says, since nothing is buffered; OpenFlow 1.3.5 §5.12 cuts it. */
    PACKET_IN_IS_WHOLE,
    /**
     * A packet-in from the action set says the table and the cookie of the flow that the packet met first. Makas says those of
     * the flow met last, behind which the set is executed.
     */
    ACTION_SET_IS_OF_FIRST_FLOW,
    /** A TCP header whose data offset is wrong has no ports (since 3.0); OpenFlow does not say so. */
    TCP_LENGTH_IS_CHECKED
}
