// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.table;

import io.makas.flow.action.Action;
import io.makas.flow.action.FieldRange;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.LearnSpec;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.packet.Mpls;
import io.makas.flow.packet.Vlan;
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

    /** Clones within clones; each costs a copy of the packet. */
    private static final int MAX_CLONES = 16;

    private static final long[] UNREAD = {};

    private final int index;
    private final long[] known;
    private final long[] mask;
    private final ActionArguments arguments;
    private int depth;

    /** For {@link #form}, which asks no match. */
    private InstructionCheck(int index) {
        this(index, UNREAD, UNREAD);
    }

    private InstructionCheck(int index, Match match) {
        this(index, match.valueWords(), match.mask().toWords());
    }

    private InstructionCheck(int index, long[] known, long[] mask) {
        this.index = index;
        this.known = known;
        this.mask = mask;
        this.arguments = new ActionArguments(index);
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
        InstructionCheck check = new InstructionCheck(index);
        for (Action action : instructions.apply()) {
            check.form(action, false);
        }
        for (Action action : instructions.write()) {
            check.form(action, true);
        }
        check.conjunctionsAlone(instructions);
    }

    /** Refuses actions of a bucket that no packet could follow, whatever the flow that hands it over. */
    static void checkBucket(int index, List<Action> actions) throws FlowModException {
        InstructionCheck check = new InstructionCheck(index);
        for (Action action : actions) {
            // Open vSwitch's buckets may look a packet up again, too.
            check.form(action, !(action instanceof Action.Resubmit));
        }
    }

    /** Refuses what packets of this match could not follow. */
    static void checkFit(int index, Match match, Instructions instructions) throws FlowModException {
        if (instructions.write().isEmpty() && isOutputOnly(instructions.apply())) {
            // Most flows, and any packet can be sent: a million of them should not unpack their matches.
            return;
        }
        InstructionCheck check = new InstructionCheck(index, match);
        check.fit(instructions.apply());
        if (instructions.write().isEmpty()) {
            return;
        }
        try {
            check.fit(ActionSetOrder.sorted(instructions.write()));
        } catch (FlowModException e) {
            // The set is executed at the end of the walk, for a packet that other tables may have given back what it
            // had.
            new InstructionCheck(index, match).fit(instructions.write());
        }
    }

    private static boolean isOutputOnly(List<Action> actions) {
        for (Action action : actions) {
            if (!(action instanceof Action.Output)) {
                return false;
            }
        }
        return true;
    }

    private void form(Action action, boolean inActionSet) throws FlowModException {
        switch (action) {
            case Action.Output(int port) -> outPort(port);
            case Action.Controller controller -> {
                requireArgument(
                        controller.maxBytes() >>> 16 == 0,
                        "controller:" + controller.maxBytes() + ": 0 to 65535 bytes can be sent");
                requireArgument(
                        controller.controllerId() >>> 16 == 0,
                        "controller(id=" + controller.controllerId() + "): controllers have ids from 0 to 65535");
            }
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
            case Action.PushMpls(int ethType) ->
                requireArgument(
                        Mpls.isMpls(ethType),
                        String.format("push_mpls:0x%04x: a label stack has type 0x8847 or 0x8848", ethType));
            case Action.PopMpls(int ethType) ->
                requireArgument(
                        ethType >>> 16 == 0 && !Vlan.isTag(ethType),
                        String.format("pop_mpls:0x%04x: no tag can be behind a label stack", ethType));
            case Action.Move move -> arguments.move(move);
            case Action.SetQueue(int queue) -> requireArgument(queue != -1, "set_queue:0xffffffff is no queue");
            case Action.Clone(List<Action> actions) -> {
                requireArgument(!inActionSet, "clone cannot be in an action set; apply it");
                clone(actions);
            }
            case Action.OutputReserved _, Action.PopVlan _, Action.DecTtl _, Action.DecMplsTtl _ -> {}
            case Action.CopyTtlOut _, Action.CopyTtlIn _, Action.Group _ -> {}
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
            case Action.OutputField _, Action.OutputTruncated _, Action.Push _, Action.Pop _, Action.PopQueue _ ->
                arguments.ofApplied(action, inActionSet);
            case Action.Note _, Action.Exit _, Action.Sample _, Action.CheckPacketLarger _, Action.Conjunction _ ->
                arguments.ofApplied(action, inActionSet);
            case Action.Multipath _, Action.Bundle _ -> arguments.ofApplied(action, inActionSet);
        }
    }

    private void outPort(int port) throws FlowModException {
        if (port == 0 || Integer.compareUnsigned(port, Action.MAX_PORT) > 0) {
            throw refused(
                    Kind.BAD_OUT_PORT,
                    "output to port " + Integer.toUnsignedString(port) + ": ports have numbers from 1 to "
                            + Integer.toUnsignedString(Action.MAX_PORT));
        }
    }

    private void clone(List<Action> actions) throws FlowModException {
        depth++;
        requireArgument(depth <= MAX_CLONES, "clones within clones can be up to " + MAX_CLONES + " deep");
        for (Action action : actions) {
            requireArgument(!(action instanceof Action.Conjunction), "conjunction cannot be in a clone");
            form(action, false);
        }
        depth--;
    }

    /** A flow of a conjunction says what it says by its match; nothing is done with its packets. */
    private void conjunctionsAlone(Instructions instructions) throws FlowModException {
        boolean isOfConjunction = instructions.apply().stream().anyMatch(Action.Conjunction.class::isInstance);
        boolean doesMore = instructions.apply().stream()
                .anyMatch(action -> !(action instanceof Action.Conjunction || action instanceof Action.Note));
        boolean isOfActionsOnly = instructions.equals(Instructions.apply(instructions.apply()));
        requireArgument(
                !isOfConjunction || !doesMore && isOfActionsOnly,
                "conjunction: a flow with it can have other conjunctions and notes, and nothing else");
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
                case Action.DecTtl _ -> require(Prerequisite.IP, "dec_ttl");
                case Action.PushMpls(int ethType) -> become(ethType);
                case Action.PopMpls(int ethType) -> {
                    require(Prerequisite.MPLS, "pop_mpls");
                    become(ethType);
                }
                case Action.DecMplsTtl _ -> require(Prerequisite.MPLS, "dec_mpls_ttl");
                case Action.CopyTtlOut _ -> require(Prerequisite.MPLS, "copy_ttl_out");
                case Action.CopyTtlIn _ -> require(Prerequisite.MPLS, "copy_ttl_in");
                case Action.Move(FieldRange from, FieldRange to) -> {
                    reads(from, "move from ");
                    writes(to, "move to ");
                }
                case Action.OutputField(FieldRange port) -> reads(port, "output to the port in ");
                case Action.Push(FieldRange from) -> reads(from, "push of ");
                case Action.Pop(FieldRange to) -> writes(to, "pop to ");
                case Action.CheckPacketLarger(int _, FieldRange to) -> writes(to, "check_pkt_larger to ");
                case Action.Multipath multipath -> writes(multipath.to(), "multipath to ");
                case Action.Bundle bundle -> {
                    if (bundle.to() != null) {
                        writes(bundle.to(), "bundle to ");
                    }
                }
                case Action.Clone(List<Action> inner) -> copy().fit(inner);
                case Action.Group _ -> {}
                case Action.Learn(LearnSpec spec) -> new LearnCheck(index, spec).fit(known, mask);
                case Action.FinTimeout _ -> require(Prerequisite.TCP, "fin_timeout");
                case Action.Output _, Action.OutputReserved _, Action.OutputTruncated _, Action.Controller _ -> {}
                case Action.Resubmit _, Action.SetQueue _, Action.PopQueue _, Action.Note _, Action.Exit _ -> {}
                case Action.Sample _, Action.Conjunction _ -> {}
            }
        }
    }

    private InstructionCheck copy() {
        return new InstructionCheck(index, known.clone(), mask.clone());
    }

    /** The packet has another Ethernet type now, and nothing is known of what is behind it. */
    private void become(int ethType) {
        for (Field field : Field.values()) {
            if (field.prerequisite() != Prerequisite.NONE && field.prerequisite() != Prerequisite.VLAN) {
                forget(FieldRange.whole(field));
            }
        }
        MaskedValue type = MaskedValue.exact(Field.ETH_TYPE, ethType);
        type.addMaskTo(Field.ETH_TYPE, mask);
        type.putInto(Field.ETH_TYPE, known);
    }

    private void reads(FieldRange from, String what) throws FlowModException {
        require(from.field().setPrerequisite(), what + from.field().text());
    }

    private void writes(FieldRange to, String what) throws FlowModException {
        require(to.field().setPrerequisite(), what + to.field().text());
        forget(to);
    }

    private void forget(FieldRange range) {
        int word = range.field().word();
        if (range.field().widthBits() > 64) {
            mask[word] = 0;
            mask[word + 1] = 0;
        } else {
            mask[word] &= ~range.field().wordMask();
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
