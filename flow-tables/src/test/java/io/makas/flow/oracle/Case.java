// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Groups, flows and packets, to be given to two switches.
 *
 * @param groups in the syntax of {@code ovs-ofctl add-groups}, to be added before the flows
 * @param flows in the syntax of {@code ovs-ofctl add-flows}; the cookie of each is its place in the list
 */
record Case(String name, List<String> groups, List<String> flows, List<Packet> packets) {

    /** All of it, to be read and to be run by hand. */
    String text() {
        List<String> lines = new ArrayList<>(List.of(name));
        groups.forEach(group -> lines.add("  group " + group));
        flows.forEach(flow -> lines.add("  flow " + flow));
        packets.forEach(packet -> lines.add(
                "  packet in_port " + packet.inPort() + " " + HexFormat.of().formatHex(packet.frame())));
        return String.join("\n", lines);
    }

    /** A frame that comes in by a port. */
    record Packet(int inPort, byte[] frame) {}
}
