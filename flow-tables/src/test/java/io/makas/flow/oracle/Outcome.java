// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * What a switch made of a {@link Case}, as text.
 *
 * @param refused the entries that it did not take, and why
 * @param packets for each packet what left: by port and, within a port, in order; then the packet-ins
 * @param counters packets and bytes of each flow, by its cookie, and of each group and its buckets
 */
record Outcome(SortedSet<String> refused, List<List<String>> packets, Map<String, String> counters) {

    /** What came of a packet. */
    static List<String> packet(PlainResult result) {
        List<String> lines = new ArrayList<>();
        result.outputs().stream()
                .sorted(Comparator.comparing(PlainResult.Output::port))
                .forEach(output -> lines.add(output(output.port(), output.frame())));
        for (PlainResult.PacketIn in : result.packetIns()) {
            lines.add("packet-in " + in.reason() + " table " + in.table() + " cookie " + in.cookie() + " of "
                    + in.totalBytes() + ": " + HexFormat.of().formatHex(in.data()));
        }
        return lines;
    }

    static String output(int port, byte[] frame) {
        return "port " + port + ": " + HexFormat.of().formatHex(frame);
    }

    /** Where two outcomes differ, as text for people; empty if they do not. */
    List<String> differences(Outcome other, Case given, String mine, String others) {
        List<String> lines = new ArrayList<>();
        if (!refusedEntries().equals(other.refusedEntries())) {
            addRefusals(lines, mine, refused, other.refusedEntries());
            addRefusals(lines, others, other.refused, refusedEntries());
            return lines;
        }
        for (int i = 0; i < packets.size(); i++) {
            if (!packets.get(i).equals(other.packets.get(i))) {
                Case.Packet packet = given.packets().get(i);
                lines.add("packet " + i + " in_port " + packet.inPort() + " "
                        + HexFormat.of().formatHex(packet.frame()));
                packets.get(i).forEach(line -> lines.add("    " + mine + ": " + line));
                other.packets.get(i).forEach(line -> lines.add("    " + others + ": " + line));
                return lines;
            }
        }
        // Two choices of a bucket may have the same result, and not the same counters.
        boolean groupsCount = given.groups().stream().noneMatch(group -> group.contains("type=select"));
        counters.forEach((name, value) -> {
            boolean counts = groupsCount || !name.startsWith("group ");
            if (counts && !value.equals(other.counters.get(name))) {
                lines.add(name + " " + mine + ": " + value + ", " + others + ": " + other.counters.get(name));
            }
        });
        return lines;
    }

    /** The entries that it did not take. */
    List<String> refusedEntries() {
        return refused.stream().map(Outcome::entry).toList();
    }

    private static void addRefusals(List<String> lines, String who, SortedSet<String> refused, List<String> others) {
        for (String refusal : refused) {
            if (!others.contains(entry(refusal))) {
                lines.add("refused by " + who + " only: " + refusal);
            }
        }
    }

    /** The entry that a refusal is about. */
    static String entry(String refusal) {
        return refusal.substring(0, refusal.indexOf("  ("));
    }
}
