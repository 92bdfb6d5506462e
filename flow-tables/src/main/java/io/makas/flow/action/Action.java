// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;

/**
 * One thing that a flow does to a packet, as people and programs write it. To drop is to have no actions.
 *
 * <p>Actions say what is wanted; whether a flow may ask for it is checked when the flow is added, and what it means for a
 * packet is decided by the walk through the pipeline. Immutable, for any thread.
 */
public sealed interface Action {

    /** Highest number of an ordinary port ({@code OFPP_MAX}, openflow.h); unsigned. */
    int MAX_PORT = 0xffffff00;

    /**
     * Send a copy of the packet, as it is now, out of a port; not if it is the one that the packet came in by.
     *
     * @param port 1 to {@link #MAX_PORT}, unsigned
     */
    record Output(int port) implements Action {}

    /** Send a copy of the packet, as it is now, to where the reserved port stands for. */
    record OutputReserved(ReservedPort port) implements Action {}

    /**
     * Send a copy of the packet to the controllers.
     *
     * @param maxBytes how many of its first bytes, 0 to 0xffff; {@link #WHOLE_PACKET} for all
     */
    record Controller(int maxBytes) implements Action {

        /** All bytes ({@code OFPCML_NO_BUFFER}, openflow.h). */
        public static final int WHOLE_PACKET = 0xffff;
    }

    /** Change bits of a header field, a register or the metadata. */
    record SetField(Field field, MaskedValue value) implements Action {

        /** Changes all the bits of a field of up to 64 bits. */
        public SetField(Field field, long value) {
            this(field, MaskedValue.exact(field, value));
        }
    }

    /**
     * Push a VLAN tag before all others; it takes id and priority of the one that was the first, or 0.
     *
     * @param tpid 0x8100 or 0x88a8
     */
    record PushVlan(int tpid) implements Action {}

    /** Take off the outer VLAN tag. */
    record PopVlan() implements Action {}

    /** Decrement the IPv4 TTL or the IPv6 hop limit; where it is 0 or 1, stop and drop. */
    record DecTtl() implements Action {}

    /**
     * Look the packet, as it is now, up in a table, do what is found there, and come back (an Open vSwitch extension).
     *
     * @param inPort input port to look up with, or 0 for the packet's own; outputs still see the packet's own
     * @param table the table, or {@link #SAME_TABLE}
     */
    record Resubmit(int inPort, int table) implements Action {

        /** The table that the flow is in. */
        public static final int SAME_TABLE = 255;
    }
}
