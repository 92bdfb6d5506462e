// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.DumpFlowsRequest;
import io.makas.v1.FlowEdit.Command;
import io.makas.v1.FlowEditError;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas flow}: adds, changes, deletes and lists flows. */
@CommandLine.Command(
        name = "flow",
        description = "Add, change, delete and list flows, in the syntax of ovs-ofctl.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class FlowCommand {

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @CommandLine.Command(
            name = "add",
            description = "Add flows, all or none. A flow with the same table, priority and match is replaced.",
            mixinStandardHelpOptions = true,
            footer = {
                "%nExamples:",
                "  makas flow add table=0,priority=100,in_port=1,ip,nw_dst=10.0.0.2,actions=output:2",
                "  makas flow add flows.txt        (a flow a line; '#' starts a comment; 'delete ip' deletes)",
                "  generate | makas flow add -"
            })
    int add(@Mixin FlowTexts texts) {
        return edit(Command.COMMAND_ADD, texts.read());
    }

    @CommandLine.Command(
            name = "mod",
            description = "Change what flows do: all whose match is equal or more specific.",
            mixinStandardHelpOptions = true)
    int mod(
            @Option(names = "--strict", description = "Only the flow with the same match and priority.") boolean strict,
            @Mixin FlowTexts texts) {
        return edit(strict ? Command.COMMAND_MODIFY_STRICT : Command.COMMAND_MODIFY, texts.read());
    }

    @CommandLine.Command(
            name = "del",
            description = "Delete flows: all whose match is equal or more specific.",
            mixinStandardHelpOptions = true,
            footer = {"%nExamples:", "  makas flow del table=0,ip,nw_dst=10.0.0.2", "  makas flow del --all"})
    int del(
            @Option(names = "--strict", description = "Only the flow with the same match and priority.") boolean strict,
            @Option(names = "--all", description = "Every flow of every table.") boolean all,
            @Mixin FlowTexts texts) {
        if (all == texts.isGiven()) {
            throw new UsageException(
                    all
                            ? "--all deletes every flow; leave out the others"
                            : "say which flows to delete, e.g. 'makas flow del table=0,in_port=1', or --all for every one");
        }
        return edit(
                strict ? Command.COMMAND_DELETE_STRICT : Command.COMMAND_DELETE,
                all ? List.of(FlowTexts.everyFlow()) : texts.read());
    }

    @CommandLine.Command(
            name = "dump",
            description = "List flows with their counters.",
            mixinStandardHelpOptions = true,
            footer = {"%nExample:", "  makas flow dump table=0,ip"})
    int dump(
            @Parameters(
                            arity = "0..1",
                            paramLabel = "MATCH",
                            defaultValue = "",
                            description = "Only flows whose match is equal or more specific.")
                    String match,
            @Mixin OutputOption output) {
        var request = DumpFlowsRequest.newBuilder().setFilter(match);
        PrintWriter out = spec.commandLine().getOut();
        try (SwitchClient client = makas.connect()) {
            switch (output.form()) {
                case TEXT ->
                    client.dumpFlows(
                            request.setText(DumpFlowsRequest.Text.TEXT_LINE)
                                    .setWithoutFlow(true)
                                    .build(),
                            flow -> out.println(flow.getText()));
                case JSON -> {
                    List<Object> flows = new ArrayList<>();
                    client.dumpFlows(
                            request.setText(DumpFlowsRequest.Text.TEXT_PARTS).build(),
                            flow -> flows.add(FlowJson.of(flow)));
                    out.println(Json.text(flows));
                }
            }
        }
        out.flush();
        return Main.OK;
    }

    private int edit(Command command, List<FlowTexts.Line> lines) {
        try (SwitchClient client = makas.connect()) {
            client.editFlows(lines.stream().map(line -> line.edit(command)).toList());
            return Main.OK;
        } catch (SwitchException e) {
            if (e.flowErrors().isEmpty()) {
                throw e;
            }
            explain(e, lines);
            return Main.FAILED;
        }
    }

    private void explain(SwitchException refused, List<FlowTexts.Line> lines) {
        PrintWriter err = spec.commandLine().getErr();
        for (FlowEditError error : refused.flowErrors()) {
            FlowTexts.Line line = lines.get(error.getIndex());
            err.println("makas: " + line.place() + error.getMessage());
            err.println("  " + line.text());
            if (error.getColumn() > 0) {
                err.println("  " + " ".repeat(line.column(error.getColumn()) - 1) + "^");
            }
        }
        if (lines.size() > 1) {
            err.println("makas: nothing was changed");
        }
    }
}
