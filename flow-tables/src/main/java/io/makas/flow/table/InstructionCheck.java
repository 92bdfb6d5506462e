// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowModException.Kind;
import java.util.List;

/**
 * Refuses instructions that no packet could follow. In two parts: what is wrong in any flow ({@link #checkForm}), and what is
 * wrong for the packets of a match ({@link #checkFit}), such as setting a TCP port where the match allows UDP.
 *
 * <p>Walks the actions in order over what the match promises: after {@code push_vlan} there is a tag, after {@code pop_vlan}
 * nothing is known of one. For one edit; for any thread.
 */
final class InstructionCheck {

    private final int index;
    private final long[] known;
    private final long[] mask;

    private InstructionCheck(int index, Match match) {
        this.index = index;
        this.known = match.valueWords();
        this.mask = match.mask().toWords();
    }

    /** Refuses what is wrong whatever the match. */
    static void checkForm(int index, int table, Instructions instructions) throws FlowModException {
        int next = instructions.gotoTable();
        if (next != Instructions.NO_TABLE && (next <= table || next >= FlowTables.COUNT)) {
            throw new FlowModException(
                    index,
                    Kind.BAD_GOTO_TABLE,
                    "goto_table:" + next + " in table " + table + " must lead to a later table, up to "
                            + (FlowTables.COUNT - 1));
        }
        InstructionCheck check = new InstructionCheck(index, Match.ANY);
        for (Action action : instructions.apply()) {
            check.form(action, false);
        }
        for (Action action : instructions.write()) {
            check.form(action, true);
        }
        if (instructions.meter() != Instructions.NO_METER
                || !References.groupsOf(instructions).isEmpty()) {
            throw check.refused(Kind.BAD_ACTION_TYPE, "flows with groups and meters are not supported yet");
        }
    }

    /** Refuses actions of a bucket that no packet could follow, whatever the flow that hands it over. */
    static void checkBucket(int index, List<Action> actions) throws FlowModException {
        InstructionCheck check = new InstructionCheck(index, Match.ANY);
        for (Action action : actions) {
            // Open vSwitch's buckets may look a packet up again, too.
            check.form(action, !(action instanceof Action.Resubmit));
        }
    }

    /** Refuses what packets of this match could not follow. */
    static void checkFit(int index, Match match, Instructions instructions) throws FlowModException {
        new InstructionCheck(index, match).fit(instructions.apply());
        new InstructionCheck(index, match).fit(instructions.write());
    }

    private void form(Action action, boolean inActionSet) throws FlowModException {
        switch (action) {
            case Action.Output(int port) -> {
                if (port == 0 || Integer.compareUnsigned(port, Action.MAX_PORT) > 0) {
                    throw refused(
                            Kind.BAD_OUT_PORT,
                            "output to port " + Integer.toUnsignedString(port) + ": ports have numbers from 1 to "
                                    + Integer.toUnsignedString(Action.MAX_PORT));
                }
            }
            case Action.Controller controller ->
                requireArgument(
                        controller.maxBytes() >>> 16 == 0,
                        "controller:" + controller.maxBytes() + ": 0 to 65535 bytes can be sent");
            case Action.SetField set -> settable(set);
            case Action.PushVlan(int tpid) ->
                requireArgument(
                        tpid == 0x8100 || tpid == 0x88a8,
                        String.format("push_vlan:0x%04x: a VLAN tag has type 0x8100 or 0x88a8", tpid));
            case Action.Resubmit(int inPort, int table) -> {
                requireArgument(!inActionSet, "resubmit cannot be in an action set; apply it");
                requireArgument(
                        table >= 0 && table <= Action.Resubmit.SAME_TABLE,
                        "resubmit to table " + table + ": tables are 0 to " + (FlowTables.COUNT - 1));
            }
            case Action.OutputReserved reserved -> {}
            case Action.PopVlan pop -> {}
            case Action.DecTtl dec -> {}
            case Action.OutputField _ -> throw notYet(action);
            case Action.OutputTruncated _ -> throw notYet(action);
            case Action.Move _ -> throw notYet(action);
            case Action.Push _ -> throw notYet(action);
            case Action.Pop _ -> throw notYet(action);
            case Action.PushMpls _ -> throw notYet(action);
            case Action.PopMpls _ -> throw notYet(action);
            case Action.DecMplsTtl _ -> throw notYet(action);
            case Action.CopyTtlOut _ -> throw notYet(action);
            case Action.CopyTtlIn _ -> throw notYet(action);
            case Action.SetQueue _ -> throw notYet(action);
            case Action.PopQueue _ -> throw notYet(action);
            case Action.Group _ -> {}
            case Action.Clone _ -> throw notYet(action);
            case Action.Learn(LearnSpec spec) -> {
                requireArgument(!inActionSet, "learn cannot be in an action set; apply it");
                new LearnCheck(index, spec).form();
            }
            case Action.FinTimeout(int idleS, int hardS) -> {
                requireArgument(!inActionSet, "fin_timeout cannot be in an action set; apply it");
                requireArgument(
                        idleS >>> 16 == 0 && hardS >>> 16 == 0,
                        "fin_timeout(idle_timeout=" + idleS + ",hard_timeout=" + hardS + "): 0 to 65535 seconds");
            }
            case Action.Note _ -> throw notYet(action);
            case Action.Exit _ -> throw notYet(action);
            case Action.Sample _ -> throw notYet(action);
            case Action.CheckPacketLarger _ -> throw notYet(action);
            case Action.Conjunction _ -> throw notYet(action);
            case Action.Multipath _ -> throw notYet(action);
            case Action.Bundle _ -> throw notYet(action);
        }
    }

    private FlowModException notYet(Action action) {
        return refused(Kind.BAD_ACTION_TYPE, "action " + action + " is not supported yet");
    }

    private void settable(Action.SetField set) throws FlowModException {
        Field field = set.field();
        MaskedValue value = set.value();
        if (!field.settable()) {
            throw refused(Kind.BAD_SET_TYPE, "set_field: " + field.text() + " cannot be set");
        }
        if (!value.fits(field) || value.hasStrayBits() || value.isEmpty()) {
            throw refused(
                    Kind.BAD_SET_ARGUMENT,
                    String.format(
                            "set_field: 0x%x under mask 0x%x is no value for the %d bits of %s",
                            value.low(), value.maskLow(), field.widthBits(), field.text()));
        }
    }

    private void fit(List<Action> actions) throws FlowModException {
        for (Action action : actions) {
            switch (action) {
                case Action.SetField set -> {
                    require(
                            set.field().setPrerequisite(),
                            "set_field to " + set.field().text());
                    set.value().addMaskTo(set.field(), mask);
                    set.value().putInto(set.field(), known);
                }
                case Action.PushVlan push -> {
                    int word = Field.VLAN_TCI.word();
                    mask[word] |= Match.VLAN_PRESENT;
                    known[word] |= Match.VLAN_PRESENT;
                }
                case Action.PopVlan pop -> {
                    require(Prerequisite.VLAN, "pop_vlan");
                    mask[Field.VLAN_TCI.word()] &= ~Field.VLAN_TCI.wordMask();
                }
                case Action.DecTtl dec -> require(Prerequisite.IP, "dec_ttl");
                case Action.Output output -> {}
                case Action.OutputReserved output -> {}
                case Action.Controller controller -> {}
                case Action.Resubmit resubmit -> {}
                case Action.OutputField _ -> {}
                case Action.OutputTruncated _ -> {}
                case Action.Move _ -> {}
                case Action.Push _ -> {}
                case Action.Pop _ -> {}
                case Action.PushMpls _ -> {}
                case Action.PopMpls _ -> {}
                case Action.DecMplsTtl _ -> {}
                case Action.CopyTtlOut _ -> {}
                case Action.CopyTtlIn _ -> {}
                case Action.SetQueue _ -> {}
                case Action.PopQueue _ -> {}
                case Action.Group _ -> {}
                case Action.Clone _ -> {}
                case Action.Learn(LearnSpec spec) -> new LearnCheck(index, spec).fit(known, mask);
                case Action.FinTimeout _ -> require(Prerequisite.TCP, "fin_timeout");
                case Action.Note _ -> {}
                case Action.Exit _ -> {}
                case Action.Sample _ -> {}
                case Action.CheckPacketLarger _ -> {}
                case Action.Conjunction _ -> {}
                case Action.Multipath _ -> {}
                case Action.Bundle _ -> {}
            }
        }
    }

    private void require(Prerequisite prerequisite, String what) throws FlowModException {
        assert known.length == KeyLayout.WORDS;
        if (!prerequisite.isMet(known, mask)) {
            throw refused(Kind.MATCH_INCONSISTENT, what + " needs " + prerequisite.text() + " in the match");
        }
    }

    private void requireArgument(boolean isRight, String message) throws FlowModException {
        if (!isRight) {
            throw refused(Kind.BAD_ARGUMENT, message);
        }
    }

    private FlowModException refused(Kind kind, String message) {
        return new FlowModException(index, kind, message);
    }
}
