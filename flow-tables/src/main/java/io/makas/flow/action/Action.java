// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.action;

import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import java.util.List;

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
     * Send a copy of the packet, as it is now, out of the port whose number is in a field (an Open vSwitch extension); not if it
     * is the one that the packet came in by.
     */
    record OutputField(FieldRange port) implements Action {}

    /**
     * Send the first bytes of the packet, as it is now, out of a port (an Open vSwitch extension).
     *
     * @param port an ordinary port, or the number of a reserved one
     * @param maxBytes how many of its first bytes, at least 14
     */
    record OutputTruncated(int port, int maxBytes) implements Action {}

    /**
     * Send a copy of the packet to the controllers.
     *
     * @param maxBytes how many of its first bytes, 0 to 0xffff; {@link #WHOLE_PACKET} for all
     * @param reason the reason to give, or null for the one that OpenFlow has for the place of the action
     * @param controllerId which controllers, 0 to 0xffff; 0 is the usual one
     * @param userData what to hand to the controllers with the packet
     */
    record Controller(int maxBytes, PacketInReason reason, int controllerId, Octets userData) implements Action {

        /** All bytes ({@code OFPCML_NO_BUFFER}, openflow.h). */
        public static final int WHOLE_PACKET = 0xffff;

        /** To the usual controllers, for the usual reason. */
        public Controller(int maxBytes) {
            this(maxBytes, null, 0, Octets.NONE);
        }
    }

    /** Change bits of a header field, a register or the metadata. */
    record SetField(Field field, MaskedValue value) implements Action {

        /** Changes all the bits of a field of up to 64 bits. */
        public SetField(Field field, long value) {
            this(field, MaskedValue.exact(field, value));
        }
    }

    /** Copy bits of a field to bits of another one of the same number (an Open vSwitch extension). */
    record Move(FieldRange from, FieldRange to) implements Action {}

    /** Put bits of a field on the stack that the packet has on its way (an Open vSwitch extension). */
    record Push(FieldRange from) implements Action {}

    /** Take what was put on the stack last; its low bits become those of a field. Nothing, if the stack is empty. */
    record Pop(FieldRange to) implements Action {}

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
     * Push an MPLS label stack entry before all others; it takes label, class and TTL of the one that was the first, or label 0
     * and the TTL of the IP header.
     *
     * @param ethType 0x8847 or 0x8848
     */
    record PushMpls(int ethType) implements Action {}

    /**
     * Take off the outer MPLS label stack entry.
     *
     * @param ethType the Ethernet type of what was behind it
     */
    record PopMpls(int ethType) implements Action {}

    /** Decrement the TTL of the outer MPLS entry; where it is 0 or 1, stop and drop. */
    record DecMplsTtl() implements Action {}

    /** Copy the TTL of the next header outwards, to the outer MPLS entry. */
    record CopyTtlOut() implements Action {}

    /** Copy the TTL of the outer MPLS entry inwards, to the next header. */
    record CopyTtlIn() implements Action {}

    /** Let the outputs that follow use a queue of their port. */
    record SetQueue(int queue) implements Action {}

    /** Let the outputs that follow use the default queue again (an Open vSwitch extension). */
    record PopQueue() implements Action {}

    /**
     * Hand the packet, as it is now, to a group; what its buckets change, they change for themselves.
     *
     * @param id 0 to {@link #MAX_ID}, unsigned
     */
    record Group(int id) implements Action {

        /** The largest id of a group ({@code OFPG_MAX}, openflow.h); unsigned. */
        public static final int MAX_ID = 0xffffff00;
    }

    /**
     * Execute actions on a copy of the packet: what they change, they change for themselves (an Open vSwitch extension).
     */
    record Clone(List<Action> actions) implements Action {

        /** Makes the list immutable. */
        public Clone {
            actions = List.copyOf(actions);
        }
    }

    /** Add, or delete, a flow made of the packet's fields (an Open vSwitch extension). */
    record Learn(LearnSpec spec) implements Action {}

    /**
     * Shorten the timeouts of the flow that has this action when a TCP packet with FIN or RST passes (an Open vSwitch extension).
     *
     * @param idleTimeoutS what the idle timeout is shortened to in seconds, 0 to 65535; 0 for no change
     * @param hardTimeoutS what the hard timeout is shortened to in seconds, 0 to 65535; 0 for no change
     */
    record FinTimeout(int idleTimeoutS, int hardTimeoutS) implements Action {}

    /** Nothing; what was noted is there to be read (an Open vSwitch extension). */
    record Note(Octets data) implements Action {}

    /** End the actions of the packet in this table and those that resubmitted to it (an Open vSwitch extension). */
    record Exit() implements Action {}

    /**
     * Hand some packets to a collector (an Open vSwitch extension).
     *
     * @param probability how many of 65,535 packets, 1 to 65535
     * @param collectorSetId which collectors; unsigned
     * @param domainId the observation domain to tell them; unsigned
     * @param pointId the observation point to tell them; unsigned
     * @param port the port that the packet is said to leave by, 0 for none
     */
    record Sample(int probability, int collectorSetId, int domainId, int pointId, int port) implements Action {}

    /**
     * Note in one bit whether the packet, from its Ethernet header on, is longer than so many bytes (an Open vSwitch
     * extension).
     */
    record CheckPacketLarger(int bytes, FieldRange to) implements Action {}

    /**
     * This flow is an alternative of one of the clauses of a conjunction: a packet that has one of each clause has the
     * {@code conj_id} of the conjunction when the table is looked up again (an Open vSwitch extension).
     *
     * @param id the conjunction, unsigned
     * @param clause which clause, 1 to {@code clauses}
     * @param clauses how many clauses there are, 2 to 64
     */
    record Conjunction(int id, int clause, int clauses) implements Action {}

    /**
     * Choose one of several links by a hash of the packet and write its number into a field (an Open vSwitch extension).
     *
     * @param fields what is hashed
     * @param basis seed of the hash, 0 to 0xffff
     * @param algorithm how the hash chooses
     * @param links how many links, 1 to 65536
     * @param argument for {@code iter_hash}, 0 to 0xffff
     * @param to receives the number, from 0
     */
    record Multipath(HashFields fields, int basis, MultipathAlgorithm algorithm, int links, int argument, FieldRange to)
            implements Action {}

    /**
     * Choose one of several ports, of those that are up, by a hash of the packet, and send the packet there or write the port's
     * number into a field (an Open vSwitch extension).
     *
     * @param fields what is hashed
     * @param basis seed of the hash, 0 to 0xffff
     * @param isActiveBackup whether the first port that is up is chosen, whatever the hash
     * @param ports the ports
     * @param to receives the number, or null to send
     */
    record Bundle(HashFields fields, int basis, boolean isActiveBackup, List<Integer> ports, FieldRange to)
            implements Action {

        /** Makes the list immutable. */
        public Bundle {
            ports = List.copyOf(ports);
        }
    }

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
