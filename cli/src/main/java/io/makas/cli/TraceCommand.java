// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import com.google.protobuf.ByteString;
import io.makas.cli.offline.InputException;
import io.makas.cli.offline.OfflineOptions;
import io.makas.cli.offline.OfflineTrace;
import io.makas.v1.TraceRequest;
import io.makas.v1.TraceResponse;
import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas trace}: what would happen to a packet, and why. */
@Command(
        name = "trace",
        description = "Show what would happen to a packet, and why. Nothing is sent and no counter changes.",
        mixinStandardHelpOptions = true,
        footer = {
            "%nExamples:",
            "  makas trace in_port=1,tcp,nw_src=10.0.0.1,nw_dst=10.0.0.2,tcp_dst=80",
            "  makas trace 1 ffffffffffff02000000000108060001080006040001020000000001...",
            "  makas trace --offline --flows web.flows --ports 1,2 in_port=1,tcp,nw_dst=10.0.0.2,tcp_dst=80",
            "  makas trace --offline --flows web.flows --ports 1,2 --packets in.jsonl --json"
        })
final class TraceCommand implements Callable<Integer> {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Option(names = "--json", description = "The same as -o json: one line of JSON for each packet.")
    private boolean isJson;

    @ArgGroup(exclusive = false, heading = "%nWithout a running switch:%n")
    private OfflineOptions offline;

    @Parameters(
            arity = "0..2",
            paramLabel = "FLOW | IN_PORT HEX",
            description =
                    "The packet's fields with in_port, all others 0; or number of the input port and the packet's bytes.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() {
        if (offline != null) {
            traceOffline();
            return Main.OK;
        }
        TraceRequest request = request();
        TraceResponse trace;
        try (SwitchClient client = makas.connect()) {
            trace = client.trace(request);
        }
        PrintWriter out = spec.commandLine().getOut();
        switch (isJson ? OutputOption.Form.JSON : output.form()) {
            case TEXT -> out.println(trace.getText().stripTrailing());
            case JSON -> out.println(trace.getJson());
        }
        out.flush();
        return Main.OK;
    }

    private void traceOffline() {
        boolean asJson = isJson || output.form() == OutputOption.Form.JSON;
        try {
            new OfflineTrace(offline, arguments, asJson, spec.commandLine().getOut()).run();
        } catch (InputException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private TraceRequest request() {
        if (arguments.isEmpty()) {
            throw new UsageException("give a packet: FLOW, or IN_PORT and HEX; 'makas trace --help' explains it");
        }
        if (arguments.size() == 1) {
            return TraceRequest.newBuilder().setFlow(arguments.getFirst()).build();
        }
        String port = arguments.get(0);
        if (!port.matches("[0-9]{1,5}")) {
            throw new UsageException("'" + port + "' is no port number; give IN_PORT and the packet's bytes in hex");
        }
        return TraceRequest.newBuilder()
                .setInPort(Integer.parseInt(port))
                .setFrame(ByteString.copyFrom(bytes(arguments.get(1))))
                .build();
    }

    private static byte[] bytes(String hex) {
        try {
            return HexFormat.of().parseHex(hex.replaceAll("[\\s:]", ""));
        } catch (IllegalArgumentException e) {
            throw new UsageException("the packet must be an even number of hex digits: " + e.getMessage());
        }
    }
}
