// SPDX-License-Identifier: Apache-2.0
package io.makas.flow.pipeline;

import io.makas.flow.action.Action;
import io.makas.flow.action.Instructions;
import io.makas.flow.action.PacketInContext;
import io.makas.flow.action.PacketInReason;
import io.makas.flow.action.ReservedPort;
import io.makas.flow.key.Field;
import io.makas.flow.key.KeyLayout;
import io.makas.flow.key.MaskedValue;
import io.makas.flow.key.Prerequisite;
import io.makas.flow.match.Match;
import io.makas.flow.table.FlowEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One packet's way through the tables, and the megaflow that comes of it.
 *
 * <p>{@link WalkedKey} is the packet on its way, and collects the bits that the walk depended on; {@link ProgramWriter} takes
 * down what is to be done.
 *
 * <p>For one walk, on one thread.
 */
final class Walk {

    /** Tables that a walk may look up; more is a loop of resubmits. */
    static final int MAX_LOOKUPS = 4_096;

    /** Resubmits within resubmits. */
    static final int MAX_DEPTH = 64;

    /** Group addresses that bridges do not forward (IEEE 802.1Q §8.6.3). */
    private static final long LINK_LOCAL = 0x0180_c200_0000L;

    private static final long LINK_LOCAL_MASK = 0xffff_ffff_fff0L;

    private final View view;
    private final WalkObserver observer;
    private final int inPort;

    private final WalkedKey key;
    private final ProgramWriter program = new ProgramWriter();
    private ActionSet actionSet;

    private FlowEntry[] entries = new FlowEntry[4];
    private int entryCount;
    private int[] tableIds = new int[4];
    private int tableCount;

    private final List<PacketInContext> packetIns = new ArrayList<>();
    private LearnedAddress source;
    private int depth;
    private boolean isStopped;
    private DropReason dropReason;

    /**
     * Prepares a walk.
     *
     * @param view what it goes by
     * @param received the packet's key; not changed
     * @param observer is told what happens; may be null
     */
    Walk(View view, long[] received, WalkObserver observer) {
        this.view = view;
        this.observer = observer;
        this.key = new WalkedKey(received);
        this.inPort = (int) Field.IN_PORT.in(received);
    }

    /** Walks from table 0 to the end. */
    Translation translate() {
        // Whether an output goes back where the packet came from depends on this, so nearly every walk does.
        key.read(Field.IN_PORT);
        visitFrom(0);
        if (!isStopped && actionSet != null) {
            executeActionSet();
        }
        return new Translation(
                key.receivedMask(),
                program.finish(dropReason == null ? DropReason.FLOW_DROP : dropReason),
                packetIns.isEmpty() ? Operands.NONE : new Operands(packetIns.toArray(new PacketInContext[0])),
                new Credits(Arrays.copyOf(entries, entryCount), Arrays.copyOf(tableIds, tableCount), source),
                view.generation(),
                true);
    }

    private void visitFrom(int first) {
        int table = first;
        while (table != Instructions.NO_TABLE) {
            if (tableCount == MAX_LOOKUPS) {
                giveUp();
                return;
            }
            FlowEntry entry = lookup(table);
            if (entry == null) {
                suppressed(DropReason.TABLE_MISS);
                // A resubmit that finds nothing does nothing; a packet that finds nothing is dropped.
                isStopped |= depth == 0;
                return;
            }
            table = follow(entry);
        }
    }

    private FlowEntry lookup(int table) {
        FlowEntry entry = key.lookup(view.tables().table(table), view.version(), observer != null);
        if (tableCount == tableIds.length) {
            tableIds = Arrays.copyOf(tableIds, tableCount * 2);
        }
        tableIds[tableCount++] = table;
        if (entry != null) {
            if (entryCount == entries.length) {
                entries = Arrays.copyOf(entries, entryCount * 2);
            }
            entries[entryCount++] = entry;
        }
        if (observer != null) {
            observer.lookedUp(table, entry, key.words(), key.consulted());
        }
        return entry;
    }

    /** Does what a flow asks for; answers the table to go on with. */
    private int follow(FlowEntry entry) {
        Instructions instructions = entry.instructions();
        List<Action> apply = instructions.apply();
        for (int i = 0; i < apply.size() && !isStopped; i++) {
            execute(apply.get(i), entry, false);
        }
        if (isStopped) {
            return Instructions.NO_TABLE;
        }
        if (observer != null) {
            observer.followed();
        }
        if (instructions.clear() && actionSet != null) {
            actionSet.clear();
        }
        if (!instructions.write().isEmpty()) {
            if (actionSet == null) {
                actionSet = new ActionSet();
            }
            actionSet.write(instructions.write());
        }
        if (instructions.metadataMask() != 0) {
            key.overwrite(Field.METADATA, MaskedValue.masked(instructions.metadata(), instructions.metadataMask()));
        }
        return instructions.gotoTable();
    }

    private void executeActionSet() {
        if (observer != null) {
            observer.executesActionSet();
        }
        for (Action action : actionSet.inOrder()) {
            if (!isStopped) {
                execute(action, entries[entryCount - 1], true);
            }
        }
    }

    private void execute(Action action, FlowEntry entry, boolean inActionSet) {
        if (observer != null) {
            observer.begins(action, key.words());
        }
        String remark = switch (action) {
            case Action.Output(int port) -> output(port);
            case Action.OutputReserved(ReservedPort port) -> outputReserved(port);
            case Action.Controller controller -> {
                boolean isMiss = entry.isTableMiss() && !inActionSet;
                packetIn(controller, isMiss ? PacketInReason.NO_MATCH : PacketInReason.ACTION, entry);
                yield "";
            }
            case Action.SetField(Field field, MaskedValue value) -> setField(field, value);
            case Action.PushVlan(int tpid) -> pushVlan(tpid);
            case Action.PopVlan() -> popVlan();
            case Action.DecTtl() -> decTtl();
            case Action.Resubmit(int port, int table) -> "";
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
            case Action.Group _ -> throw notYet(action);
            case Action.Clone _ -> throw notYet(action);
            case Action.Learn _ -> throw notYet(action);
            case Action.FinTimeout _ -> throw notYet(action);
            case Action.Note _ -> throw notYet(action);
            case Action.Exit _ -> throw notYet(action);
            case Action.Sample _ -> throw notYet(action);
            case Action.CheckPacketLarger _ -> throw notYet(action);
            case Action.Conjunction _ -> throw notYet(action);
            case Action.Multipath _ -> throw notYet(action);
            case Action.Bundle _ -> throw notYet(action);
        };
        if (program.isTooLong()) {
            giveUp();
        } else if (action instanceof Action.Resubmit resubmit) {
            resubmit(resubmit, entry);
        }
        if (observer != null) {
            observer.ends(remark, key.words());
        }
    }

    private static IllegalStateException notYet(Action action) {
        return new IllegalStateException("a flow with " + action + " was let in");
    }

    private void packetIn(Action.Controller controller, PacketInReason usualReason, FlowEntry entry) {
        program.controller(controller.maxBytes(), packetIns.size());
        packetIns.add(new PacketInContext(
                controller.reason() == null ? usualReason : controller.reason(),
                entry.table(),
                entry.cookie(),
                controller.controllerId(),
                controller.userData(),
                Arrays.copyOfRange(key.words(), KeyLayout.RECEIVED_WORDS, KeyLayout.WORDS),
                inPort));
        if (observer != null) {
            observer.sends(Trace.Sent.CONTROLLER, key.words());
        }
    }

    private String output(int port) {
        if (port == inPort) {
            return suppressed(DropReason.OUTPUT_TO_INPUT);
        }
        return send(port);
    }

    private String outputReserved(ReservedPort port) {
        return switch (port) {
            case IN_PORT -> send(inPort);
            case LOCAL -> output(ReservedPort.LOCAL.number());
            case ALL -> sendToEach(view.ports().usable());
            case FLOOD -> sendToEach(view.ports().flooded());
            case NORMAL -> outputNormal();
        };
    }

    /** Does what a learning switch does: remembers the sender's port, and sends to the receiver's or, if unknown, to all. */
    private String outputNormal() {
        int vlan = (int) key.read(Field.VLAN_VID) & ~Match.VLAN_PRESENT;
        long sender = key.read(Field.ETH_SRC);
        long receiver = key.read(Field.ETH_DST);
        if (observer == null) {
            source = view.macs().learn(vlan, sender, inPort, view.clockNs().getAsLong());
        }
        if ((receiver & LINK_LOCAL_MASK) == LINK_LOCAL) {
            return suppressed(DropReason.FLOW_DROP);
        }
        LearnedAddress learned = MacTable.isGroup(receiver) ? null : view.macs().find(vlan, receiver);
        if (learned == null) {
            return sendToEach(view.ports().flooded());
        }
        String result = output(learned.port());
        return result.isEmpty() ? remark("to port ", learned.port()) : result;
    }

    private String sendToEach(int[] targets) {
        int sent = 0;
        for (int port : targets) {
            if (port != inPort) {
                emit(port);
                sent++;
            }
        }
        return sent == 0 ? suppressed(DropReason.NO_SUCH_PORT) : remark("ports: ", sent);
    }

    private String send(int port) {
        if (!view.ports().isUsable(port)) {
            return suppressed(DropReason.NO_SUCH_PORT);
        }
        emit(port);
        return "";
    }

    private void emit(int port) {
        program.output(port);
        if (observer != null) {
            observer.sends(port, key.words());
        }
    }

    private String setField(Field field, MaskedValue value) {
        if (!key.has(field.setPrerequisite())) {
            return remark("not done: the packet has no ", field.text());
        }
        // The PRESENT bit of a VLAN id is no bit of the frame.
        MaskedValue bits = field == Field.VLAN_VID
                ? MaskedValue.masked(value.low() & ~Match.VLAN_PRESENT, value.maskLow() & ~Match.VLAN_PRESENT)
                : value;
        key.overwrite(field, bits);
        if (field.word() < KeyLayout.RECEIVED_WORDS) {
            program.setField(field, bits);
        }
        return "";
    }

    private String pushVlan(int tpid) {
        // The new tag begins as a copy of the outer one (OpenFlow 1.3.5 §5.12.1), which becomes the inner one.
        program.pushVlan(tpid, key.pushTag() & ~Match.VLAN_PRESENT);
        return "";
    }

    private String popVlan() {
        if (!key.has(Prerequisite.VLAN)) {
            return "not done: the packet has no tag";
        }
        program.popVlan();
        key.popTag();
        return "";
    }

    private String decTtl() {
        if (!key.has(Prerequisite.IP)) {
            return "not done: the packet is not IP";
        }
        long ttl = key.read(Field.IP_TTL);
        if (ttl <= 1) {
            isStopped = true;
            return suppressed(DropReason.TTL_EXPIRED);
        }
        program.decTtl();
        key.overwrite(Field.IP_TTL, MaskedValue.exact(Field.IP_TTL, ttl - 1));
        return "";
    }

    private void resubmit(Action.Resubmit resubmit, FlowEntry entry) {
        if (depth == MAX_DEPTH) {
            giveUp();
            return;
        }
        depth++;
        if (resubmit.inPort() != 0) {
            key.overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, resubmit.inPort() & Field.IN_PORT.ones()));
        }
        visitFrom(resubmit.table() == Action.Resubmit.SAME_TABLE ? entry.table() : resubmit.table());
        if (resubmit.inPort() != 0) {
            key.overwrite(Field.IN_PORT, MaskedValue.exact(Field.IN_PORT, inPort & Field.IN_PORT.ones()));
        }
        depth--;
    }

    /** Ends a walk that is too long, and drops the packet: half of what was asked for would be nobody's wish. */
    private void giveUp() {
        isStopped = true;
        program.clear();
        dropReason = DropReason.WALK_TOO_LONG;
    }

    /** Remembers the first reason for sending nothing. */
    private String suppressed(DropReason reason) {
        if (dropReason == null || reason == DropReason.TTL_EXPIRED) {
            dropReason = reason;
        }
        return remark("not done: ", reason.label());
    }

    /** What came of an action, for whoever watches; nobody pays for it otherwise. */
    private String remark(String text, Object what) {
        return observer == null ? "" : text + what;
    }
}
