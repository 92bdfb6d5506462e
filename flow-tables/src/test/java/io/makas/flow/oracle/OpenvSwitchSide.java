// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What Open vSwitch makes of cases. For one thread. */
final class OpenvSwitchSide implements AutoCloseable {

    private static final List<String> REASONS = List.of("no_match", "action", "invalid_ttl");

    private final OpenvSwitch openvSwitch;
    private final FlowCompiler compiler;

    OpenvSwitchSide() throws IOException, InterruptedException {
        openvSwitch = OpenvSwitch.start(RandomCases.PORTS);
        compiler = new FlowCompiler(openvSwitch);
    }

    /** Runs cases, each from an empty switch on. */
    List<Outcome> run(List<Case> cases) throws IOException, InterruptedException {
        List<FlowCompiler.Compiled> groups = compiler.compile(
                "add-groups",
                cases.stream().flatMap(each -> each.groups().stream()).toList());
        List<FlowCompiler.Compiled> flows = compiler.compile(
                "add-flows",
                cases.stream().flatMap(each -> each.flows().stream()).toList());
        List<Outcome> outcomes = new ArrayList<>();
        int group = 0;
        int flow = 0;
        for (Case each : cases) {
            List<FlowCompiler.Compiled> entries = new ArrayList<>();
            entries.addAll(groups.subList(group, group += each.groups().size()));
            entries.addAll(flows.subList(flow, flow += each.flows().size()));
            outcomes.add(run(each, entries));
        }
        return outcomes;
    }

    @Override
    public void close() {
        compiler.close();
        openvSwitch.close();
    }

    private Outcome run(Case given, List<FlowCompiler.Compiled> entries) throws IOException {
        OpenflowChannel channel = openvSwitch.channel();
        channel.send(deleteAllFlows());
        channel.send(deleteAllGroups());
        SortedSet<String> refused = new TreeSet<>();
        Map<Integer, String> sent = new HashMap<>();
        for (FlowCompiler.Compiled entry : entries) {
            if (entry.message() == null) {
                refused.add(entry.text() + "  (" + entry.refusal() + ")");
            } else {
                sent.put(channel.send(entry.message()), entry.text());
            }
        }
        channel.barrier();
        channel.refusals()
                .forEach((id, refusal) ->
                        refused.add(sent.get(id) + "  (type " + refusal.type() + ", code " + refusal.code() + ")"));
        List<List<String>> packets = new ArrayList<>();
        for (Case.Packet packet : given.packets()) {
            openvSwitch.receive(packet.inPort(), packet.frame());
            packets.add(sent());
        }
        Map<String, String> counters = new TreeMap<>();
        channel.flowCounters()
                .forEach((cookie, values) ->
                        counters.put("flow " + cookie, values[0] + " packets, " + values[1] + " bytes"));
        channel.groupCounters().forEach((id, values) -> counters.put("group " + id, Arrays.toString(values)));
        return new Outcome(refused, packets, counters);
    }

    private List<String> sent() throws IOException {
        List<PlainResult.Output> outputs = new ArrayList<>();
        for (int port = 1; port <= RandomCases.PORTS; port++) {
            for (byte[] frame : openvSwitch.sentBy(port)) {
                outputs.add(new PlainResult.Output(port, frame));
            }
        }
        List<PlainResult.PacketIn> packetIns = new ArrayList<>();
        for (OpenflowChannel.PacketIn in : openvSwitch.channel().packetIns()) {
            packetIns.add(new PlainResult.PacketIn(
                    REASONS.get(in.reason()), in.table(), in.cookie(), in.data(), in.totalBytes()));
        }
        return Outcome.packet(new PlainResult(outputs, packetIns, List.of()));
    }

    private static byte[] deleteAllFlows() {
        ByteBuffer body = ByteBuffer.allocate(48);
        body.position(16);
        body.put((byte) 0xff).put((byte) 3).position(24);
        body.putInt(-1).putInt(-1).putInt(-1).position(40);
        body.putShort((short) 1).putShort((short) 4);
        return OpenflowChannel.message(OpenflowChannel.FLOW_MOD, body.array());
    }

    private static byte[] deleteAllGroups() {
        ByteBuffer body = ByteBuffer.allocate(8);
        body.putShort((short) 2).position(4);
        body.putInt(0xfffffffc);
        return OpenflowChannel.message(OpenflowChannel.GROUP_MOD, body.array());
    }
}
