// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.replay.Replay;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowMod;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowRemoved;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.PipelineMod;
import io.makas.flow.text.FlowTextException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code --cases}: a switch for each line. */
final class OfflineCases {

    private static final List<String> MEMBERS = List.of("ports", "groups", "meters", "flows", "packets");
    private static final List<String> REQUIRED = List.of("ports", "flows", "packets");
    private static final int MAX_FLOWS = 1_000_000;
    private static final int MEGAFLOWS = 256;

    private final ResultOutput output;

    OfflineCases(ResultOutput output) {
        this.output = output;
    }

    /** Reads a file of cases, and writes a line for each. */
    void run(String path) throws InputException {
        try (TextInput input = TextInput.open(path, output::flush)) {
            boolean isHeard = true;
            for (String text = input.nextLine(); text != null && isHeard; text = input.nextLine()) {
                if (!text.isBlank()) {
                    JsonLine line = new JsonLine(input, text);
                    new Case(line).run(output.text());
                    isHeard = output.endLine();
                }
            }
        }
    }

    /** An entry that the switch refused. */
    private record Refusal(String item, String message) {}

    /** One line. */
    private static final class Case {

        private final List<String> groups = new ArrayList<>();
        private final List<String> meters = new ArrayList<>();
        private final List<String> flows = new ArrayList<>();
        private final List<TimedPacket> packets = new ArrayList<>();
        private Ports ports;

        /** Where in the line the packets are, if they came before the ports by which they are checked; else -1. */
        private int packetsAt = -1;

        private Case(JsonLine line) throws InputException {
            int column = line.column();
            Set<String> there = line.object(MEMBERS, name -> read(name, line));
            for (String name : REQUIRED) {
                if (!there.contains(name)) {
                    throw line.error(column, "a case without \"" + name + "\", which was expected");
                }
            }
            line.end();
            if (packetsAt >= 0) {
                line.goTo(packetsAt);
                readPackets(line);
            }
        }

        private void read(String name, JsonLine line) throws InputException {
            switch (name) {
                case "ports" -> ports = Ports.read(line);
                case "groups" -> texts(groups, line, "a list of groups");
                case "meters" -> texts(meters, line, "a list of meters");
                case "flows" -> texts(flows, line, "a list of flows");
                case "packets" -> {
                    if (ports == null) {
                        packetsAt = line.position();
                        line.skip();
                    } else {
                        readPackets(line);
                    }
                }
                default -> throw new IllegalStateException(name);
            }
        }

        private static void texts(List<String> texts, JsonLine line, String what) throws InputException {
            line.list(what, () -> texts.add(line.string("the text of one")));
        }

        private void readPackets(JsonLine line) throws InputException {
            TimedPacket.Reader reader = new TimedPacket.Reader(ports);
            line.list("a list of packets", () -> packets.add(reader.read(line)));
        }

        private void run(StringBuilder out) {
            Replay replay = new Replay(ports.states(), MAX_FLOWS, MEGAFLOWS);
            List<PipelineMod> mods = new ArrayList<>(flows.size());
            Refusal refusal = add(EntryKind.METER, meters, replay, new ArrayList<>());
            refusal = refusal == null ? add(EntryKind.GROUP, groups, replay, new ArrayList<>()) : refusal;
            refusal = refusal == null ? add(EntryKind.FLOW, flows, replay, mods) : refusal;
            out.append("{\"results\":[");
            if (refusal == null) {
                for (int i = 0; i < packets.size(); i++) {
                    TimedPacket packet = packets.get(i);
                    out.append(i == 0 ? "" : ",");
                    ResultJson.append(out, replay.send(packet.inPort(), packet.frame(), packet.timeMs()), null);
                }
            }
            out.append("],\"counters\":[");
            if (refusal == null) {
                writeCounters(out, replay, mods);
            }
            out.append("],\"error\":");
            if (refusal == null) {
                out.append("null");
            } else {
                out.append("{\"item\":");
                ResultJson.quote(out, refusal.item);
                out.append(",\"message\":");
                ResultJson.quote(out, refusal.message);
                out.append('}');
            }
            out.append('}');
        }

        /** Adds entries in order; answers the first that cannot be, or null. */
        private static Refusal add(EntryKind kind, List<String> texts, Replay replay, List<PipelineMod> mods) {
            Refusal refusal = null;
            for (int i = 0; i < texts.size() && refusal == null; i++) {
                try {
                    mods.add(kind.parse(texts.get(i)));
                } catch (FlowTextException e) {
                    refusal =
                            new Refusal(kind.member() + "[" + i + "]", "column " + e.column() + ": " + e.getMessage());
                }
            }
            try {
                replay.pipeline().apply(mods);
            } catch (FlowModException e) {
                int column = EntryKind.columnOf(e.kind(), texts.get(e.index()));
                return new Refusal(kind.member() + "[" + e.index() + "]", "column " + column + ": " + e.getMessage());
            }
            return refusal;
        }

        private static void writeCounters(StringBuilder out, Replay replay, List<PipelineMod> mods) {
            List<FlowRemoved> removed = replay.removed();
            for (int i = 0; i < mods.size(); i++) {
                FlowStatistics flow = mods.get(i) instanceof FlowMod.Add add ? find(replay, removed, add) : null;
                out.append(i == 0 ? "[" : ",[").append(flow == null ? 0 : flow.packets());
                out.append(',').append(flow == null ? 0 : flow.bytes()).append(']');
            }
        }

        /** The flow of this table, priority and match that is there now, or else the last one that was. */
        private static FlowStatistics find(Replay replay, List<FlowRemoved> removed, FlowMod.Add add) {
            FlowFilter filter = FlowFilter.strictly(add.table(), add.priority(), add.match());
            List<FlowStatistics> found = replay.pipeline().flows(filter);
            if (!found.isEmpty()) {
                return found.getFirst();
            }
            return removed.reversed().stream()
                    .filter(each -> filter.accepts(each.entry()))
                    .map(FlowRemoved::statistics)
                    .findFirst()
                    .orElse(null);
        }
    }
}
