// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.key.Field;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens to a packet, table by table, and why. Immutable but for the lists of its steps; to be read, not kept.
 *
 * @param packet the packet: every bit of its key
 * @param steps the tables that were looked up, in order; those of resubmits are within the steps that did them
 * @param actionSet what was executed at the end of the walk
 * @param megaflow every packet that gets the same answer for the same reasons
 * @param translation the answer, as workers get it
 */
public record Trace(Match packet, List<Step> steps, List<Executed> actionSet, Match megaflow, Translation translation) {

    /**
     * A table that was looked up, and what came of it.
     *
     * @param table its number
     * @param entry the flow that matched, or null if none did
     * @param decidedBy the fields, as the table saw them, that made this flow and no other one match
     * @param executed the actions that the flow applied
     */
    public record Step(int table, FlowEntry entry, Match decidedBy, List<Executed> executed) {

        /** Priority and match of the flow; empty if none matched. */
        public String flowText() {
            return entry == null ? "" : FlowText.formatIdentity(entry.priority(), entry.match());
        }

        /** What the flow did, a line each: its actions with what came of them, then its other instructions. */
        public List<String> actionLines() {
            List<String> lines = new ArrayList<>();
            executed.forEach(each -> lines.add(each.text()));
            if (!otherInstructions().isEmpty()) {
                lines.add(otherInstructions());
            }
            return lines;
        }

        /** What the flow did besides applying actions; {@code drop} if it did nothing at all. */
        private String otherInstructions() {
            if (entry == null) {
                return "";
            }
            Instructions all = entry.instructions();
            Instructions others = new Instructions(
                    all.meter(),
                    List.of(),
                    all.clear(),
                    all.write(),
                    all.metadata(),
                    all.metadataMask(),
                    all.gotoTable());
            boolean isNothing = others.equals(Instructions.NONE);
            return isNothing && !all.apply().isEmpty() ? "" : FlowText.format(others);
        }

        private void write(StringBuilder text, String margin) {
            text.append(margin).append("table ").append(table).append(": ");
            text.append(entry == null ? "no flow matches" : flowText());
            if (entry != null && entry.cookie() != 0) {
                text.append(", cookie 0x").append(Long.toHexString(entry.cookie()));
            }
            text.append('\n');
            if (!decidedBy.isAny()) {
                line(text, margin + "  because ", FlowText.format(decidedBy));
            }
            for (Executed each : executed) {
                line(text, margin + "  → ", each.text());
                each.within.forEach(step -> step.write(text, margin + "    "));
            }
            if (!otherInstructions().isEmpty()) {
                line(text, margin + "  → ", otherInstructions());
            }
        }
    }

    /**
     * An action that was executed.
     *
     * @param remark what came of it, if that is not plain from the action; else empty
     * @param within the tables that it looked up, if it is a resubmit
     */
    public record Executed(Action action, String remark, List<Step> within) {

        /** The action, and in brackets what came of it. */
        public String text() {
            return FlowText.format(action) + (remark.isEmpty() ? "" : " (" + remark + ")");
        }
    }

    /** All steps in the order of the walk, those of resubmits too. */
    public List<Step> allSteps() {
        List<Step> all = new ArrayList<>();
        collect(steps, all);
        return all;
    }

    /** What is done in the end, in the syntax of actions. */
    public String actionsText() {
        return FlowText.format(translation.program());
    }

    /** Every packet that gets the same answer, as a match. */
    public String megaflowText() {
        return FlowText.format(megaflow);
    }

    /** Why the packet is dropped, or null if it is sent somewhere. */
    public DropReason dropReason() {
        return translation.program().dropReason();
    }

    /** All of it, for people. */
    public String text() {
        StringBuilder text = new StringBuilder("packet: ").append(packetText()).append('\n');
        steps.forEach(step -> step.write(text, ""));
        if (!actionSet.isEmpty()) {
            text.append("action set:\n");
            actionSet.forEach(each -> line(text, "  → ", each.text()));
        }
        line(text, "megaflow: ", megaflow.isAny() ? "every packet" : megaflowText());
        line(
                text,
                "actions: ",
                actionsText() + (dropReason() == null ? "" : " (" + dropReason().label() + ")"));
        return text.toString();
    }

    /** The packet without the fields that are 0, but for the input port. */
    private String packetText() {
        long[] value = packet.valueWords();
        long[] mask = new long[value.length];
        long[] all = packet.mask().toWords();
        for (Field field : Field.values()) {
            MaskedValue bits = MaskedValue.of(field, value, all);
            if ((bits.high() | bits.low()) != 0 && field.prerequisite().isMet(value, all)) {
                bits.addMaskTo(field, mask);
            }
        }
        mask[Field.IN_PORT.word()] |= Field.IN_PORT.wordMask();
        return FlowText.format(Match.ofKey(value, mask));
    }

    private static void collect(List<Step> steps, List<Step> all) {
        for (Step step : steps) {
            all.add(step);
            step.executed.forEach(each -> collect(each.within, all));
        }
    }

    private static void line(StringBuilder text, String head, String rest) {
        text.append(head).append(rest).append('\n');
    }
}
