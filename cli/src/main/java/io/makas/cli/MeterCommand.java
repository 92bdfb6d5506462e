// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.GroupKind;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code makas meter}: adds, changes, deletes and lists meters. */
@CommandLine.Command(
        name = "meter",
        description = "Add, change, delete and list meters, in the syntax of ovs-ofctl.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class MeterCommand {

    private static final List<String> WORDS = List.of("add", "modify", "delete");

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @CommandLine.Command(
            name = "add",
            description = "Add meters, all or none.",
            mixinStandardHelpOptions = true,
            footer = {"%nExample:", "  makas meter add 'meter=1 kbps bands=type=drop rate=1000'"})
    int add(@Mixin FlowTexts texts) {
        return edit("add", texts.read());
    }

    @CommandLine.Command(name = "mod", description = "Change meters that are there.", mixinStandardHelpOptions = true)
    int mod(@Mixin FlowTexts texts) {
        return edit("modify", texts.read());
    }

    @CommandLine.Command(
            name = "del",
            description = "Delete meters, and the flows that refer to them.",
            mixinStandardHelpOptions = true,
            footer = {"%nExamples:", "  makas meter del meter=1", "  makas meter del --all"})
    int del(@Option(names = "--all", description = "Every meter.") boolean all, @Mixin FlowTexts texts) {
        if (all == texts.isGiven()) {
            throw new UsageException(
                    all
                            ? "--all deletes every meter; leave out the others"
                            : "say which meter to delete, e.g. 'makas meter del meter=1', or --all for every one");
        }
        return edit("delete", all ? List.of(FlowTexts.everyFlow()) : texts.read());
    }

    @CommandLine.Command(name = "dump", description = "List meters.", mixinStandardHelpOptions = true)
    int dump() {
        return print(false);
    }

    @CommandLine.Command(name = "stats", description = "List meters' counters.", mixinStandardHelpOptions = true)
    int stats() {
        return print(true);
    }

    private int edit(String command, List<FlowTexts.Line> lines) {
        try (SwitchClient client = makas.connect()) {
            return GroupEdits.apply(
                    client,
                    GroupKind.GROUP_KIND_METER,
                    command,
                    WORDS,
                    lines,
                    spec.commandLine().getErr());
        }
    }

    private int print(boolean isStatistics) {
        try (SwitchClient client = makas.connect()) {
            return GroupEdits.print(
                    client,
                    GroupKind.GROUP_KIND_METER,
                    isStatistics,
                    spec.commandLine().getOut());
        }
    }
}
