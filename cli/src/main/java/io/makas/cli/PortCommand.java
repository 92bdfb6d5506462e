// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.DeletePortRequest;
import io.makas.v1.GetPortResponse;
import io.makas.v1.Port;
import io.makas.v1.PortConfig;
import io.makas.v1.PortCounters;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas port}: adds, deletes, lists and shows ports. */
@Command(
        name = "port",
        description = "Add, delete, list and show ports.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class PortCommand {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Command(
            name = "add",
            description = "Open a port, and print its number.",
            mixinStandardHelpOptions = true,
            footer = {
                "%nExamples:",
                "  makas port add web --type afxdp --interface veth0",
                "  makas port add uplink --type afxdp --interface eth0 --take udp_dst=4789",
                "  makas port add vm --type vhost-user --path /run/vm.sock --role server",
                "  makas port add nic --type dpdk --devargs 0000:00:04.0"
            })
    int add(
            @Parameters(paramLabel = "NAME", description = "Unique name of the port.") String name,
            @Option(names = "--number", paramLabel = "N", description = "Its number (default: the lowest free one).")
                    int number,
            @Option(
                            names = "--queue-affinity",
                            paramLabel = "QUEUE:CORE[,...]",
                            defaultValue = "",
                            description = "Which of its queues are polled by the workers on which cores, e.g. 0:2,1:3 "
                                    + "(default: as 'workers.assignment' in the switch's configuration says).")
                    String queueAffinity,
            @Mixin PortOptions options) {
        PortConfig config = options.config(name);
        try (SwitchClient client = makas.connect()) {
            out().println(client.addPort(config, number, queueAffinity).getNumber());
        }
        out().flush();
        return Main.OK;
    }

    @Command(name = "del", description = "Close a port. Flows that name it stay.", mixinStandardHelpOptions = true)
    int del(@Parameters(paramLabel = "NAME|NUMBER", description = "The port.") String port) {
        try (SwitchClient client = makas.connect()) {
            boolean isNumber = port.matches("[0-9]{1,5}")
                    && client.ports().stream()
                            .noneMatch(other -> other.getConfig().getName().equals(port));
            var request = DeletePortRequest.newBuilder();
            client.deletePort(
                    isNumber
                            ? request.setNumber(Integer.parseInt(port)).build()
                            : request.setName(port).build());
        }
        return Main.OK;
    }

    @Command(name = "list", description = "List the ports with their counters.", mixinStandardHelpOptions = true)
    int list(@Mixin OutputOption output) {
        List<Port> ports;
        try (SwitchClient client = makas.connect()) {
            ports = client.ports();
        }
        switch (output.form()) {
            case TEXT -> out().print(table(ports));
            case JSON ->
                out().println(Json.text(ports.stream().map(PortCommand::json).toList()));
        }
        out().flush();
        return Main.OK;
    }

    @Command(
            name = "show",
            description = "Show one port, and what the device behind it counts.",
            mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME", description = "The port.") String name, @Mixin OutputOption output) {
        GetPortResponse shown;
        try (SwitchClient client = makas.connect()) {
            shown = client.port(name);
        }
        Map<String, Object> port = json(shown.getPort());
        Map<String, Object> statistics = new LinkedHashMap<>();
        shown.getDeviceStatisticsList().forEach(one -> statistics.put(one.getName(), one.getValue()));
        switch (output.form()) {
            case TEXT -> {
                var table = new TextTable("WHAT", "VALUE");
                port.forEach(table::row);
                statistics.forEach(table::row);
                out().print(table);
            }
            case JSON -> {
                port.put("device_statistics", statistics);
                out().println(Json.text(port));
            }
        }
        out().flush();
        return Main.OK;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private static TextTable table(List<Port> ports) {
        var table = new TextTable(
                "PORT",
                "NAME",
                "TYPE",
                "LINK",
                "RX-PKTS",
                "RX-BYTES",
                "RX-DROP",
                "TX-PKTS",
                "TX-BYTES",
                "TX-DROP",
                "RUNS");
        for (Port port : ports) {
            PortCounters counters = port.getCounters();
            table.row(
                    port.getNumber(),
                    port.getConfig().getName(),
                    type(port.getConfig()),
                    port.getLinkUp() ? "up" : "down",
                    counters.getRxPackets(),
                    counters.getRxBytes(),
                    counters.getRxDroppedPackets(),
                    counters.getTxPackets(),
                    counters.getTxBytes(),
                    counters.getTxDroppedPackets(),
                    port.getDescription());
        }
        return table;
    }

    private static Map<String, Object> json(Port port) {
        PortCounters counters = port.getCounters();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", port.getNumber());
        json.put("name", port.getConfig().getName());
        json.put("type", type(port.getConfig()));
        json.put("link_up", port.getLinkUp());
        json.put("description", port.getDescription());
        json.put("rx_packets", counters.getRxPackets());
        json.put("rx_bytes", counters.getRxBytes());
        json.put("rx_dropped_packets", counters.getRxDroppedPackets());
        json.put("tx_packets", counters.getTxPackets());
        json.put("tx_bytes", counters.getTxBytes());
        json.put("tx_dropped_packets", counters.getTxDroppedPackets());
        return json;
    }

    private static String type(PortConfig config) {
        return switch (config.getTypeCase()) {
            case AFXDP -> "afxdp";
            case VHOST_USER -> "vhost-user";
            case DPDK -> "dpdk";
            case MEMORY -> "memory";
            case TYPE_NOT_SET -> "unknown";
        };
    }
}
