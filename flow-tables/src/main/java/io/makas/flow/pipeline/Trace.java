// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import io.makas.flow.text.FlowText;
import java.util.ArrayList;
import java.util.List;

/**
 * What happens to a packet, table by table, and why. To be read, not kept.
 *
 * @param packet the packet: every bit of its key
 * @param events what happened: the tables that were looked up, in order; those of resubmits are within the actions that did them.
 *     Before the first table come the actions that were left when the walk was interrupted, if it was
 * @param actionSet what was executed at the end of the walk
 * @param sent what leaves, in order
 * @param megaflow every packet that gets the same answer for the same reasons
 * @param translation the answer, as workers get it
 */
public record Trace(
        Match packet,
        List<Event> events,
        List<Event> actionSet,
        List<Sent> sent,
        Match megaflow,
        Translation translation) {

    /** Something that happened on the way. */
    public sealed interface Event {}

    /**
     * A table that was looked up, and what came of it.
     *
     * @param table its number
     * @param entry the flow that matched, or null if none did
     * @param decidedBy the fields, as the table saw them, that made this flow and no other one match
     * @param nearMisses flows of this or a higher priority that nearly matched, the nearest first
     * @param executed the actions that the flow applied
     * @param isFollowed whether its other instructions were carried out, too; not, if an action ended the walk
     */
    public record Step(
            int table,
            FlowEntry entry,
            Match decidedBy,
            List<NearMiss> nearMisses,
            List<Event> executed,
            boolean isFollowed)
            implements Event {

        /** Priority and match of the flow; empty if none matched. */
        public String flowText() {
            return entry == null ? "" : FlowText.formatIdentity(entry.priority(), entry.match());
        }

        /** What the flow did, a line each: its meter, its actions with what came of them, then its other instructions. */
        public List<String> actionLines() {
            List<String> lines = new ArrayList<>();
            if (!meterText().isEmpty()) {
                lines.add(meterText());
            }
            for (Event event : executed) {
                if (event instanceof Executed action) {
                    lines.add(action.text());
                }
            }
            if (!otherInstructions().isEmpty()) {
                lines.add(otherInstructions());
            }
            return lines;
        }

        /** The meter that packets of the flow pass before anything else; empty if there is none. */
        public String meterText() {
            boolean hasMeter = entry != null && entry.instructions().meter() != Instructions.NO_METER;
            return hasMeter
                    ? "meter:" + Integer.toUnsignedString(entry.instructions().meter())
                    : "";
        }

        /**
         * What the flow did besides passing a meter and applying actions; {@code drop} if it did nothing at all, empty if there
         * is nothing to say.
         */
        public String otherInstructions() {
            if (entry == null || !isFollowed) {
                return "";
            }
            Instructions all = entry.instructions();
            Instructions others = new Instructions(
                    Instructions.NO_METER,
                    List.of(),
                    all.clear(),
                    all.write(),
                    all.metadata(),
                    all.metadataMask(),
                    all.gotoTable());
            boolean isNothing = others.equals(Instructions.NONE);
            return isNothing && !all.apply().isEmpty() ? "" : FlowText.format(others);
        }

        Step followed() {
            return new Step(table, entry, decidedBy, nearMisses, executed, true);
        }
    }

    /**
     * An action that was executed.
     *
     * @param remark what came of it, if that is not plain from the action; else empty
     * @param changes what it did to the packet, when it had ended
     * @param within what happened because of it: tables that it looked up, actions of a clone
     */
    public record Executed(Action action, String remark, List<Change> changes, List<Event> within) implements Event {

        /** The action, and in brackets what came of it. */
        public String text() {
            return FlowText.format(action) + (remark.isEmpty() ? "" : " (" + remark + ")");
        }
    }

    /** A part of an action, such as a bucket of a group, and what happened in it. */
    public record Part(String title, List<Event> within) implements Event {}

    /**
     * A flow that nearly matched.
     *
     * @param differences what it wants of the packet and the packet has not
     */
    public record NearMiss(FlowEntry entry, List<Difference> differences) {

        /** Priority and match of the flow. */
        public String flowText() {
            return FlowText.formatIdentity(entry.priority(), entry.match());
        }
    }

    /**
     * A field in which a packet is not as a flow wants it.
     *
     * @param field its name
     * @param wanted what the flow wants
     * @param actual what the packet has
     */
    public record Difference(String field, String wanted, String actual) {}

    /**
     * A field that an action changed.
     *
     * @param field its name
     * @param before what it was
     * @param after what it is
     */
    public record Change(String field, String before, String after) {}

    /**
     * A packet that leaves.
     *
     * @param port by which port, unsigned, or {@link #CONTROLLER}
     * @param packet its fields, in the syntax of {@code ovs-ofctl}
     */
    public record Sent(int port, String packet) {

        /** {@code OFPP_CONTROLLER}, openflow.h: to the controllers. */
        public static final int CONTROLLER = 0xfffffffd;

        /** Where the packet goes, for people. */
        public String target() {
            return port == CONTROLLER ? "the controllers" : "port " + Integer.toUnsignedString(port);
        }
    }

    /** The tables that were looked up, without those of resubmits. */
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Step step) {
                steps.add(step);
            }
        }
        return steps;
    }

    /** All steps in the order of the walk, those of resubmits too. */
    public List<Step> allSteps() {
        List<Step> all = new ArrayList<>();
        collect(events, all);
        return all;
    }

    /** The packet, without the fields that are 0. */
    public String packetText() {
        return KeyFields.packetText(packet.valueWords());
    }

    /** What is done in the end, in the syntax of actions. */
    public String actionsText() {
        return FlowText.format(translation.program());
    }

    /** Every packet that gets the same answer, as a match. */
    public String megaflowText() {
        return FlowText.format(megaflow);
    }

    /** Why the packet is dropped, or null if it is sent somewhere; that controllers hear of its expired TTL does not count. */
    public DropReason dropReason() {
        PacketInContext[] packetIns = translation.operands().packetIns();
        boolean isExpired = packetIns.length > 0 && sent.size() == packetIns.length;
        for (int i = 0; i < packetIns.length && isExpired; i++) {
            isExpired = packetIns[i].reason() == PacketInReason.INVALID_TTL
                    && sent.get(i).port() == Sent.CONTROLLER;
        }
        return isExpired ? DropReason.TTL_EXPIRED : translation.program().dropReason();
    }

    /** All of it, for people. */
    public String text() {
        return new TraceText().of(this);
    }

    /** All of it as one line of JSON, for programs; {@code docs/trace.md} describes its members. */
    public String json() {
        return new TraceJson().of(this);
    }

    private static void collect(List<? extends Event> events, List<Step> all) {
        for (Event event : events) {
            switch (event) {
                case Step step -> {
                    all.add(step);
                    collect(step.executed, all);
                }
                case Executed executed -> collect(executed.within, all);
                case Part part -> collect(part.within, all);
            }
        }
    }
}
