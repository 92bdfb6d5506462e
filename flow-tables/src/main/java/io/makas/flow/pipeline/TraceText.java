// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.text.FlowText;
import java.util.List;

/** Writes a trace for people: one thing a line, what belongs to what by its margin. For one trace. */
final class TraceText {

    private final StringBuilder text = new StringBuilder();

    String of(Trace trace) {
        line("", "packet: ", trace.packetText());
        trace.events().forEach(event -> write(event, ""));
        if (!trace.actionSet().isEmpty()) {
            line("", "action set:", "");
            trace.actionSet().forEach(event -> write(event, "  "));
        }
        line("", "megaflow: ", trace.megaflow().isAny() ? "every packet" : trace.megaflowText());
        line("", "actions: ", trace.actionsText());
        for (Trace.Sent sent : trace.sent()) {
            line("", "to " + sent.target() + ": ", sent.packet());
        }
        if (trace.dropReason() != null) {
            line("", "dropped: ", trace.dropReason().label());
        }
        return text.toString();
    }

    private void write(Trace.Event event, String margin) {
        switch (event) {
            case Trace.Step step -> write(step, margin);
            case Trace.Executed executed -> {
                line(margin, "→ ", executed.text() + changes(executed.changes()));
                executed.within().forEach(inner -> write(inner, margin + "  "));
            }
            case Trace.Part part -> {
                line(margin, part.title(), ":");
                part.within().forEach(inner -> write(inner, margin + "  "));
            }
        }
    }

    private void write(Trace.Step step, String margin) {
        String cookie = step.entry() == null || step.entry().cookie() == 0
                ? ""
                : ", cookie 0x" + Long.toHexString(step.entry().cookie());
        line(
                margin,
                "table " + step.table() + ": ",
                (step.entry() == null ? "no flow matches" : step.flowText()) + cookie);
        String inner = margin + "  ";
        if (!step.decidedBy().isAny()) {
            line(inner, "because ", FlowText.format(step.decidedBy()));
        }
        for (Trace.NearMiss miss : step.nearMisses()) {
            line(inner, "nearly ", miss.flowText() + differences(miss.differences()));
        }
        if (!step.meterText().isEmpty()) {
            line(inner, "→ ", step.meterText());
        }
        step.executed().forEach(event -> write(event, inner));
        if (!step.otherInstructions().isEmpty()) {
            line(inner, "→ ", step.otherInstructions());
        }
    }

    private static String changes(List<Trace.Change> changes) {
        StringBuilder text = new StringBuilder();
        for (Trace.Change change : changes) {
            text.append(text.isEmpty() ? "    [" : ", ").append(change.field()).append(' ');
            text.append(change.before()).append(" → ").append(change.after());
        }
        return text.isEmpty() ? "" : text.append(']').toString();
    }

    private static String differences(List<Trace.Difference> differences) {
        StringBuilder text = new StringBuilder();
        for (Trace.Difference difference : differences) {
            text.append(text.isEmpty() ? ", but " : ", ")
                    .append(difference.field())
                    .append(" is ");
            text.append(difference.actual());
        }
        return text.toString();
    }

    private void line(String margin, String head, String rest) {
        text.append(margin).append(head).append(rest).append('\n');
    }
}
