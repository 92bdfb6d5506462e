// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;

/**
 * The order in which a look-up asks for the parts of a key: first what changes least from packet to packet of one
 * conversation partner, last what changes most. A look-up that fails in an early stage has not looked at the later ones, so
 * the megaflow leaves them open: that is why TCP port rules do not split the megaflows of other traffic.
 */
final class Stages {

    /** Where the packet comes from, and what earlier tables left for later ones. */
    static final int ORIGIN = 0;

    /** Ethernet: addresses, tags, type. */
    static final int LINK = 1;

    /** IP: addresses, protocol, type of service; ARP addresses; MPLS. */
    static final int NETWORK = 2;

    /** Ports, flags, ICMP type, neighbour discovery. */
    static final int TRANSPORT = 3;

    /** How many there are. */
    static final int COUNT = 4;

    /** Bits of ports, flags and ICMP type in their word; type of service and TTL are in its low bits. */
    private static final long TRANSPORT_BITS = -1L << Field.TCP_FLAGS.shift();

    private static final int ND_TARGET_WORD = Field.ND_TARGET.word();
    private static final int LAST_ND_WORD = Field.ND_TLL.word();

    private Stages() {}

    /** The bits of a key word that a stage asks for. */
    static long bitsOf(int stage, int word) {
        if (word == Field.IN_PORT.word()) {
            return switch (stage) {
                case ORIGIN -> Field.IN_PORT.wordMask();
                case LINK -> Field.ETH_TYPE.wordMask();
                case NETWORK -> ~(Field.IN_PORT.wordMask() | Field.ETH_TYPE.wordMask());
                default -> 0;
            };
        }
        if (word == Field.TCP_SRC.word()) {
            return stage == TRANSPORT ? TRANSPORT_BITS : stage == NETWORK ? ~TRANSPORT_BITS : 0;
        }
        return stage == stageOf(word) ? -1L : 0;
    }

    private static int stageOf(int word) {
        if (word >= KeyLayout.PACKET_WORDS) {
            return ORIGIN;
        }
        if (word == Field.ETH_DST.word() || word == Field.ETH_SRC.word()) {
            return LINK;
        }
        return word >= ND_TARGET_WORD && word <= LAST_ND_WORD ? TRANSPORT : NETWORK;
    }
}
