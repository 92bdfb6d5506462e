// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.util.List;

/**
 * What became of a packet.
 *
 * @param outputs what left by ports, in order
 * @param packetIns what the controllers got, in order
 * @param tables the tables that were looked up, in order
 */
record PlainResult(List<Output> outputs, List<PacketIn> packetIns, List<Integer> tables) {

    /** A frame that left by a port. */
    record Output(int port, byte[] frame) {}

    /** A frame that the controllers got: its first bytes, and how many it has. */
    record PacketIn(String reason, int table, long cookie, byte[] data, int totalBytes) {}
}
