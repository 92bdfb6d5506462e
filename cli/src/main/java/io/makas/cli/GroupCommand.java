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

/** {@code makas group}: adds, changes, deletes and lists groups. */
@CommandLine.Command(
        name = "group",
        description = "Add, change, delete and list groups, in the syntax of ovs-ofctl.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true)
final class GroupCommand {

    private static final List<String> WORDS = List.of(
            "add",
            "modify",
            "add_or_mod",
            "delete",
            "insert_bucket",
            "insert_buckets",
            "remove_bucket",
            "remove_buckets");

    @ParentCommand
    private MakasCommand makas;

    @Spec
    private CommandSpec spec;

    @CommandLine.Command(
            name = "add",
            description = "Add groups, all or none.",
            mixinStandardHelpOptions = true,
            footer = {"%nExample:", "  makas group add 'group_id=1,type=select,bucket=output:1,bucket=output:2'"})
    int add(
            @Option(names = "--may-exist", description = "Change those that are there.") boolean mayExist,
            @Mixin FlowTexts texts) {
        return edit(mayExist ? "add_or_mod" : "add", texts.read());
    }

    @CommandLine.Command(name = "mod", description = "Change groups that are there.", mixinStandardHelpOptions = true)
    int mod(@Mixin FlowTexts texts) {
        return edit("modify", texts.read());
    }

    @CommandLine.Command(
            name = "del",
            description = "Delete groups, and the flows that refer to them.",
            mixinStandardHelpOptions = true,
            footer = {"%nExamples:", "  makas group del group_id=1", "  makas group del --all"})
    int del(@Option(names = "--all", description = "Every group.") boolean all, @Mixin FlowTexts texts) {
        if (all == texts.isGiven()) {
            throw new UsageException(
                    all
                            ? "--all deletes every group; leave out the others"
                            : "say which group to delete, e.g. 'makas group del group_id=1', or --all for every one");
        }
        return edit("delete", all ? List.of(FlowTexts.everyFlow()) : texts.read());
    }

    @CommandLine.Command(name = "dump", description = "List groups.", mixinStandardHelpOptions = true)
    int dump() {
        return print(false);
    }

    @CommandLine.Command(name = "stats", description = "List groups' counters.", mixinStandardHelpOptions = true)
    int stats() {
        return print(true);
    }

    private int edit(String command, List<FlowTexts.Line> lines) {
        try (SwitchClient client = makas.connect()) {
            return GroupEdits.apply(
                    client,
                    GroupKind.GROUP_KIND_GROUP,
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
                    GroupKind.GROUP_KIND_GROUP,
                    isStatistics,
                    spec.commandLine().getOut());
        }
    }
}
