// SPDX-License-Identifier: Apache-2.0
package io.makas.cli.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.makas.cli.SwitchClient;
import io.makas.cli.demo.echo.EchoPeers;
import io.makas.cli.demo.host.Shell;
import io.makas.cli.demo.measure.Protocol;
import io.makas.cli.demo.report.Check;
import io.makas.v1.FlowStatistics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows that two containers talk through the switch, and that flows decide it: without flows nothing passes, with them
 * ping, ARP, UDP and TCP do, a drop flow stops UDP alone and counts what it dropped, and without it all is as before.
 */
final class Proof {

    private static final int DATAGRAMS = 20;
    private static final int TCP_BYTES = 1 << 20;

    private final Screen screen;
    private final Shell shell;
    private final SwitchClient client;
    private final CniNetwork.Joined joined;
    private final EchoPeers peers;
    private final Path flows;
    private final List<Check> checks = new ArrayList<>();

    /**
     * A proof on two containers that are joined and have no flows yet.
     *
     * @param flows the file of sample flows that lets them talk
     */
    Proof(Screen screen, Shell shell, SwitchClient client, CniNetwork.Joined joined, EchoPeers peers, Path flows) {
        this.screen = screen;
        this.shell = shell;
        this.client = client;
        this.joined = joined;
        this.peers = peers;
        this.flows = flows;
    }

    /** Carries out the checks and leaves the two containers able to talk. */
    List<Check> run() {
        check("no-flow-no-traffic", !Ping.answered(shell, joined.pair(), 1), "without a flow, a ping stays unanswered");
        client.addFlows(FlowFile.read(flows));
        screen.say("added the flows of " + flows.getFileName() + " over gRPC");
        check(
                "ping",
                Ping.answered(shell, joined.pair(), 3),
                joined.client().address() + " to " + joined.server().address());
        String neighbour = neighbour();
        check(
                "arp",
                neighbour.equalsIgnoreCase(joined.server().mac()),
                joined.server().address() + " is at " + (neighbour.isEmpty() ? "no address" : neighbour));
        complete("udp", peers.exchange(Protocol.UDP, DATAGRAMS), "datagrams");
        complete("tcp", peers.exchange(Protocol.TCP, TCP_BYTES), "bytes");
        dropFlow();
        return List.copyOf(checks);
    }

    private void dropFlow() {
        String match = "udp,nw_dst=" + joined.server().address();
        client.addFlows(List.of(match + ",priority=200,actions=drop"));
        EchoPeers.Echo stopped = peers.exchange(Protocol.UDP, DATAGRAMS);
        check("drop-flow-stops-udp", stopped.silent(), match + ",actions=drop: " + stopped);
        complete("drop-flow-spares-tcp", peers.exchange(Protocol.TCP, TCP_BYTES), "bytes");
        long counted = client.flows(match).stream()
                .mapToLong(FlowStatistics::getPackets)
                .sum();
        check(
                "drop-flow-counts",
                counted == stopped.sent(),
                "n_packets=" + counted + " of " + stopped.sent() + " sent");
        client.deleteFlows(List.of(match));
        complete("udp-restored", peers.exchange(Protocol.UDP, DATAGRAMS), "datagrams");
    }

    private void complete(String name, EchoPeers.Echo echo, String unit) {
        check(name, echo.complete(), echo + " (" + unit + ")");
    }

    private void check(String name, boolean ok, String detail) {
        checks.add(new Check(name, ok, detail));
        screen.check(ok, name, detail);
    }

    /** The Ethernet address that the client's kernel has learned for the server, or nothing. */
    private String neighbour() {
        String json = shell.run(
                "ip",
                "-json",
                "-netns",
                joined.client().container().name(),
                "neighbour",
                "show",
                "to",
                joined.server().address());
        for (JsonElement entry : JsonParser.parseString(json).getAsJsonArray()) {
            if (entry.getAsJsonObject().has("lladdr")) {
                return entry.getAsJsonObject().get("lladdr").getAsString();
            }
        }
        return "";
    }
}
