// SPDX-License-Identifier: Apache-2.0
package io.makas.cli;

import io.makas.v1.FlowEditError;
import io.makas.v1.GroupEdit;
import io.makas.v1.GroupKind;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What {@code makas group} and {@code makas meter} have in common. Stateless. */
final class GroupEdits {

    private GroupEdits() {}

    /**
     * Carries out edits, all or none, and explains what is wrong with them.
     *
     * @param command the word of {@code ovs-ofctl} before texts that begin with none
     * @param words the words that a text may begin with
     * @return the exit code
     */
    static int apply(
            SwitchClient client,
            GroupKind kind,
            String command,
            List<String> words,
            List<FlowTexts.Line> lines,
            PrintWriter err) {
        List<GroupEdit> edits = new ArrayList<>();
        for (FlowTexts.Line line : lines) {
            edits.add(GroupEdit.newBuilder()
                    .setKind(kind)
                    .setText(text(command, words, line))
                    .build());
        }
        try {
            client.editGroups(edits);
            return Main.OK;
        } catch (SwitchException e) {
            if (e.flowErrors().isEmpty()) {
                throw e;
            }
            for (FlowEditError error : e.flowErrors()) {
                FlowTexts.Line line = lines.get(error.getIndex());
                int added = edits.get(error.getIndex()).getText().length()
                        - line.text().length();
                err.println("makas: " + line.place() + error.getMessage());
                err.println("  " + line.text());
                if (error.getColumn() > added) {
                    err.println("  " + " ".repeat(error.getColumn() - added - 1) + "^");
                }
            }
            if (lines.size() > 1) {
                err.println("makas: nothing was changed");
            }
            return Main.FAILED;
        }
    }

    /** Prints what each is, or its counters. */
    static int print(SwitchClient client, GroupKind kind, boolean isStatistics, PrintWriter out) {
        client.groups(kind).forEach(each -> out.println(isStatistics ? each.getStatisticsText() : each.getText()));
        out.flush();
        return Main.OK;
    }

    private static String text(String command, List<String> words, FlowTexts.Line line) {
        String first = line.text().split("[\\s,]", 2)[0];
        return words.contains(first) ? line.text() : command + " " + line.text();
    }
}
