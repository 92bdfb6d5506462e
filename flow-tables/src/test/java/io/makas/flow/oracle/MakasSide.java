// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.oracle;

import io.makas.flow.group.GroupStatistics;
import io.makas.flow.pipeline.PortState;
import io.makas.flow.replay.Replay;
import io.makas.flow.replay.ReplayResult;
import io.makas.flow.table.FlowFilter;
import io.makas.flow.table.FlowModException;
import io.makas.flow.table.FlowStatistics;
import io.makas.flow.table.TrafficCounter;
import io.makas.flow.text.FlowText;
import io.makas.flow.text.FlowTextException;
import io.makas.flow.text.GroupText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What Makas makes of a case. Stateless. */
final class MakasSide {

    private MakasSide() {}

    /**
     * Runs a case.
     *
     * @param megaflows how many answers are cached; 0 for none
     */
    static Outcome run(Case given, int megaflows) {
        Replay replay = new Replay(
                IntStream.rangeClosed(1, RandomCases.PORTS)
                        .mapToObj(PortState::new)
                        .toList(),
                1_000,
                megaflows);
        SortedSet<String> refused = new TreeSet<>();
        for (String group : given.groups()) {
            try {
                replay.pipeline().apply(List.of(GroupText.parse(group)));
            } catch (FlowTextException | FlowModException e) {
                refused.add(group + "  (" + e.getMessage() + ")");
            }
        }
        for (String flow : given.flows()) {
            try {
                replay.pipeline().apply(List.of(FlowText.parse(flow)));
            } catch (FlowTextException | FlowModException e) {
                refused.add(flow + "  (" + e.getMessage() + ")");
            }
        }
        List<List<String>> packets = new ArrayList<>();
        for (Case.Packet packet : given.packets()) {
            packets.add(Outcome.packet(plainly(replay.send(packet.inPort(), packet.frame(), 0))));
        }
        Map<String, String> counters = new TreeMap<>();
        for (FlowStatistics flow : replay.pipeline().flows(FlowFilter.ALL)) {
            counters.put("flow " + flow.cookie(), flow.packets() + " packets, " + flow.bytes() + " bytes");
        }
        for (GroupStatistics group : replay.pipeline().groups()) {
            counters.put("group " + group.group().id(), counters(group));
        }
        return new Outcome(refused, packets, counters);
    }

    private static String counters(GroupStatistics group) {
        List<Long> values = new ArrayList<>(
                List.of(group.handled().packets(), group.handled().bytes()));
        for (TrafficCounter.Count bucket : group.buckets()) {
            values.add(bucket.packets());
            values.add(bucket.bytes());
        }
        return values.toString();
    }

    private static PlainResult plainly(ReplayResult result) {
        List<PlainResult.Output> outputs = new ArrayList<>();
        List<PlainResult.PacketIn> packetIns = new ArrayList<>();
        for (ReplayResult.Output output : result.outputs()) {
            outputs.add(new PlainResult.Output(output.port(), output.frame()));
        }
        for (ReplayResult.PacketIn in : result.packetIns()) {
            packetIns.add(
                    new PlainResult.PacketIn(in.reason().text(), in.table(), in.cookie(), in.data(), in.totalBytes()));
        }
        return new PlainResult(outputs, packetIns, List.of());
    }
}
