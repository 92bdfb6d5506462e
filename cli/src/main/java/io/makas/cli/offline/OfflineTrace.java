// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.offline;

import io.makas.flow.key.Field;
import io.makas.flow.pipeline.DropReason;
import io.makas.flow.pipeline.Trace;
import io.makas.flow.replay.Replay;
import io.makas.flow.replay.ReplayExplanation;
import io.makas.flow.replay.ReplayResult;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** {@code makas trace --offline}: checks the options, then carries every packet of the input through a switch in memory. */
public final class OfflineTrace {

    /** Flows in all tables together: what fits into a usual heap. */
    private static final int MAX_FLOWS = 4_000_000;

    private final OfflineOptions options;
    private final List<String> packet;
    private final boolean isJson;
    private final ResultOutput output;

    /**
     * Prepares a run.
     *
     * @param packet a packet as its fields, or as input port and bytes; empty if there is none
     * @param isJson whether results are written for programs, else for people
     * @param out where they are written to
     */
    public OfflineTrace(OfflineOptions options, List<String> packet, boolean isJson, PrintWriter out) {
        this.options = options;
        this.packet = packet;
        this.isJson = isJson;
        this.output = new ResultOutput(out);
    }

    /**
     * Reads the input to its end. The results of what came before a wrong line are written all the same.
     *
     * @throws InputException if the options or an input make no sense
     */
    public void run() throws InputException {
        try {
            if (!options.isOffline) {
                throw new InputException("options of traces without a running switch need --offline, too");
            }
            if (options.cases != null) {
                checkOptionsOfCases();
                new OfflineCases(output).run(options.cases);
            } else if (!packet.isEmpty()) {
                checkOptionsOfPacket();
                tracePacket();
            } else {
                checkOptionsOfPackets();
                runPackets();
            }
        } finally {
            output.flush();
        }
    }

    private void checkOptionsOfCases() throws InputException {
        requireAbsent("--flows", options.flows);
        requireAbsent("--groups", options.groups);
        requireAbsent("--meters", options.meters);
        requireAbsent("--ports", options.ports);
        requireAbsent("--packets", options.packets);
        requireAbsent("--dump-flows", options.dumpFlows);
        requireAbsent("--verbose", options.isVerbose ? "" : null);
        requireAbsent("a packet", packet.isEmpty() ? null : "");
        if (!isJson) {
            throw new InputException("--cases needs --json: its results are for programs");
        }
    }

    private static void requireAbsent(String name, String value) throws InputException {
        if (value != null) {
            throw new InputException(name + " cannot be given with --cases, whose lines say everything");
        }
    }

    private void checkOptionsOfPackets() throws InputException {
        checkOptionsOfSwitch();
        requirePresent("--packets FILE", options.packets);
    }

    private void checkOptionsOfPacket() throws InputException {
        checkOptionsOfSwitch();
        if (options.packets != null || options.dumpFlows != null) {
            throw new InputException(
                    "'" + packet.getFirst() + "': give one packet, or --packets FILE for many that count, not both");
        }
    }

    private void checkOptionsOfSwitch() throws InputException {
        requirePresent("--flows FILE", options.flows);
        requirePresent("--ports 1,2,…", options.ports);
    }

    private static void requirePresent(String name, String value) throws InputException {
        if (value == null) {
            throw new InputException("--offline needs " + name + ", or --cases FILE in place of them all");
        }
    }

    private Replay replay(Ports ports) throws InputException {
        Replay replay = new Replay(ports.states(), MAX_FLOWS, Replay.DEFAULT_MEGAFLOWS);
        load(EntryKind.METER, options.meters, replay);
        load(EntryKind.GROUP, options.groups, replay);
        load(EntryKind.FLOW, options.flows, replay);
        return replay;
    }

    private static void load(EntryKind kind, String path, Replay replay) throws InputException {
        if (path != null) {
            EntryFile.load(kind, path, replay.pipeline());
        }
    }

    /** Tells what would happen to the one packet of the command line. */
    private void tracePacket() throws InputException {
        Ports ports = Ports.parse(options.ports);
        Trace trace;
        if (packet.size() == 1) {
            long[] key = key(packet.getFirst());
            requirePort(Integer.toUnsignedString((int) Field.IN_PORT.in(key)), ports);
            trace = replay(ports).pipeline().trace(key);
        } else {
            requirePort(packet.getFirst(), ports);
            byte[] frame = bytes(packet.get(1));
            List<Trace> traces = replay(ports)
                    .explain(Integer.parseUnsignedInt(packet.getFirst()), frame, 0)
                    .traces();
            if (traces.isEmpty()) {
                throw new InputException("a frame of " + frame.length + " bytes where 14 or more were expected");
            }
            trace = traces.getFirst();
        }
        output.text().append(isJson ? trace.json() : trace.text().stripTrailing());
        output.endLine();
    }

    private static void requirePort(String number, Ports ports) throws InputException {
        if (!number.matches("[0-9]{1,10}") || !ports.has((int) Long.parseLong(number))) {
            throw new InputException("input port " + number + " where one of the ports " + ports + " was expected");
        }
    }

    private static long[] key(String flow) throws InputException {
        try {
            return FlowText.parseKey(flow);
        } catch (FlowTextException e) {
            throw new InputException(
                    flow + ": column " + e.column() + ": " + EntryKind.FLOW.withExpectation(e.getMessage()));
        }
    }

    private static byte[] bytes(String hex) throws InputException {
        try {
            return HexFormat.of().parseHex(hex.replaceAll("[\\s:]", ""));
        } catch (IllegalArgumentException e) {
            throw new InputException("the packet must be an even number of hex digits: " + e.getMessage());
        }
    }

    private void runPackets() throws InputException {
        Ports ports = Ports.parse(options.ports);
        Replay replay = replay(ports);
        TimedPacket.Reader packets = new TimedPacket.Reader(ports);
        try (TextInput input = TextInput.open(options.packets, output::flush)) {
            boolean isHeard = true;
            for (String text = input.nextLine(); text != null && isHeard; text = input.nextLine()) {
                if (text.isBlank()) {
                    continue;
                }
                JsonLine line = new JsonLine(input, text);
                TimedPacket packet = packets.read(line);
                line.end();
                if (isJson && !options.isVerbose) {
                    ResultJson.append(
                            output.text(), replay.send(packet.inPort(), packet.frame(), packet.timeMs()), null);
                } else {
                    ReplayExplanation explanation = replay.explain(packet.inPort(), packet.frame(), packet.timeMs());
                    if (isJson) {
                        ResultJson.append(output.text(), explanation.result(), explanation.traces());
                    } else {
                        describe(packet, input.line(), explanation);
                    }
                }
                isHeard = output.endLine();
            }
        }
        if (options.dumpFlows != null) {
            dumpFlows(replay, options.dumpFlows);
        }
    }

    private void describe(TimedPacket packet, int line, ReplayExplanation explanation) {
        StringBuilder text = output.text();
        text.append("line ").append(line).append(": ").append(packet.frame().length);
        text.append(" bytes at ").append(packet.timeMs()).append(" ms\n");
        DropReason told = null;
        for (Trace trace : explanation.traces()) {
            text.append(trace == explanation.traces().getFirst() ? "" : "looked at again:\n");
            text.append(trace.text());
            told = trace.dropReason();
        }
        ReplayResult result = explanation.result();
        if (result.dropReason() != null && result.dropReason() != told) {
            text.append("dropped: ").append(result.dropReason().label()).append('\n');
        }
        HexFormat hex = HexFormat.of();
        for (ReplayResult.Output each : result.outputs()) {
            text.append("bytes to port ")
                    .append(Integer.toUnsignedString(each.port()))
                    .append(": ");
            text.append(hex.formatHex(each.frame())).append('\n');
        }
        for (ReplayResult.PacketIn each : result.packetIns()) {
            text.append("bytes to the controllers (")
                    .append(each.reason().text())
                    .append("): ");
            text.append(hex.formatHex(each.data())).append('\n');
        }
    }

    private static void dumpFlows(Replay replay, String path) throws InputException {
        try (BufferedWriter writer = Files.newBufferedWriter(Path.of(path))) {
            for (FlowStatistics flow : replay.pipeline().flows(FlowFilter.ALL)) {
                writer.write(FlowText.format(flow));
                writer.write('\n');
            }
        } catch (IOException e) {
            throw InputException.ofFile("write", path, e);
        } catch (InvalidPathException e) {
            throw new InputException("cannot write '" + path + "': that is no name of a file");
        }
    }
}
